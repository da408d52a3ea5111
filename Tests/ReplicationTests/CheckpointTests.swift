/// Copies of a store that goes on: each is a store of its own, with everything that was
/// acknowledged when it was asked for.
import Canonical
import Foundation
import Glibc
import TestKit
import Testing

@testable import Replication

@Suite struct CheckpointTests {
    let site: Site
    let path: String

    init() throws {
        site = try Site()
        path = site.path("store")
        try BlockStore.create(at: path, machine: ToyMachine(), options: .leaves(every: 7))
    }

    @Test(arguments: [0, 1, 6, 7, 40])
    func `a copy is a store at the block of its moment and the original goes on`(
        count: Int
    ) throws {
        var venue = ToyVenue(seed: UInt64(count))
        let (store, _, _) = try reopened(path)
        try venue.run(count, into: store)
        let tip = try store.checkpoint(at: site.path("copy"))
        #expect(tip == store.chainTip)
        let contents = venue.machine.contents
        try venue.run(9, into: store)
        try store.close()
        let (copy, machine, _) = try reopened(site.path("copy"))
        #expect(copy.chainTip == tip)
        #expect(machine.contents == contents)
        for record in venue.records.prefix(count) {
            #expect(try copy.record(at: record.header.height) == record)
        }
        var again = ToyVenue(seed: UInt64(count))
        for _ in 0..<count { _ = try again.next() }
        try again.run(3, into: copy)
        try copy.close()
    }

    @Test func `a copy that is made while blocks are committed lacks nothing acknowledged`() throws
    {
        let (store, _, _) = try reopened(path)
        let done = DispatchSemaphore(value: 0)
        Thread {
            var venue = ToyVenue(seed: 3)
            try? venue.run(400, into: store)
            done.signal()
        }.start()
        for round in 0..<6 {
            let before = store.chainTip.height
            let copy = site.path("copy-\(round)")
            let tip = try store.checkpoint(at: copy)
            #expect(tip.height >= before)
            let (opened, machine, _) = try reopened(copy)
            #expect(opened.chainTip == tip && machine.height == tip.height)
            try opened.close()
        }
        done.wait()
        try store.close()
    }

    @Test func `a copy goes nowhere where something is`() throws {
        let (store, _, _) = try reopened(path)
        let there = site.path("there")
        try FileManager.default.createDirectory(atPath: there, withIntermediateDirectories: true)
        #expect(throws: StorageFault.notEmpty(folder: there)) {
            _ = try store.checkpoint(at: there)
        }
        try store.close()
        #expect(throws: StorageFault.interrupted(folder: path)) {
            _ = try store.checkpoint(at: site.path("late"))
        }
    }
}
