/// Back-ups rehearsed: taken of a node under load, brought back after the node and its folder are
/// gone, and refused by name where a byte of them has changed.
import Foundation
import Glibc
import Ledger
import Replication
import Testing

@testable import Node

@Suite(.serialized) struct BackupTests {
    /// The back-ups below a folder of the venue, the oldest first.
    func backups(_ venue: FaultVenue, _ name: String = "backups") -> [String] {
        BackupFolder(path: venue.bench.path(name)).names.map {
            venue.bench.path("\(name)/\($0)")
        }
    }

    /// Whether something comes true within a minute: the node clears up behind its answer.
    private func waits(for isTrue: () -> Bool) -> Bool {
        for _ in 0..<1_200 {
            if isTrue() { return true }
            usleep(50_000)
        }
        return isTrue()
    }

    func command(_ venue: FaultVenue, _ words: String...) -> CommandRun {
        venue.bench.now = CommandContext.clock()
        return venue.bench.run(
            words + [
                "--config", venue.bench.path("venue/rampart.conf"), "--data.directory",
                venue.bench.path("data"),
            ])
    }

    @Test
    func `a back-up under load has every receipt up to its block and the node goes on from it`()
        throws
    {
        let venue = try FaultVenue()
        let node = try venue.node("data", ["--store.leaves-every", "20"])
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(1_200))
        client.wait(answers: 150)
        let made = command(venue, "backup", venue.bench.path("backups"))
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        client.wait(answers: 700)
        #expect(waits { !FileAccess.exists(venue.bench.path("data/copy")) })
        node.signal(SIGKILL)
        #expect(node.end() == -SIGKILL)
        client.waitForEnd()
        let told = client.acknowledgements
        try FileManager.default.removeItem(atPath: venue.bench.path("data"))

        let backup = try #require(backups(venue).last)
        let height = try BackupFacts(of: backup).tip.height
        let restored = command(venue, "restore", backup)
        #expect(restored.exit == ExitCode.done, "\(restored.notes)")
        let again = try venue.node("data", ["--store.leaves-every", "20"])
        let newPort = try again.port()
        try venue.publish(to: newPort)
        let later = try LoadClient(port: newPort, try venue.transactions(50))
        later.wait(answers: 50)
        again.signal(SIGTERM)
        #expect(again.end() == ExitCode.done, "\(again.text)")

        let chain = try ChainCheck(venue.bench.path("data"), venue.genesis)
        let kept = told.filter { $0.what.height <= height }
        #expect(kept.count > 100 && kept.count < told.count)
        for (bytes, what) in kept {
            let fault = chain.fault(what, of: bytes)
            #expect(fault == nil, "\(fault ?? "")")
        }
        let fresh = later.acknowledgements
        #expect(fresh.count == 50 && chain.height > height)
        #expect(fresh.allSatisfy { chain.fault($0.what, of: $0.bytes) == nil })
    }

    @Test func `a back-up is made of a node that stands still and the oldest go`() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        try venue.open(on: try node.port())
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        for round in 0..<3 {
            let made = command(venue, "backup", venue.bench.path("backups"), "--keep", "2")
            #expect(made.exit == ExitCode.done, "round \(round): \(made.notes)")
            usleep(1_100_000)
        }
        #expect(backups(venue).count == 2)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: try #require(backups(venue).last))
        #expect(names.sorted() == ["SHA256SUMS", "backup.json", "genesis.json", "store"])
        expectRefusal(
            command(venue, "restore", try #require(backups(venue).last)), ExitCode.cannotWrite,
            "is not empty", "move it away")
        expectRefusal(
            command(venue, "restore", venue.bench.path("backups")), ExitCode.usage, "newest")
        expectRefusal(
            command(venue, "backup"), ExitCode.usage, "backup.directory")
    }

    @Test func `what is damaged or of another chain is refused by name`() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        try venue.open(on: try node.port())
        let made = command(venue, "backup", venue.bench.path("backups"))
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        node.signal(SIGTERM)
        node.end()
        let backup = try #require(backups(venue).last)
        #expect(command(venue, "restore", backup, "--check").exit == ExitCode.done)
        try FileManager.default.removeItem(atPath: venue.bench.path("data"))
        for name in try FileSums.files(in: backup) {
            let path = "\(backup)/\(name)"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            var changed = bytes.isEmpty ? Data([7]) : bytes
            if !bytes.isEmpty { changed[changed.count / 2] ^= 1 }
            try changed.write(to: URL(fileURLWithPath: path))
            let run = command(venue, "restore", backup)
            #expect(run.exit == ExitCode.badInput, "\(name): \(run.notes)")
            #expect(run.notes.contains(name == "SHA256SUMS" ? backup : path), "\(run.notes)")
            #expect(!FileAccess.exists(venue.bench.path("data")))
            try FileManager.default.removeItem(atPath: path)
            #expect(command(venue, "restore", backup).exit != ExitCode.done, "without \(name)")
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        try Data([1]).write(to: URL(fileURLWithPath: "\(backup)/store/blocks/000999.sst"))
        expectRefusal(
            command(venue, "restore", backup), ExitCode.badInput, "000999.sst", "does not belong")
        try FileManager.default.removeItem(atPath: "\(backup)/store/blocks/000999.sst")

        let other = try FaultVenue()
        expectRefusal(
            command(other, "restore", backup), ExitCode.badInput, "is of chain", "genesis.json")
        #expect(command(venue, "restore", backup).exit == ExitCode.done)
    }

    @Test func `a follower makes back-ups too`() throws {
        let venue = try FaultVenue()
        let leader = try venue.node("leader")
        let port = try leader.port()
        try venue.open(on: port)
        let follower = try venue.node("data", ["--follow", "ws://127.0.0.1:\(port)"])
        try follower.line("following")
        let made = command(venue, "backup", venue.bench.path("backups"))
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        leader.signal(SIGTERM)
        leader.end()
        follower.signal(SIGTERM)
        follower.end()
    }

    @Test func `the door knows one word and lets nobody else in`() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        _ = try node.port()
        let path = OperatorTalk.socket(venue.bench.path("data"))
        #expect(try venue.bench.mode(of: "data/OPERATOR") == 0o600)
        let socket = try #require(LocalSocket.connect(path, .stream))
        socket.send("open the vault\n")
        #expect(socket.line()?.hasPrefix("failed") == true)
        let long = try #require(LocalSocket.connect(path, .stream))
        long.send(String(repeating: "x", count: 20_000))
        #expect(long.line() == nil)
        let made = command(venue, "backup", venue.bench.path("backups"))
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        #expect(!FileAccess.exists(path))
    }
}

extension BackupTests {
    @Test func `the doctor and the figures of the node know the newest back-up`() throws {
        let venue = try FaultVenue()
        let folder = venue.bench.path("backups")
        let node = try venue.node("data", ["--backup.directory", folder])
        let port = try node.port()
        try venue.open(on: port)
        venue.bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:0"
        venue.bench.environment["RAMPART_BACKUP_DIRECTORY"] = folder
        func finding() -> String {
            let run = venue.bench.run("doctor", "--config", venue.bench.path("venue/rampart.conf"))
            return run.output.split(separator: "\n").first { $0.contains(" back-ups ") }
                .map(String.init) ?? run.output
        }
        #expect(finding().hasPrefix("warning") && finding().contains("there is none"))
        #expect(Page.get("/metrics", port)?.contains("rampart_backup_time_seconds 0.0\n") == true)
        let made = command(venue, "backup")
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        #expect(finding().hasPrefix("ok"), "\(finding())")
        let figures = NodeFigures(Page.get("/metrics", port) ?? "")
        #expect(figures["rampart_backup_height"] ?? 0 > 0)
        let day: UInt64 = 86_400_000_000_000
        venue.bench.now = CommandContext.clock() + day + day / 12
        #expect(finding().hasPrefix("warning") && finding().contains("26 hours old"))
        try Data("{".utf8).write(
            to: URL(fileURLWithPath: "\(try #require(backups(venue).last))/backup.json"))
        #expect(finding().hasPrefix("problem") && finding().contains("damaged"))
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
    }
}
