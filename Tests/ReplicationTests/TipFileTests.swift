/// The file that says what was acknowledged: torn, lost, turned back.
import Canonical
import Cryptography
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Replication

@Suite struct TipFileTests {
    let site: Site
    let chain = ToyMachine().chain

    init() throws { site = try Site() }

    private func tip(_ height: UInt64) -> ChainTip {
        ChainTip(height: height, hash: SHA256.digest([UInt8(height)]))
    }

    private func change(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
        let image = site.path(name)
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: image)))
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: image))
    }

    @Test func theLastTipIsReadAndEachFlipIsSeen() throws {
        let path = site.path("TIP")
        try TipFile.create(path, chain: chain, tip: tip(0))
        do {
            let file = try TipFile(opening: path, chain: chain)
            for height in UInt64(1)...6 {
                try file.write(tip(height))
                let content = try file.read()
                #expect(content.tip == tip(height) && content.isWhole)
            }
        }
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        for place in whole.indices where whole[place] != 0 || place % 97 == 0 {
            try change("TIP") { $0[place] ^= 1 }
            let content = try TipFile(opening: path, chain: chain).read()
            #expect(content.tip == tip(6) || (content.tip == tip(5) && !content.isWhole))
            try change("TIP") { $0[place] ^= 1 }
        }
        #expect(throws: StorageFault.wrongChain(expected: .zero, found: chain)) {
            try TipFile(opening: path, chain: .zero).read()
        }
        #expect(throws: StorageFault.tipDamaged(file: site.path("none"))) {
            try TipFile(opening: site.path("none"), chain: chain).read()
        }
    }

    /// A closed store with six blocks.
    private func store() throws -> ToyVenue {
        let path = site.path("store")
        try BlockStore.create(at: path, machine: ToyMachine(), options: .leaves(every: 7))
        let (store, _, _) = try reopened(path)
        var venue = ToyVenue(seed: 1)
        try venue.run(6, into: store)
        try store.close()
        return venue
    }

    private func fault() -> StorageFault? {
        do throws(StorageFault) {
            _ = try reopened(site.path("store"))
            return nil
        } catch {
            return error
        }
    }

    @Test func aTipFileThatMayHaveSaidMoreIsNotReliedOn() throws {
        let venue = try store()
        let path = site.path("store/TIP")
        let damaged = StorageFault.tipDamaged(file: path)
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        // Slot 0 holds 6, slot 1 holds 5.
        try change("store/TIP") { $0[20] ^= 1 }
        #expect(fault() == nil)
        try Data(whole).write(to: URL(fileURLWithPath: path))
        try change("store/TIP") { $0[4_096 + 20] ^= 1 }
        #expect(fault() == damaged)
        try change("store/TIP") { $0[20] ^= 1 }
        #expect(fault() == damaged)
        try FileManager.default.removeItem(atPath: path)
        #expect(fault() == damaged)
        // What the operator states is taken where it is what is there.
        try Data(whole.map { _ in 0 }).write(to: URL(fileURLWithPath: path))
        var options = StoreOptions.leaves(every: 7)
        options.acceptedTip = ChainTip(height: 5, hash: venue.records[4].header.hash)
        #expect(throws: damaged) { try reopened(site.path("store"), options: options) }
        options.acceptedTip = ChainTip(height: 6, hash: venue.records[5].header.hash)
        do { _ = try reopened(site.path("store"), options: options) }
        #expect(fault() == nil)
    }

    @Test func aTipAheadOfOrBesideTheBlocksIsRefused() throws {
        _ = try store()
        let path = site.path("store/TIP")
        try TipFile(opening: path, chain: chain).repair(tip(9))
        #expect(fault() == .tipLost(acknowledged: 9, found: 6))
        try TipFile(opening: path, chain: chain).repair(tip(6))
        #expect(fault() == .tipDiffers(height: 6))
        let (_, early) = (0, ToyVenue(seed: 1))
        var venue = early
        for _ in 0..<4 { _ = try venue.next() }
        let header = try #require(venue.records.last?.header)
        try TipFile(opening: path, chain: chain).repair(ChainTip(height: 4, hash: header.hash))
        #expect(fault() == .tipDamaged(file: path))
    }
}
