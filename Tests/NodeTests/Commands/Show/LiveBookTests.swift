/// A live book on a terminal of its own, against a node in a process of its own: it draws in place,
/// follows, ends by a key or a signal, and leaves the terminal as it was.
import Foundation
import Glibc
import Testing

@testable import Node

private let market = "BTC_USDC-PERPETUAL"

/// A pseudo-terminal with a program on it.
private final class TerminalRun {
    let process = Process()
    private let host: Int32
    private let guest: Int32
    private let before: termios
    private(set) var seen = ""

    init(_ arguments: [String], node port: UInt16, columns: UInt16) throws {
        var (host, guest): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 20, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(unsafe openpty(&host, &guest, nil, nil, &size) == 0)
        var flags = termios()
        _ = unsafe tcgetattr(guest, &flags)
        before = flags
        self.host = host
        self.guest = guest
        process.executableURL = URL(fileURLWithPath: try NodeProcess.program())
        process.arguments = arguments
        process.environment = [
            "TERM": "xterm", "RAMPART_NODE": "http://127.0.0.1:\(port)", "PATH": "/usr/bin:/bin",
        ]
        let handle = FileHandle(fileDescriptor: guest)
        process.standardInput = handle
        process.standardOutput = handle
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        close(host)
        close(guest)
    }

    /// Reads until the screen has shown some words.
    func wait(for words: String) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while !seen.contains(words) {
            guard Date() < deadline else {
                throw ProcessFault(description: "'\(words)' is not in \(seen.debugDescription)")
            }
            read(within: 200)
        }
    }

    private func read(within milliseconds: Int32) {
        var descriptor = pollfd(fd: host, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&descriptor, 1, milliseconds) > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe Glibc.read(host, &bytes, bytes.count)
        if count > 0 { seen += String(decoding: bytes.prefix(count), as: UTF8.self) }
    }

    func type(_ key: UInt8) { _ = unsafe write(host, [key], 1) }

    /// Waits for the end; the exit code.
    func end() -> Int32 {
        while process.isRunning { read(within: 50) }
        read(within: 50)
        return process.terminationReason == .exit
            ? process.terminationStatus : -process.terminationStatus
    }

    /// Whether the terminal has the flags that it had before.
    var isRestored: Bool {
        var now = termios()
        _ = unsafe tcgetattr(guest, &now)
        return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag
    }
}

/// A venue whose node and publisher run in processes of their own.
private struct LiveVenue {
    let venue: FaultVenue
    let node: NodeProcess
    /// Prices go stale within seconds, and a market without them halts.
    let publisher: NodeProcess
    let port: UInt16

    func stop() {
        publisher.signal(SIGKILL)
        node.signal(SIGTERM)
        node.end()
    }
}

@Suite(.serialized) struct LiveBookTests {
    /// A venue with a node, and an order in its book.
    private func venue() throws -> LiveVenue {
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        try venue.open(on: port)
        let publisher = try NodeProcess([
            "publish", "--key", venue.bench.path("venue/keys/publisher-1.key"), "--genesis",
            venue.bench.path("venue/genesis.json"), "--node", "http://127.0.0.1:\(port)",
            "--every", "1", "BTC=97000", "ETH=3400",
        ])
        try order(venue, "96500")
        return LiveVenue(venue: venue, node: node, publisher: publisher, port: port)
    }

    private func order(_ venue: FaultVenue, _ price: String) throws {
        venue.bench.now = CommandContext.clock()
        let run = venue.bench.run(
            "order", "buy", market, "0.1", price, "--account", "0", "--key",
            venue.bench.path("owner.key"))
        #expect(run.exit == ExitCode.done, "\(run.notes)")
    }

    @Test func aLiveBookFollowsAndPutsTheTerminalBack() throws {
        let live = try venue()
        let (venue, port) = (live.venue, live.port)
        for (columns, key) in [(UInt16(60), UInt8(ascii: "q")), (100, 3)] {
            let run = try TerminalRun(["book", market, "--live"], node: port, columns: columns)
            try run.wait(for: "96500")
            try run.wait(for: "q ends")
            #expect(run.seen.contains("\u{1b}[?1049h"))
            #expect(!run.isRestored)
            try order(venue, columns == 60 ? "96600" : "96700")
            try run.wait(for: columns == 60 ? "96600" : "96700")
            run.type(key)
            #expect(run.end() == ExitCode.done)
            #expect(run.seen.contains("\u{1b}[?25h\u{1b}[?1049l"))
            #expect(run.isRestored)
        }
        let stopped = try TerminalRun(["book", market, "--live"], node: port, columns: 80)
        try stopped.wait(for: "q ends")
        kill(stopped.process.processIdentifier, SIGTERM)
        #expect(stopped.end() == ExitCode.done)
        #expect(stopped.isRestored && stopped.seen.contains("\u{1b}[?1049l"))
        // The node goes away, and the book says so until it is ended.
        let left = try TerminalRun(["book", market, "--live"], node: port, columns: 80)
        try left.wait(for: "q ends")
        live.stop()
        try left.wait(for: "no connection")
        left.type(UInt8(ascii: "q"))
        #expect(left.end() == ExitCode.done)
    }

    @Test func aPipeGetsPlainLines() throws {
        let live = try venue()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try NodeProcess.program())
        process.arguments = ["book", market, "--live", "--node", "http://127.0.0.1:\(live.port)"]
        process.environment = ["TERM": "xterm"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var text = ""
        while !text.contains("96500") {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == ExitCode.done)
        #expect(text.hasPrefix(market) && text.contains("0.1  96500"))
        #expect(!text.contains("\u{1b}"))
        live.stop()
    }
}
