/// The yardstick of fan-out: the same server, in a process of its own, with nothing behind it. It
/// sends frames like those of a book to everybody who is connected, as fast as it can.

import Foundation
import Transport

/// Sends frames once all subscribers are there.
final class BareFeed: ServerDelegate {
    static let flag = "--bare-feed"
    /// About what a change of one level of a book takes.
    private static let padding = String(repeating: "x", count: 160)

    private let subscribers: Int
    private var connections: [ConnectionIdentifier] = []
    private var sequence = 0
    private weak var server: Server?

    private init(subscribers: Int) { self.subscribers = subscribers }

    /// Serves until it is killed.
    static func run(_ arguments: [String]) -> Never {
        let feed = BareFeed(subscribers: arguments.first.flatMap { Int($0) } ?? 1)
        var configuration = ServerConfiguration()
        configuration.limits.queuedBytes = 64 << 20
        do {
            let server = try Server(configuration, delegate: feed)
            feed.server = server
            FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
            server.run()
        } catch {
            FileHandle.standardError.write(Data("bare feed: \(error)\n".utf8))
            exit(1)
        }
        exit(0)
    }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {
        connections.append(connection)
        if connections.count == subscribers { server?.wake() }
    }

    func closed(_ connection: ConnectionIdentifier) { connections.removeAll { $0 == connection } }

    func woken() {
        guard let server, connections.count == subscribers else { return }
        let text =
            "{\"prev_change_id\":\(sequence),\"change_id\":\(sequence + 1),\"\(BareFeed.padding)\"}"
        sequence += 1
        let frame = Frame(text: Array(text.utf8))
        for connection in connections { server.send(frame, to: connection) }
        server.wake()
    }

    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {}
    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier) {}

    /// Ends with the process that measures.
    func tick() { if getppid() == 1 { exit(0) } }
}

/// The process that it runs in.
final class BareFeedProcess {
    private let process = Process()
    let port: UInt16

    init(subscribers: Int) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [BareFeed.flag, "\(subscribers)"]
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = UInt16(line.trimmingCharacters(in: .newlines)) else {
            process.terminate()
            throw NodeProcessFault(reason: "the bare feed did not start")
        }
        self.port = port
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
