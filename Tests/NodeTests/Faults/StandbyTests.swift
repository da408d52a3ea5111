/// A leader, a follower, and what becomes of acknowledged transactions when the leader dies.
import Foundation
import Glibc
import Ledger
import TestKit
import Testing
import Transport

@testable import Node

@Suite(.serialized) struct StandbyTests {
    /// A leader with a follower that has all it has.
    private func pair(
        _ venue: FaultVenue, isSynchronous: Bool
    ) throws -> (leader: NodeProcess, follower: NodeProcess, port: UInt16) {
        let leader = try venue.node(
            "leader",
            ["--follow.synchronous", isSynchronous ? "yes" : "no", "--block.idle-ms", "200"])
        let port = try leader.port()
        let follower = try venue.node("follower", ["--follow", "ws://127.0.0.1:\(port)"])
        try follower.line(" following ")
        try venue.open(on: port)
        return (leader, follower, port)
    }

    private func page(_ path: String, _ port: UInt16) throws -> HTTPAnswer {
        try HTTPClient.get(Endpoint(host: "127.0.0.1", port: port, path: path))
    }

    /// Has the follower lead and serve, then end; the chain that it leaves.
    private func takeOver(
        _ venue: FaultVenue, _ follower: NodeProcess, after client: LoadClient
    ) throws -> ChainCheck {
        follower.signal(SIGUSR2)
        let port = try follower.port()
        let again = client.acknowledgements.suffix(50).map(\.bytes)
        let late = try LoadClient(port: port, again + client.unanswered)
        late.wait(answers: again.count + client.unanswered.count)
        for (_, error) in late.refusals { #expect(error.contains("nonceUsed"), "\(error)") }
        #expect(late.acknowledgements.allSatisfy { !again.contains($0.bytes) })
        follower.signal(SIGTERM)
        #expect(follower.end() == ExitCode.done, "\(follower.text)")
        return try ChainCheck(venue.bench.path("follower"), venue.genesis)
    }

    @Test func aSynchronousFollowerTakesOverWithAllThatWasAcknowledged() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<killRounds(3) {
            let venue = try FaultVenue()
            let (leader, follower, port) = try pair(venue, isSynchronous: true)
            let client = try LoadClient(port: port, try venue.transactions(3_000))
            client.wait(answers: Int.random(in: 1...1_500, using: &generator))
            leader.signal(SIGKILL)
            leader.end()
            client.waitForEnd()
            #expect(client.refusals.isEmpty)
            let chain = try takeOver(venue, follower, after: client)
            for (bytes, what) in client.acknowledgements {
                let fault = chain.fault(what, of: bytes)
                #expect(fault == nil, "\(fault ?? "")")
            }
            #expect(chain.repeated == 0)
            #expect(client.unanswered.allSatisfy(chain.hasOnce))
        }
    }

    @Test func aLeaderThatWaitsTellsNobodyOfABlockThatItsFollowerLacks() throws {
        let venue = try FaultVenue()
        let (leader, follower, port) = try pair(venue, isSynchronous: true)
        follower.signal(SIGSTOP)
        let client = try LoadClient(port: port, try venue.transactions(5))
        // The block with them is on the leader's disk when it is not ready for want of a follower.
        while try page("/ready", port).status == 200 { usleep(20_000) }
        #expect(client.acknowledgements.isEmpty && client.refusals.isEmpty)
        #expect(try page("/health", port).status == 200)
        follower.signal(SIGCONT)
        client.wait(answers: 5)
        #expect(client.acknowledgements.count == 5)
        leader.signal(SIGTERM)
        #expect(leader.end() == ExitCode.done)
        follower.signal(SIGTERM)
        #expect(follower.end() == ExitCode.done)
    }

    @Test func aLeaderThatDoesNotWaitMayLoseWhatItsFollowerLacks() throws {
        // The harm that `follow.synchronous` is against.
        let venue = try FaultVenue()
        let (leader, follower, port) = try pair(venue, isSynchronous: false)
        follower.signal(SIGSTOP)
        let client = try LoadClient(port: port, try venue.transactions(20))
        client.wait(answers: 20)
        leader.signal(SIGKILL)
        leader.end()
        client.waitForEnd()
        let acknowledged = client.acknowledgements
        #expect(acknowledged.count == 20)
        // What the kernel still holds for it is all that it can get.
        follower.signal(SIGKILL)
        follower.end()
        let chain = try ChainCheck(venue.bench.path("follower"), venue.genesis)
        #expect(acknowledged.contains { chain.fault($0.what, of: $0.bytes) != nil })
    }

    @Test func aDeposedLeaderStopsWhenItMeetsTheHigherTerm() throws {
        let venue = try FaultVenue()
        let (leader, follower, port) = try pair(venue, isSynchronous: false)
        follower.signal(SIGTERM)
        #expect(follower.end() == ExitCode.done)
        let taken = try NodeProcess([
            "takeover", "--config", venue.bench.path("venue/rampart.conf"),
            "--data.directory", venue.bench.path("follower"),
        ])
        #expect(taken.end() == ExitCode.done)
        #expect(taken.text.contains("term=1"), "\(taken.text)")
        let again = try venue.node("follower", ["--follow", "ws://127.0.0.1:\(port)"])
        #expect(leader.end() == ExitCode.unavailable)
        #expect(leader.text.contains("another node leads"), "\(leader.text)")
        #expect(leader.text.contains("follower of the one that leads"), "\(leader.text)")
        again.signal(SIGTERM)
        #expect(again.end() == ExitCode.done)
    }

    @Test func aFollowerAnswersForItsHealthAndForNothingElse() throws {
        let venue = try FaultVenue()
        let (leader, follower, _) = try pair(venue, isSynchronous: false)
        let port = try follower.port(" standing by ")
        #expect(try page("/health", port).status == 200)
        let ready = try page("/ready", port)
        #expect(ready.status == 200)
        #expect(String(decoding: ready.body, as: UTF8.self).contains("following"))
        let metrics = String(decoding: try page("/metrics", port).body, as: UTF8.self)
        #expect(metrics.contains("rampart_following 1.0"))
        #expect(try page("/api/v2/public/test", port).status == 503)
        leader.signal(SIGTERM)
        #expect(leader.end() == ExitCode.done)
        // It stays, without its leader, until it is told what to do.
        try follower.line("no link to the leader")
        follower.signal(SIGTERM)
        #expect(follower.end() == ExitCode.done)
    }

    @Test func whoDoesNotHaveTheSecretIsNoFollower() throws {
        let venue = try FaultVenue()
        let leader = try venue.node("leader")
        let port = try leader.port()
        try venue.bench.write(String(repeating: "6", count: 64), to: "other")
        try venue.bench.setMode(0o600, of: "other")
        let stranger = try venue.node(
            "follower",
            [
                "--follow", "ws://127.0.0.1:\(port)", "--follow.token-file",
                venue.bench.path("other"),
            ])
        try stranger.line("the secrets differ")
        try leader.line("its secret is not ours")
        #expect(!leader.text.contains("follower connected"))
        for node in [leader, stranger] {
            #expect(!node.text.contains("5555") && !node.text.contains("6666"))
            node.signal(SIGTERM)
            #expect(node.end() == ExitCode.done)
        }
    }
}
