/// What a supervisor hears, on a real socket: of a node in this process, and of the program.
import Foundation
import Glibc
import Testing

@testable import Node

@Suite(.serialized) struct SupervisorTests {
    private let bench: CommandBench

    init() throws { bench = try CommandBench() }

    private func texts(_ socket: LocalSocket, _ count: Int) -> [String] {
        (0..<count).map { _ in String(decoding: socket.receive() ?? [], as: UTF8.self) }
    }

    @Test(arguments: [false, true])
    func `ready, progress and the end are told`(isAbstract: Bool) throws {
        let path = isAbstract ? "@rampart-\(UUID().uuidString)" : bench.path("notify")
        let listener = try #require(LocalSocket.listen(at: path, .datagram))
        let supervisor = Supervisor(environment: ["NOTIFY_SOCKET": path])
        supervisor.starting("replaying 5")
        supervisor.ready("serving on port 1")
        supervisor.beat()
        supervisor.stopping()
        let said = texts(listener, 3)
        #expect(
            said[0].hasPrefix("EXTEND_TIMEOUT_USEC=") && said[0].hasSuffix("STATUS=replaying 5"))
        #expect(said[1] == "READY=1\nSTATUS=serving on port 1")
        #expect(said[2].hasPrefix("STOPPING=1"), "without WATCHDOG_USEC there is no sign of life")
    }

    @Test func `signs of life come when they are wanted and no oftener`() throws {
        let path = bench.path("notify")
        let listener = try #require(LocalSocket.listen(at: path, .datagram))
        let supervisor = Supervisor(environment: [
            "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3600000000", "WATCHDOG_PID": "\(getpid())",
        ])
        for _ in 0..<50 { supervisor.beat() }
        supervisor.stopping()
        #expect(texts(listener, 2).map { $0.prefix(8) } == ["WATCHDOG", "STOPPING"])
    }

    @Test(arguments: ["0", "-1", "x", "18446744073709551615"])
    func `a watch of nobody, of another or of no length is none`(microseconds: String) throws {
        let path = bench.path("notify")
        let listener = try #require(LocalSocket.listen(at: path, .datagram))
        Supervisor(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": microseconds]).beat()
        Supervisor(environment: [
            "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1",
        ]).beat()
        let last = Supervisor(environment: ["NOTIFY_SOCKET": path])
        last.stopping()
        #expect(texts(listener, 1)[0].hasPrefix("STOPPING"))
    }

    @Test func `without a supervisor nothing happens`() {
        Supervisor(environment: [:]).ready("alone")
        Supervisor(environment: ["NOTIFY_SOCKET": "/nowhere/there"]).ready("alone")
        Supervisor(environment: ["NOTIFY_SOCKET": String(repeating: "x", count: 200)]).beat()
        Supervisor(environment: ["NOTIFY_SOCKET": ""]).stopping()
    }

    @Test func `the program tells when it serves, that it lives, and that it stops`() throws {
        let venue = try FaultVenue()
        let path = venue.bench.path("notify")
        let listener = try #require(LocalSocket.listen(at: path, .datagram))
        let node = try venue.node(
            environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"])
        let port = try node.port()
        var said = ""
        while !said.contains("WATCHDOG=1") || !said.contains("READY=1") {
            said += String(decoding: try #require(listener.receive()), as: UTF8.self) + "\n"
        }
        #expect(said.contains("READY=1\nSTATUS=serving on port \(port)"))
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        while !said.contains("STOPPING=1") {
            said += String(decoding: try #require(listener.receive()), as: UTF8.self)
        }
    }
}
