/// The frame around every answer and message, as Deribit's: JSON-RPC 2.0 with the times at which a
/// request came and left.

import FixedPoint
package import JSON

/// The name that a caller gave his request: a text, a number or nothing.
package enum RequestIdentifier: Equatable, Sendable {
    case none
    case number(JSON.Number)
    case text(String)

    /// Most bytes of a text.
    static let byteLimit = 256

    /// - Throws: -32600 where it is of another kind, or too long.
    init(_ value: JSON.Value?) throws(APIError) {
        switch value {
        case nil, .null: self = .none
        case .number(let number) where number.text.utf8.count <= RequestIdentifier.byteLimit:
            self = .number(number)
        case .string(let text) where text.utf8.count <= RequestIdentifier.byteLimit:
            self = .text(text)
        default: throw APIError(.invalidRequest, reason: "id must be a number or a short string")
        }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .none: writer.null()
        case .number(let number): writer.value(.number(number))
        case .text(let text): writer.string(text)
        }
    }
}

/// Who waits for an answer.
struct ReplyAddress: Sendable {
    let session: SessionIdentifier
    let transport: SessionTransport
    let request: RequestIdentifier
    let received: Timestamp
}

extension JSONWriter {
    /// Opens an answer; `endAnswer` closes it.
    mutating func beginAnswer(_ address: ReplyAddress) {
        beginObject()
        name("jsonrpc")
        string("2.0")
        if address.request != .none || address.transport == .webSocket {
            name("id")
            address.request.write(to: &self)
        }
    }

    mutating func endAnswer(_ address: ReplyAddress, now: Timestamp, isTestNetwork: Bool) {
        name("usIn")
        integer(address.received.microseconds)
        name("usOut")
        integer(now.microseconds)
        name("usDiff")
        integer(max(now.microseconds - address.received.microseconds, 0))
        name("testnet")
        boolean(isTestNetwork)
        endObject()
    }

    /// A message of a channel, with its number in the channel.
    package static func message(
        _ channel: String, sequence: UInt64, _ data: (inout JSONWriter) -> Void
    ) -> Frame {
        var writer = JSONWriter(capacity: JSONWriter.messageCapacity)
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("method")
        writer.string("subscription")
        writer.name("params")
        writer.beginObject()
        writer.name("channel")
        writer.string(channel)
        writer.name("sequence")
        writer.integer(sequence)
        writer.name("data")
        data(&writer)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// A message of the watch over a connection.
    static func heartbeat(_ type: String) -> Frame {
        var writer = JSONWriter(capacity: JSONWriter.messageCapacity)
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("method")
        writer.string("heartbeat")
        writer.name("params")
        writer.beginObject()
        writer.name("type")
        writer.string(type)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static let messageCapacity = 512
}
