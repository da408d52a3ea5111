/// What a live book hears and makes of it, without sockets or terminals: messages in, a ladder and
/// whether it has changed out.

import JSON

/// One market as its channels tell it.
struct BookFollower {
    private(set) var ladder: BookLadder
    /// Whether something has changed since the last look.
    private(set) var isChanged = true
    /// Why nothing comes; nil while all is well.
    private(set) var trouble: String?
    /// What ends it: the node does not know the channel.
    private(set) var refusal: String?

    private let parser: JSONParser

    init(_ ladder: BookLadder) throws(CommandFault) {
        self.ladder = ladder
        do throws(JSONFault) {
            parser = try JSONParser()
        } catch {
            throw CommandFault("no memory to read messages", exit: ExitCode.unavailable)
        }
    }

    private var bookChannel: String { "book.\(ladder.name).none.20.100ms" }
    private var tickerChannel: String { "ticker.\(ladder.name).100ms" }

    /// What is sent once the connection stands.
    var subscription: [UInt8] {
        RemoteNode.request(
            "public/subscribe",
            [
                JSON.Member(
                    "channels", .array([.string(bookChannel), .string(tickerChannel)]))
            ])
    }

    /// The connection stands.
    mutating func opened() {
        trouble = nil
        isChanged = true
    }

    /// The connection is lost.
    mutating func lost(_ reason: String) {
        trouble = "no connection (\(reason.isEmpty ? "closed" : reason)); trying again".printable
        isChanged = true
    }

    /// Takes a message; what is none of ours is passed over.
    mutating func take(_ message: [UInt8]) {
        let value: JSON.Value
        do throws(JSONFault) {
            value = try parser.parse(message)
        } catch {
            trouble = "the node sends what is no JSON"
            isChanged = true
            return
        }
        if let error = value["error"] {
            refusal = RemoteNode.text(
                "public/subscribe", code: error["code"]?.number?.text ?? "",
                message: error["message"]?.text ?? "", data: error["data"])
            return
        }
        guard let channel = value["params"]?["channel"]?.text, let data = value["params"]?["data"]
        else { return }
        var next = ladder
        if channel == bookChannel {
            guard next.take(book: data) else {
                trouble = "the node sends a book that cannot be understood"
                isChanged = true
                return
            }
            trouble = nil
        } else if channel == tickerChannel {
            next.take(ticker: data)
        }
        if next != ladder { isChanged = true }
        ladder = next
    }

    /// Whether to draw again; asking forgets it.
    mutating func needsDrawing() -> Bool {
        defer { isChanged = false }
        return isChanged
    }
}
