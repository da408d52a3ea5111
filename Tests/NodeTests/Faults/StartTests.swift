/// A node on a folder that is not what it was, or without room: it says which file and what to do,
/// ends with the right code, and has served nobody.
import Foundation
import Glibc
import Testing

@testable import Node

@Suite(.serialized) struct StartTests {
    /// A venue whose node has run and ended in order.
    private func venue() throws -> FaultVenue {
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(200))
        client.wait(answers: 200)
        // Killed, so that the blocks are still in the log.
        node.signal(SIGKILL)
        node.end()
        return venue
    }

    private func expectRefusal(
        _ venue: FaultVenue, _ exit: Int32, _ words: String..., more: [String] = [],
        at place: SourceLocation = #_sourceLocation
    ) throws {
        let node = try venue.node("data", more)
        #expect(node.end() == exit, "\(node.text)", sourceLocation: place)
        for word in words {
            #expect(node.text.contains(word), "\(node.text)", sourceLocation: place)
        }
        #expect(!node.text.contains(" serving "), sourceLocation: place)
    }

    /// The largest file of a kind in the store.
    private func file(_ venue: FaultVenue, _ suffix: String) throws -> String {
        let folder = venue.bench.path("data/blocks")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let files = try names.filter { $0.hasSuffix(suffix) }.map { name in
            (try venue.bench.bytes("data/blocks/\(name)").count, "data/blocks/\(name)")
        }
        return try #require(files.max { $0.0 < $1.0 }).1
    }

    private func change(
        _ venue: FaultVenue, _ name: String, _ body: (inout [UInt8]) -> Void
    ) throws {
        var bytes = try venue.bench.bytes(name)
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: venue.bench.path(name)))
    }

    @Test func aFlippedBitIsRefused() throws {
        let venue = try venue()
        try change(venue, try file(venue, ".log")) { $0[$0.count / 2] ^= 4 }
        try expectRefusal(
            venue, ExitCode.badInput, "was acknowledged", "import a snapshot or follow another")
    }

    @Test func aFileThatWasCutIsRefused() throws {
        let venue = try venue()
        try change(venue, try file(venue, ".log")) { $0.removeLast($0.count / 3) }
        try expectRefusal(venue, ExitCode.badInput, "was acknowledged", "Keep a copy")
    }

    @Test func aDamagedTipIsRefusedByName() throws {
        let venue = try venue()
        try change(venue, "data/TIP") { for place in $0.indices { $0[place] ^= 1 } }
        try expectRefusal(venue, ExitCode.badInput, "data/TIP", "Keep a copy")
    }

    @Test func anotherGenesisIsRefused() throws {
        let venue = try venue()
        let made = venue.bench.run(
            "init", venue.bench.path("other"), "--name", "elsewhere", "--publishers", "1")
        #expect(made.exit == ExitCode.done)
        try expectRefusal(
            venue, ExitCode.badInput, "Use the genesis that the store was created with",
            more: ["--chain.genesis", venue.bench.path("other/genesis.json")])
    }

    @Test func aFolderThatAnotherNodeHasIsRefused() throws {
        let venue = try venue()
        let first = try venue.node()
        try first.line(" serving ")
        try expectRefusal(
            venue, ExitCode.unavailable, venue.bench.path("data"), "Stop the other process")
        first.signal(SIGTERM)
        #expect(first.end() == ExitCode.done)
    }

    @Test func aMissingGenesisIsRefusedByName() throws {
        let venue = try FaultVenue()
        try expectRefusal(
            venue, ExitCode.noInput, "nowhere.json", more: ["--chain.genesis", "nowhere.json"])
    }

    @Test func aGenesisWithoutADefenceIsRefused() throws {
        let venue = try FaultVenue()
        let text = try venue.bench.text("venue/genesis.json")
        let open = text.replacing(
            "\"sources\": [", with: "\"defencesOff\": [\"stablePrice\"], \"sources\": [")
        #expect(open != text)
        try venue.bench.write(open, to: "laboratory.json")
        try expectRefusal(
            venue, ExitCode.badConfiguration, "laboratory.json", "stablePrice", "rampart-lab",
            more: ["--chain.genesis", venue.bench.path("laboratory.json")])
    }

    @Test func aDiskWithoutRoomIsRefusedAtTheStart() throws {
        let venue = try venue()
        let node = try venue.node(fileBlocks: 1)
        #expect(node.end() == ExitCode.cannotWrite, "\(node.text)")
        #expect(node.text.contains("no room left"), "\(node.text)")
        #expect(node.text.contains("Make room"), "\(node.text)")
        #expect(!node.text.contains(" serving "))
        // Nothing is lost by it.
        let again = try venue.node()
        try again.line(" serving ")
        again.signal(SIGTERM)
        #expect(again.end() == ExitCode.done)
    }

    @Test func aDiskThatFillsUpStopsTheNodeAndNothingAcknowledgedIsLost() throws {
        let venue = try FaultVenue()
        var node = try venue.node(fileBlocks: 400)
        let port = try node.port()
        try venue.open(on: port)
        let client = try LoadClient(port: port, try venue.transactions(6_000))
        #expect(node.end() == ExitCode.cannotWrite, "\(node.text)")
        client.waitForEnd()
        #expect(node.text.contains("no room left"), "\(node.text)")
        #expect(node.text.contains("Make room"), "\(node.text)")
        node = try venue.node()
        try node.line(" serving ")
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done)
        let chain = try ChainCheck(venue.bench.path("data"), venue.genesis)
        #expect(!client.acknowledgements.isEmpty)
        for (bytes, what) in client.acknowledgements {
            #expect(chain.fault(what, of: bytes) == nil)
        }
    }
}
