/// Crashes, cut files and flipped bits: everything that was acknowledged is there, or the store
/// says what is wrong; never a wrong answer.
import Canonical
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Replication

/// A venue that has run for a while, with its store.
private final class RunningVenue {
    let site: Site
    let store: BlockStore
    var venue: ToyVenue

    /// - Parameter leafBlocks: leaves are written in the background after so many blocks.
    init(seed: UInt64, leafBlocks: Int = 5) throws {
        site = try Site()
        try BlockStore.create(
            at: site.path("store"), machine: ToyMachine(), options: .leaves(every: 7))
        (store, _, _) = try reopened(site.path("store"), options: .leaves(every: leafBlocks))
        venue = ToyVenue(seed: seed)
    }

    /// Commits blocks; now and then tables are written and old blocks go.
    func run(_ count: Int, flushing: Bool) throws {
        for _ in 0..<count {
            try venue.run(1, into: store)
            if flushing && Int.random(in: 0..<20, using: &venue.generator) == 0 {
                try store.flushLeaves()
                try store.withDatabases { (opened) throws(StorageFault) in
                    try opened.blocks.flush()
                    try opened.leaves.flush()
                }
            }
        }
    }
}

@Suite struct CrashTests {
    @Test func aCrashAtAnyInstantLosesNothingThatWasAcknowledged() throws {
        for round in 0..<storageRounds(30) {
            let running = try RunningVenue(seed: UInt64(round))
            let count = Int.random(in: 0...60, using: &running.venue.generator)
            try running.run(count, flushing: round % 2 == 0)
            let image = try StoreImage(crashing: running.store, to: running.site.path("image"))
            let verdict = try image.judge(running.venue, acknowledged: count)
            #expect(verdict == .whole(ahead: 0), "round \(round)")
        }
    }

    @Test func aBlockThatNobodyWasToldOfStaysIfItIsWhole() throws {
        for round in 0..<storageRounds(10) {
            let running = try RunningVenue(seed: UInt64(round), leafBlocks: 1_000)
            let count = Int.random(in: 0...20, using: &running.venue.generator)
            try running.run(count, flushing: false)
            let tip = running.site.path("TIP")
            try FileManager.default.copyItem(
                atPath: running.store.paths.tip, toPath: tip)
            try running.run(1, flushing: false)
            let image = try StoreImage(
                crashing: running.store, to: running.site.path("image"), beforeTip: true)
            try FileManager.default.copyItem(atPath: tip, toPath: image.path + "/TIP")
            let verdict = try image.judge(running.venue, acknowledged: count)
            #expect(verdict == .whole(ahead: 1), "round \(round)")
        }
    }

    @Test func aTornLastWriteIsCutAndALostOneIsRefused() throws {
        var (whole, refused) = (0, 0)
        for round in 0..<storageRounds(12) {
            let running = try RunningVenue(seed: UInt64(round), leafBlocks: 1_000)
            let count = Int.random(in: 1...20, using: &running.venue.generator)
            try running.run(count, flushing: false)
            let before = try StoreImage(crashing: running.store, to: running.site.path("before"))
            let log = try #require(before.lastLog)
            let synced = before.size(log)
            // One more block, whose tip was never written.
            try running.run(1, flushing: false)
            let after = try StoreImage(
                crashing: running.store, to: running.site.path("after"), beforeTip: true)
            try FileManager.default.copyItem(
                atPath: before.path + "/TIP", toPath: after.path + "/TIP")
            let end = after.size(log)
            #expect(end > synced)
            for size in [synced, synced + 1, (synced + end) / 2, end - 1] {
                let image = try StoreImage(copying: after, to: running.site.path("torn\(size)"))
                try image.cut(log, to: size)
                let verdict = try image.judge(running.venue, acknowledged: count)
                #expect(verdict == .whole(ahead: 0), "round \(round), \(size) of \(end)")
                whole += 1
            }
            for size in [0, synced / 2, synced - 1] {
                let image = try StoreImage(copying: after, to: running.site.path("lost\(size)"))
                try image.cut(log, to: size)
                let verdict = try image.judge(running.venue, acknowledged: count)
                guard case .refused(let fault) = verdict else {
                    Issue.record("round \(round), \(size) of \(synced): \(verdict)")
                    continue
                }
                if size > 0 {
                    guard case .tipLost(UInt64(count), _) = fault else {
                        Issue.record("round \(round), \(size) of \(synced): \(fault)")
                        continue
                    }
                }
                refused += 1
            }
        }
        #expect(whole > 0 && refused > 0)
    }

    @Test func aRefusalChangesNothing() throws {
        let running = try RunningVenue(seed: 4)
        try running.run(20, flushing: false)
        let image = try StoreImage(crashing: running.store, to: running.site.path("image"))
        let log = try #require(image.lastLog)
        let whole = try StoreImage(copying: image, to: running.site.path("copy"))
        let middle = image.size(log) / 2
        try image.change(log) { $0[middle] ^= 1 }
        for _ in 0..<3 {
            guard case .refused(.tipLost) = try image.judge(running.venue, acknowledged: 20) else {
                Issue.record("a lost block was not noticed")
                return
            }
        }
        // Whoever mends the file finds everything as it was.
        try image.change(log) { $0[middle] ^= 1 }
        #expect(try image.judge(running.venue, acknowledged: 20) == .whole(ahead: 0))
        #expect(try whole.judge(running.venue, acknowledged: 20) == .whole(ahead: 0))
    }
}

@Suite struct DamageTests {
    /// Files of RocksDB that hold no data: its diary, its options, its name.
    private static func isData(_ file: String) -> Bool {
        let name = file.split(separator: "/").last ?? ""
        return !name.hasPrefix("LOG") && !name.hasPrefix("OPTIONS") && !name.hasPrefix("LOCK")
    }

    private func image(seed: UInt64) throws -> (RunningVenue, StoreImage) {
        let running = try RunningVenue(seed: seed)
        try running.run(60, flushing: true)
        try running.store.flushLeaves()
        try running.run(12, flushing: false)
        return (running, try StoreImage(crashing: running.store, to: running.site.path("image")))
    }

    @Test(arguments: 0..<4)
    func aFlippedBitIsFoundOrChangesNothing(part: Int) throws {
        let (running, original) = try image(seed: UInt64(part))
        var generator = SeededGenerator(seed: UInt64(100 + part))
        var (whole, refused, found) = (0, 0, 0)
        for round in 0..<storageRounds(40) {
            let image = try StoreImage(copying: original, to: running.site.path("flip\(round)"))
            let files = image.files.filter { image.size($0) > 0 }
            // Data most of the time, and every file at some time.
            let data = files.filter(DamageTests.isData)
            let pool = round % 8 == 0 ? files : data
            let file = try #require(pool.randomElement(using: &generator))
            let place = Int.random(in: 0..<image.size(file), using: &generator)
            let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
            try image.change(file) { $0[place] ^= bit }
            do {
                switch try image.judge(running.venue, acknowledged: 72) {
                case .whole(let ahead):
                    #expect(ahead == 0)
                    whole += 1
                case .refused: refused += 1
                case .found: found += 1
                }
            } catch {
                Issue.record("part \(part), round \(round): \(file), byte \(place): \(error)")
            }
            try FileManager.default.removeItem(atPath: image.path)
        }
        #expect(refused > 0 && whole > 0)
        print("flips: \(whole) changed nothing, \(refused) refused, \(found) found when read")
    }

    @Test(arguments: 0..<2)
    func aCutFileIsFoundOrChangesNothing(part: Int) throws {
        let (running, original) = try image(seed: UInt64(10 + part))
        var generator = SeededGenerator(seed: UInt64(200 + part))
        var refused = 0
        for round in 0..<storageRounds(30) {
            let image = try StoreImage(copying: original, to: running.site.path("cut\(round)"))
            let data = image.files.filter { image.size($0) > 0 && DamageTests.isData($0) }
            let file = try #require(data.randomElement(using: &generator))
            let size = Int.random(in: 0..<image.size(file), using: &generator)
            try image.cut(file, to: size)
            do {
                if case .refused = try image.judge(running.venue, acknowledged: 72) { refused += 1 }
            } catch {
                Issue.record("part \(part), round \(round): \(file) at \(size): \(error)")
            }
            try FileManager.default.removeItem(atPath: image.path)
        }
        #expect(refused > 0)
    }

    @Test func aMissingFileIsFoundOrChangesNothing() throws {
        let (running, original) = try image(seed: 20)
        for file in original.files {
            let image = try StoreImage(copying: original, to: running.site.path("gone"))
            try FileManager.default.removeItem(atPath: image.path + "/" + file)
            do {
                _ = try image.judge(running.venue, acknowledged: 72)
            } catch {
                Issue.record("without \(file): \(error)")
            }
            try FileManager.default.removeItem(atPath: image.path)
        }
    }
}
