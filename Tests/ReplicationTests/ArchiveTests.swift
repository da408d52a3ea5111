/// Snapshots and block logs: what goes out comes in again, and every fault of a file is refused.
import Canonical
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Replication

@Suite struct ArchiveTests {
    let site: Site
    let chain = ToyMachine().chain

    init() throws { site = try Site() }

    /// A store with blocks, its venue, and leaves written at the tip.
    private func venue(_ count: Int, seed: UInt64 = 1, name: String = "store") throws -> (
        BlockStore, ToyVenue, ToyMachine
    ) {
        try BlockStore.create(
            at: site.path(name), machine: ToyMachine(), options: .leaves(every: 7))
        let (store, _, _) = try reopened(site.path(name))
        var venue = ToyVenue(seed: seed)
        try venue.run(count, into: store)
        try store.flushLeaves()
        return (store, venue, venue.machine)
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try #require(FileManager.default.contents(atPath: site.path(name))))
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: site.path(name)))
    }

    private func imported(_ name: String) throws(StorageFault) -> SnapshotFacts {
        try BlockStore.importSnapshot(
            site.path(name), chain: chain, at: site.path("from-" + name),
            options: .leaves(every: 7))
    }

    @Test(arguments: [0, 1, 25])
    func aSnapshotMakesAStoreThatGoesOn(count: Int) throws {
        let (store, full, _) = try venue(count)
        var venue = full
        let facts = try store.exportSnapshot(to: site.path("snapshot"))
        #expect(facts.height == UInt64(count))
        #expect(facts.leaves == UInt64(venue.machine.contents.count))
        #expect(facts.hash == store.chainTip.hash)
        #expect(try imported("snapshot") == facts)
        do {
            let (copy, machine, report) = try reopened(site.path("from-snapshot"))
            #expect(report.replayed == 0)
            #expect(machine.contents == venue.machine.contents)
            #expect(copy.chainTip == store.chainTip)
            #expect(try copy.firstBlock == UInt64(count + 1))
            try venue.run(9, into: copy)
        }
        let (copy, machine, _) = try reopened(site.path("from-snapshot"))
        #expect(machine.contents == venue.machine.contents)
        #expect(copy.tip == venue.records.last?.header)
        if count > 0 {
            #expect(throws: StorageFault.missingBlock(height: UInt64(count))) {
                try copy.record(at: UInt64(count))
            }
        }
    }

    @Test func twoSnapshotsOfOneStateAreTheSameFile() throws {
        let (store, _, _) = try venue(12)
        _ = try store.exportSnapshot(to: site.path("a"))
        _ = try imported("a")
        let (copy, _, _) = try reopened(site.path("from-a"))
        _ = try copy.exportSnapshot(to: site.path("b"))
        #expect(try bytes("a") == bytes("b"))
        #expect(throws: StorageFault.notEmpty(folder: site.path("a"))) {
            try store.exportSnapshot(to: site.path("a"))
        }
    }

    @Test func everyFlipAndEveryCutOfASnapshotIsRefused() throws {
        let (store, _, _) = try venue(3)
        _ = try store.exportSnapshot(to: site.path("snapshot"))
        let whole = try bytes("snapshot")
        #expect(whole.count > 300)
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= UInt8(1) << UInt8(place % 8)
            try write(damaged, to: "flipped")
            #expect(throws: StorageFault.self, "byte \(place)") {
                try Snapshot.inspect(site.path("flipped"), chain: chain)
            }
            try write(Array(whole[..<place]), to: "cut")
            #expect(throws: StorageFault.truncated(file: site.path("cut")), "byte \(place)") {
                try Snapshot.inspect(site.path("cut"), chain: chain)
            }
        }
        try write(whole + [0], to: "longer")
        #expect(throws: StorageFault.self) { try imported("longer") }
        #expect(!BlockStore.exists(at: site.path("from-longer")))
        #expect(throws: StorageFault.absent(folder: site.path("none"))) { try imported("none") }
    }

    @Test func aSnapshotOfAnotherChainVersionOrKindIsRefused() throws {
        let (store, _, _) = try venue(3)
        _ = try store.exportSnapshot(to: site.path("snapshot"))
        try store.exportBlocks(1...3, to: site.path("log"))
        let other = ToyMachine.chain("other")
        #expect(throws: StorageFault.wrongChain(expected: other, found: chain)) {
            try Snapshot.inspect(site.path("snapshot"), chain: other)
        }
        var later = try bytes("snapshot")
        later[8] = 2
        try write(later, to: "later")
        #expect(throws: StorageFault.unknownVersion(file: site.path("later"), found: 2)) {
            try imported("later")
        }
        #expect(throws: StorageFault.self) { try imported("log") }
    }

    /// A file whose frame is right and whose contents are not: what an attacker would write.
    private func forged(_ name: String, _ chunks: [[UInt8]]) throws {
        var writer = try ArchiveWriter(site.path(name), .snapshot)
        for chunk in chunks { try writer.write(chunk) }
        try writer.finish()
    }

    @Test func aSnapshotWithASoundFrameAndFalseContentsIsRefused() throws {
        var facts = CanonicalEncoder()
        facts.append(UInt8(1))
        facts.append(chain)
        facts.append(ToyMachine().root)
        facts.append(nil as BlockHeader?)
        func leaves(_ list: [([UInt8], [UInt8])]) -> [UInt8] {
            var encoder = CanonicalEncoder()
            encoder.append(UInt8(2))
            for (key, value) in list {
                encoder.append(bytes: key)
                encoder.append(bytes: value)
            }
            return encoder.bytes
        }
        func end(_ count: UInt64) -> [UInt8] {
            var encoder = CanonicalEncoder()
            encoder.append(UInt8(3))
            encoder.append(count)
            return encoder.bytes
        }
        let head = facts.bytes
        let cases: [(String, [[UInt8]])] = [
            ("nothing", []), ("no-end", [head]), ("no-facts", [leaves([([1], [1])]), end(1)]),
            ("twice", [head, head, end(0)]), ("count", [head, leaves([([1], [1])]), end(2)]),
            ("order", [head, leaves([([2], [1]), ([1], [1])]), end(2)]),
            ("same", [head, leaves([([2], [1])]), leaves([([2], [1])]), end(2)]),
            ("empty-value", [head, leaves([([2], [])]), end(1)]),
            ("empty-key", [head, leaves([([], [1])]), end(1)]),
            ("after", [head, end(0), leaves([([2], [1])])]), ("tag", [head, [9], end(0)]),
            ("trailing", [head + [0], end(0)]), ("half", [head, [2, 1, 0, 0], end(0)]),
        ]
        for (name, chunks) in cases {
            try forged(name, chunks)
            #expect(throws: StorageFault.self, "\(name)") { try imported(name) }
            #expect(!BlockStore.exists(at: site.path("from-" + name)), "\(name)")
        }
        // Sound in form, but not the state of that root: found by the machine.
        try forged("false", [head, leaves([([2], [1])]), end(1)])
        _ = try imported("false")
        let expected = StorageFault.refusedLeaves(height: 0, reason: "leaves")
        #expect(throws: expected) {
            let store = try BlockStore(opening: site.path("from-false"), chain: chain)
            // A machine that is not at genesis already has to take the leaves.
            var machine = ToyMachine(genesisLeaves: 4)
            _ = try store.start(&machine)
        }
    }

    @Test func blocksGoOutAndComeInAgain() throws {
        let (store, full, _) = try venue(20)
        try store.exportBlocks(1...12, to: site.path("first"))
        try store.exportBlocks(10...20, to: site.path("second"))
        try BlockStore.create(
            at: site.path("copy"), machine: ToyMachine(), options: .leaves(every: 7))
        let (copy, started, _) = try reopened(site.path("copy"))
        var machine = started
        #expect(
            throws: StorageFault.wrongHeights(file: site.path("second"), expected: 1, found: 10)
        ) { try copy.importBlocks(site.path("second"), applyingTo: &machine) }
        #expect(try copy.importBlocks(site.path("first"), applyingTo: &machine) == 12)
        #expect(try copy.importBlocks(site.path("second"), applyingTo: &machine) == 8)
        #expect(machine.contents == full.machine.contents)
        #expect(copy.chainTip == store.chainTip)
        for height in [UInt64(0), 21] {
            #expect(throws: StorageFault.missingBlock(height: height)) {
                try store.exportBlocks(
                    min(height, 5)...max(height, 5), to: site.path("none"))
            }
        }
    }

    @Test func blocksOfAForkAreRefusedByTheirHeight() throws {
        let (store, _, _) = try venue(8)
        try store.exportBlocks(1...8, to: site.path("log"))
        let (other, _, started) = try venue(5, seed: 2, name: "other")
        var machine = started
        #expect(throws: StorageFault.brokenChain(height: 1, fault: .previous)) {
            try other.importBlocks(site.path("log"), applyingTo: &machine)
        }
        try store.exportBlocks(6...8, to: site.path("tail"))
        #expect(throws: StorageFault.brokenChain(height: 6, fault: .previous)) {
            try other.importBlocks(site.path("tail"), applyingTo: &machine)
        }
    }

    @Test func everyFlipOfABlockLogIsRefused() throws {
        let (store, _, _) = try venue(2)
        try store.exportBlocks(1...2, to: site.path("log"))
        let whole = try bytes("log")
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= UInt8(1) << UInt8(place % 8)
            try write(damaged, to: "flipped")
            #expect(throws: StorageFault.self, "byte \(place)") {
                try BlockLog.read(site.path("flipped"), chain: chain) { _ in }
            }
        }
    }
}

@Suite struct PruningTests {
    let site: Site

    init() throws {
        site = try Site()
        try BlockStore.create(
            at: site.path("store"), machine: ToyMachine(), options: .leaves(every: 1_000))
    }

    @Test func blocksGoOnlyBehindTheLeavesAndTheKeptOnes() throws {
        var venue = ToyVenue(seed: 1)
        do {
            let (store, _, _) = try reopened(
                site.path("store"), options: .leaves(every: 1_000, kept: 4))
            try venue.run(20, into: store)
            #expect(store.prunableBelow == 1)
            #expect(throws: StorageFault.unprunable(below: 2, allowed: 1)) {
                try store.prune(below: 2)
            }
            try store.flushLeaves()
            #expect(store.prunableBelow == 17)
            #expect(throws: StorageFault.unprunable(below: 18, allowed: 17)) {
                try store.prune(below: 18)
            }
            try store.prune(below: 17)
            try store.prune(below: 3)
            #expect(try store.firstBlock == 17)
            #expect(try store.block(at: 16) == nil)
            #expect(try store.header(at: 16) == venue.records[15].header)
            #expect(try store.header(at: 15) == nil)
            #expect(try store.record(at: 17) == venue.records[16])
            try venue.run(3, into: store)
        }
        let (store, machine, report) = try reopened(site.path("store"))
        #expect(report == StartReport(leafHeight: 20, leaves: report.leaves, replayed: 3))
        #expect(machine.contents == venue.machine.contents)
        #expect(try store.firstBlock == 17)
    }

    @Test func aPrunedChainIsVerifiedFromASnapshot() throws {
        var venue = ToyVenue(seed: 1)
        let (store, _, _) = try reopened(
            site.path("store"), options: .leaves(every: 1_000, kept: 4))
        try venue.run(20, into: store)
        try store.flushLeaves()
        _ = try store.exportSnapshot(to: site.path("snapshot"))
        try venue.run(10, into: store)
        try store.flushLeaves()
        var fresh = ToyMachine()
        let report = try store.verifyChain(&fresh)
        #expect(report == VerificationReport(from: 0, to: 30, root: venue.machine.root))
        try store.prune(below: 15)
        var again = ToyMachine()
        #expect(throws: StorageFault.missingBlock(height: 1)) { try store.verifyChain(&again) }
        var restored = ToyMachine()
        _ = try Snapshot.load(site.path("snapshot"), into: &restored)
        let rest = try store.verifyChain(&restored)
        #expect(rest == VerificationReport(from: 20, to: 30, root: venue.machine.root))
    }

    @Test func verificationNamesTheFirstHeightThatDiffers() throws {
        var venue = ToyVenue(seed: 1)
        let (store, _, _) = try reopened(site.path("store"), options: .leaves(every: 1_000))
        try venue.run(20, into: store)
        for height in [UInt64(1), 7, 20] {
            var machine = ToyMachine()
            machine.wrongAt = height
            #expect(throws: StorageFault.diverged(height: height, in: .root)) {
                try store.verifyChain(&machine)
            }
        }
        // What no checksum of a disk can find: a record that was written wrong.
        var forged = venue.records[11]
        forged.block = [1]
        try store.withDatabases { (opened) throws(StorageFault) in try opened.write(forged) }
        var machine = ToyMachine()
        #expect(throws: StorageFault.brokenChain(height: 12, fault: .payload)) {
            try store.verifyChain(&machine)
        }
        forged = venue.records[11]
        forged.outcome = [1]
        try store.withDatabases { (opened) throws(StorageFault) in try opened.write(forged) }
        var other = ToyMachine()
        #expect(throws: StorageFault.diverged(height: 12, in: .outcome)) {
            try store.verifyChain(&other)
        }
        forged = venue.records[11]
        forged.header.firstEvent += 1
        try store.withDatabases { (opened) throws(StorageFault) in try opened.write(forged) }
        var third = ToyMachine()
        #expect(throws: StorageFault.diverged(height: 12, in: .firstEvent)) {
            try store.verifyChain(&third)
        }
    }
}
