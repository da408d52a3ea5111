/// A node that is told to keep few blocks forgets the others, and goes on from what is left.
import Foundation
import Glibc
import Ledger
import Replication
import Testing

@testable import Node

@Suite(.serialized) struct PruningTests {
    private func heights(_ settings: [String]) throws -> (first: UInt64, tip: UInt64) {
        let venue = try FaultVenue()
        let node = try venue.node("data", settings)
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(600))
        client.wait(answers: 600)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done, "\(node.text)")
        let again = try venue.node("data", settings)
        _ = try again.port()
        again.signal(SIGTERM)
        #expect(again.end() == ExitCode.done, "\(again.text)")
        let store = try BlockStore(
            opening: venue.bench.path("data"), chain: venue.genesis.chain)
        return (try store.firstBlock, store.chainTip.height)
    }

    private let frequent = ["--store.leaves-every=1", "--block.interval-ms=0"]

    @Test func oldBlocksGoAndTheStateStays() throws {
        let (first, tip) = try heights(frequent + ["--store.keep-blocks=4"])
        #expect(first > 1)
        #expect(tip - first >= 3, "the last four blocks are kept")
    }

    @Test func withoutTheSettingEveryBlockIsKept() throws {
        let (first, tip) = try heights(frequent)
        #expect(first == 1 && tip > 4)
    }
}
