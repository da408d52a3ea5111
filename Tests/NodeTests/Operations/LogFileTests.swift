/// Log files that are moved away while they are written: no line is lost, none is there twice, none
/// is cut. The rotation is that of logrotate, by the file that is installed.
import Foundation
import Glibc
import TestKit
import Testing

@testable import Node

@Suite(.serialized) struct LogFileTests {
    private let bench: CommandBench

    init() throws { bench = try CommandBench() }

    @Test func `lines of many threads are whole and complete over many rotations`() throws {
        let path = bench.path("log")
        let file = try LogFile(path)
        let log = try logging(to: path)
        let writers = DispatchGroup()
        for writer in 0..<4 {
            writers.enter()
            Thread {
                for line in 0..<2_000 { log.write(.info, "line", ["number": "\(writer)-\(line)"]) }
                writers.leave()
            }.start()
        }
        var moved: [String] = []
        while writers.wait(timeout: .now() + .milliseconds(1)) == .timedOut {
            let old = bench.path("log.\(moved.count)")
            #expect(unsafe rename(path, old) == 0)
            try log.file?.reopen()
            moved.append(old)
        }
        _ = file
        let lines = try (moved + [path]).flatMap { path in
            try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        }
        #expect(lines.count == 8_000)
        #expect(Set(lines.compactMap { $0.split(separator: "=").last }).count == 8_000)
        #expect(lines.allSatisfy { $0.contains(" info line number=") })
    }

    private func logging(to path: String) throws -> Log {
        var source = ConfigurationSource()
        _ = try source.read(arguments: ["--log.file=\(path)"])
        return try Log(try NodeConfiguration(source))
    }

    @Test func `a file that cannot be opened is named`() throws {
        let error = #expect(throws: CommandFault.self) { _ = try LogFile("/nowhere/log") }
        #expect(error?.message.contains("/nowhere/log") == true)
        #expect(error?.exit == ExitCode.cannotWrite)
        let venue = try FaultVenue()
        let node = try venue.node("data", ["--log.file=/nowhere/log"])
        #expect(node.end() == ExitCode.cannotWrite)
        #expect(node.text.contains("/nowhere/log"))
    }

    @Test func `a file that goes away keeps the old one in use until it can be opened`() throws {
        let folder = bench.path("logs")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = try LogFile(folder + "/log")
        #expect(try bench.mode(of: "logs/log") & 0o137 == 0)
        #expect(unsafe rename(folder, bench.path("gone")) == 0)
        #expect(throws: CommandFault.self) { try file.reopen() }
        file.write("still here\n")
        #expect(try bench.text("gone/log") == "still here\n")
    }

    @Test func `logrotate moves the file of a node under load and no request is missing`() throws {
        let venue = try FaultVenue()
        let path = venue.bench.path("node.log")
        let node = try venue.node("data", ["--log.file=\(path)", "--log.level=debug"])
        let port = try #require(try waitForPort(path))
        let requests = 600
        let asking = DispatchGroup()
        asking.enter()
        Thread {
            for _ in 0..<requests { _ = Page.get("/api/v2/public/get_time", port) }
            asking.leave()
        }.start()
        try venue.bench.write("\(node.identifier)\n", to: "pid")
        let shipped = try #require(
            PackageFiles.text(of: PackageFiles.root + "/Operations/logrotate/rampart"))
        try venue.bench.write(
            shipped.replacing("/var/log/rampart/*.log", with: path)
                .replacing("su rampart rampart", with: "su root root")
                .replacing(
                    "systemctl kill --signal=HUP --kill-whom=main 'rampart*.service'",
                    with: "kill -HUP \(node.identifier)"), to: "rotate.conf")
        try venue.bench.setMode(0o644, of: "rotate.conf")
        var rotations = 0
        repeat {
            let run = try Shell.run(
                "/usr/sbin/logrotate", "--force", "--state", venue.bench.path("state"),
                venue.bench.path("rotate.conf"))
            #expect(run.exit == 0, "\(run.text)")
            rotations += 1
        } while rotations < 6
            && (asking.wait(timeout: .now() + .milliseconds(200)) == .timedOut || rotations < 2)
        asking.wait()
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        let names = try FileManager.default.contentsOfDirectory(atPath: venue.bench.folder)
            .filter { $0.hasPrefix("node.log") }
        #expect(names.count == rotations + 1, "\(names)")
        let text = try names.map { name in
            name.hasSuffix(".gz")
                ? try Shell.run("/bin/zcat", venue.bench.path(name)).text
                : try venue.bench.text(name)
        }.joined()
        let numbers = text.split(separator: "\n").filter { $0.contains(" request request=") }
            .compactMap { $0.firstMatch(of: /request=(\d+)/).flatMap { Int($0.1) } }
        #expect(numbers.sorted() == Array(1...requests))
    }

    @Test func `without a file and a terminal SIGHUP changes nothing`() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        node.signal(SIGHUP)
        try node.line("nothing to do at SIGHUP")
        #expect(Page.get("/health", port)?.hasPrefix("ok") == true)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
    }

    private func waitForPort(_ path: String) throws -> UInt16? {
        let deadline = Date(timeIntervalSinceNow: 120)
        while Date() < deadline {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            if let found = text.firstMatch(of: /serving address=127\.0\.0\.1:(\d+)\n/) {
                return UInt16(found.1)
            }
            usleep(20_000)
        }
        return nil
    }
}
