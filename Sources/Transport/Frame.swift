/// One WebSocket message in the form in which a server puts it on the wire (RFC 6455, 5.2): made
/// once, shared by all who receive it. A server does not mask, so the bytes are the same for
/// everyone.

/// A message, ready to be sent to any number of connections from any thread.
package struct Frame: Sendable {
    /// Header and payload.
    let wire: [UInt8]

    /// Lengths below this one stand in the second byte.
    private static let shortLengths = 126
    /// Lengths below this one stand in two more bytes, others in eight.
    private static let mediumLengths = 1 << 16
    private static let lastFragment: UInt8 = 0x80

    enum Operation: UInt8 {
        case text = 0x1
        case binary = 0x2
        case ping = 0x9
    }

    /// A text message. `text` must be UTF-8, or clients will close the connection.
    package init(text: [UInt8]) {
        self.init(.text, payload: text)
    }

    /// A binary message.
    package init(binary: [UInt8]) {
        self.init(.binary, payload: binary)
    }

    init(_ operation: Operation, payload: [UInt8]) {
        var wire: [UInt8] = []
        wire.reserveCapacity(payload.count + Frame.mostHeaderBytes)
        wire.append(Frame.lastFragment | operation.rawValue)
        let count = payload.count
        if count < Frame.shortLengths {
            wire.append(UInt8(count))
        } else if count < Frame.mediumLengths {
            wire.append(UInt8(Frame.shortLengths))
            Frame.append(count, bytes: 2, to: &wire)
        } else {
            wire.append(UInt8(Frame.shortLengths + 1))
            Frame.append(count, bytes: 8, to: &wire)
        }
        wire.append(contentsOf: payload)
        self.wire = wire
    }

    /// Two bytes and eight of length.
    static let mostHeaderBytes = 10

    private static func append(_ value: Int, bytes: Int, to wire: inout [UInt8]) {
        for index in (0..<bytes).reversed() {
            wire.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
        }
    }
}
