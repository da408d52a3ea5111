// Where the shared vectors are. They lie outside the package, in the folder that RAMPART_SHARED
// names or, without it, in `../shared` beside the package root. A machine without that folder skips
// the tests that need it, by name and reason; with the folder, a missing file is a failure.
import Foundation
import Testing

enum SharedFiles {
    static let root: URL = {
        if let named = ProcessInfo.processInfo.environment["RAMPART_SHARED"] {
            return URL(fileURLWithPath: named)
        }
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        return package.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    static var areHere: Bool {
        FileManager.default.fileExists(atPath: root.path)
    }

    static func data(_ path: String) throws -> Data {
        try Data(contentsOf: root.appendingPathComponent(path))
    }

    static func json<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
        try JSONDecoder().decode(type, from: data(path))
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the shared vectors are.
    static var sharedFiles: Self {
        .enabled(if: SharedFiles.areHere, "needs the shared vectors: set RAMPART_SHARED")
    }
}
