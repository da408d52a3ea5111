/// Files that users write, as they are read: the bytes under the path that messages name, and what
/// is wrong with them.

/// A genesis file as read, not yet understood.
package struct GenesisFile: Equatable, Sendable {
    /// The path as the user gave it, for messages.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Why a file is refused: the file, the line if there is one, and the reason.
package struct InputFault: Error, Equatable, CustomStringConvertible {
    package let file: String
    /// From 1; nil when the fault is in the whole file.
    package let line: Int?
    package let reason: String

    package init(file: String, line: Int?, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    package var description: String {
        line.map { "\(file): line \($0): \(reason)" } ?? "\(file): \(reason)"
    }
}
