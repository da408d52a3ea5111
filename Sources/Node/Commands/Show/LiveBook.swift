/// A live book on the terminal, or as lines into a pipe: one thread listens to the node, one waits
/// for the signals that end it, and this one draws and reads keys. Whatever ends it, the terminal
/// is as it was.

import Foundation
import Glibc
import JSON
import Synchronization
import Transport

/// Shows a book until it is ended.
final class LiveBook: Sendable {
    /// What the threads share.
    private struct Shared {
        var follower: BookFollower?
        var client: WebSocketClient?
        var isOver = false
    }

    private let shared = Mutex(Shared())
    private let ladder: BookLadder
    private let depth: Int
    private let isJSON: Bool
    private let screen: @Sendable () -> Screen

    /// Between two looks for something new, in milliseconds; the node speaks every 100.
    private static let pace: Int32 = 50
    /// Before connecting again, in microseconds.
    private static let pause: UInt32 = 500_000
    private static let path = "/ws/api/v2"

    init(_ ladder: BookLadder, depth: Int, isJSON: Bool, _ context: CommandContext) {
        self.ladder = ladder
        self.depth = depth
        self.isJSON = isJSON
        let environment = context.environment
        screen = { Screen.current(environment) }
    }

    /// Returns when the user has ended it.
    ///
    /// - Throws: `CommandFault` where the node refuses the channels.
    func run(over node: RemoteNode) throws(CommandFault) -> Int32 {
        let first = ladder
        try shared.withLock { shared throws(CommandFault) in
            shared.follower = try BookFollower(first)
        }
        var endpoint = node.endpoint
        endpoint.path = LiveBook.path
        let place = endpoint
        Thread.detachNewThread { self.listen(to: place) }
        Thread.detachNewThread {
            StopSignals.wait()
            self.end()
        }
        if screen().isTerminal, !isJSON {
            let terminal = RawTerminal()
            defer { terminal?.restore() }
            draw(on: terminal)
        } else {
            write()
        }
        end()
        if let refusal = shared.withLock({ $0.follower?.refusal }) {
            throw CommandFault(refusal, exit: ExitCode.refused)
        }
        return ExitCode.done
    }

    private func end() {
        let client = shared.withLock { shared in
            shared.isOver = true
            return shared.client
        }
        client?.abandon()
    }

    private var isOver: Bool {
        shared.withLock { $0.isOver || $0.follower?.refusal != nil }
    }

    /// Connects, and again after every loss.
    private func listen(to endpoint: Endpoint) {
        while !isOver {
            do throws(TransportFault) {
                let client = try WebSocketClient(endpoint) { event in self.hear(event) }
                shared.withLock { $0.client = client }
                client.run()
            } catch {
                shared.withLock { $0.follower?.lost("\(error)") }
            }
            usleep(LiveBook.pause)
        }
    }

    private func hear(_ event: WebSocketClient.Event) {
        shared.withLock { shared in
            switch event {
            case .opened:
                shared.follower?.opened()
                if let request = shared.follower?.subscription {
                    shared.client?.send(request, isText: true)
                }
            case .received(let message, _): shared.follower?.take(message)
            case .closed(_, let reason): shared.follower?.lost(reason)
            }
        }
    }

    /// The ladder if it has changed, and what is wrong.
    private func news() -> (ladder: BookLadder, trouble: String?)? {
        shared.withLock { shared in
            guard shared.follower?.needsDrawing() == true, let follower = shared.follower else {
                return nil
            }
            return (follower.ladder, follower.trouble)
        }
    }

    /// On a terminal: in place, until a key ends it.
    private func draw(on terminal: RawTerminal?) {
        var last: Screen?
        while !isOver {
            let now = screen()
            if let news = news() ?? (last == now ? nil : current()) {
                let rows = min(depth, max(1, now.rows - 4))
                var lines = news.ladder.lines(on: now, rows: rows)
                lines.append("")
                lines.append(
                    now.painted(news.trouble ?? "q ends", news.trouble == nil ? .quiet : .bad))
                terminal?.show(lines)
                last = now
            }
            guard let terminal else {
                usleep(UInt32(LiveBook.pace) * 1_000)
                continue
            }
            if terminal.isEnded(within: LiveBook.pace) { return }
        }
    }

    private func current() -> (ladder: BookLadder, trouble: String?)? {
        shared.withLock { shared in shared.follower.map { ($0.ladder, $0.trouble) } }
    }

    /// Into a pipe: a ladder for every change, and troubles to standard error.
    private func write() {
        var last: String?
        while !isOver {
            if let news = news() {
                if let trouble = news.trouble {
                    CommandContext.toStandardError(trouble + "\n")
                } else {
                    let text = text(of: news.ladder)
                    if text != last, !LiveBook.put(text) { return }
                    last = text
                }
            }
            usleep(UInt32(LiveBook.pace) * 1_000)
        }
    }

    private func text(of ladder: BookLadder) -> String {
        guard isJSON else {
            let lines = ladder.lines(on: screen(), rows: depth)
            return lines.map { $0 + "\n" }.joined() + "\n"
        }
        var shown = ladder
        shown.bids = Array(ladder.bids.prefix(depth))
        shown.asks = Array(ladder.asks.prefix(depth))
        return shown.json.compactText + "\n"
    }

    /// - Returns: false where nobody reads any more.
    private static func put(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    STDOUT_FILENO, raw.baseAddress?.advanced(by: done), raw.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
