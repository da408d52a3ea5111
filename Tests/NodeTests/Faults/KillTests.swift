/// A node that is killed under load, again and again: nothing that was acknowledged is lost,
/// nothing runs twice, and the chain is what an uninterrupted replay makes of it.
import Foundation
import Glibc
import Ledger
import TestKit
import Testing

@testable import Node

@Suite(.serialized) struct KillTests {
    @Test func whatWasAcknowledgedSurvivesAnyKillAndNothingRunsTwice() throws {
        let venue = try FaultVenue()
        var generator = SeededGenerator(seed: 2)
        var node = try venue.node("data", ["--store.leaves-every", "20"])
        try venue.open(on: try node.port())
        var told: [(bytes: [UInt8], what: Acknowledgement)] = []
        var unknown: [[UInt8]] = []
        // What was not sent is sent in the next round, so that nonces lie close together.
        var load: [[UInt8]] = []
        for round in 0..<killRounds(20) {
            let port = try node.port()
            try venue.publish(to: port)
            load += try venue.transactions(1_500 - load.count)
            let client = try LoadClient(
                port: port, unknown + told.suffix(20).map(\.bytes) + load)
            let instant = Int.random(in: 1...600, using: &generator)
            client.wait(answers: unknown.count + min(told.count, 20) + instant)
            usleep(UInt32.random(in: 0...8_000, using: &generator))
            node.signal(SIGKILL)
            #expect(node.end() == -SIGKILL)
            client.waitForEnd()
            for (bytes, error) in client.refusals {
                // Only what ran before the kill is refused, and only for that.
                #expect(error.contains("nonceUsed"), "round \(round): \(error)")
                #expect(!load.contains(bytes))
            }
            told += client.acknowledgements
            unknown = client.unanswered
            load = client.unsent
            node = try venue.node("data", ["--store.leaves-every", "20"])
        }
        // What nobody was told of runs now, or has run.
        let last = try LoadClient(port: try node.port(), unknown)
        last.wait(answers: unknown.count)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done, "\(node.text)")
        told += last.acknowledgements
        let chain = try ChainCheck(venue.bench.path("data"), venue.genesis)
        for (bytes, what) in told {
            let fault = chain.fault(what, of: bytes)
            #expect(fault == nil, "\(fault ?? "")")
        }
        #expect(unknown.allSatisfy(chain.hasOnce))
        #expect(chain.repeated == 0)
        #expect(told.count > 20)
        #expect(told.contains { $0.what.accepted == [true] })
    }

    @Test func theCheckFindsALostAndARepeatedTransaction() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(10))
        client.wait(answers: 10)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        let chain = try ChainCheck(venue.bench.path("data"), venue.genesis)
        let (bytes, what) = try #require(client.acknowledgements.first)
        #expect(chain.fault(what, of: bytes) == nil)
        let elsewhere = Acknowledgement(
            height: what.height + 1, place: what.place, accepted: what.accepted)
        #expect(chain.fault(elsewhere, of: bytes) != nil)
        let otherwise = Acknowledgement(
            height: what.height, place: what.place, accepted: what.accepted.map { !$0 })
        #expect(chain.fault(otherwise, of: bytes) != nil)
        #expect(chain.fault(what, of: try venue.transactions(1)[0])?.hasPrefix("lost") == true)
    }

    @Test func aNodeThatIsToldToStopPutsAllItHasAdmittedIntoBlocks() throws {
        let venue = try FaultVenue()
        // Blocks far apart, so that there is something waiting when the signal comes.
        var node = try venue.node("data", ["--block.interval-ms", "400"])
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(2_000))
        client.wait(answers: 65)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done, "\(node.text)")
        client.waitForEnd()
        let chain = try ChainCheck(venue.bench.path("data"), venue.genesis)
        for (bytes, what) in client.acknowledgements {
            #expect(chain.fault(what, of: bytes) == nil)
        }
        // Whoever had no receipt is in no block: not one block was made of which nobody was told.
        #expect(client.acknowledgements.count >= 65)
        #expect(!client.unanswered.contains(where: chain.hasOnce))
        #expect(!client.refusals.map(\.bytes).contains(where: chain.hasOnce))
        // All leaves are written: the next start applies no block again.
        node = try venue.node()
        try node.line(" serving ")
        #expect(!node.text.contains("replaying"), "\(node.text)")
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
    }
}
