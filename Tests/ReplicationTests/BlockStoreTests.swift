/// A store in fair weather: what is committed is there again, and the state comes back.
import Canonical
import Cryptography
import FixedPoint
import TestKit
import Testing

@testable import Replication

@Suite struct BlockStoreTests {
    let site: Site
    let path: String

    init() throws {
        site = try Site()
        path = site.path("store")
        try BlockStore.create(at: path, machine: ToyMachine(), options: .leaves(every: 7))
    }

    @Test func aNewStoreStartsAtGenesis() throws {
        let (store, machine, report) = try reopened(path)
        #expect(store.tip == nil)
        #expect(store.chainTip == ChainTip(height: 0, hash: machine.chain))
        #expect(report == StartReport(leafHeight: 0, leaves: 0, replayed: 0))
        #expect(machine.contents == ToyMachine().contents)
        try store.close()
    }

    @Test(arguments: [1, 2, 6, 7, 8, 50])
    func blocksAndStateComeBackAfterClosing(count: Int) throws {
        var venue = ToyVenue(seed: UInt64(count))
        do {
            let (store, _, _) = try reopened(path)
            try venue.run(count, into: store)
            #expect(store.tip == venue.records.last?.header)
            try store.close()
        }
        let (store, machine, report) = try reopened(path)
        #expect(report.leafHeight == UInt64(count))
        #expect(report.replayed == 0)
        #expect(machine.contents == venue.machine.contents)
        for record in venue.records {
            #expect(try store.record(at: record.header.height) == record)
        }
        #expect(try store.header(at: UInt64(count + 1)) == nil)
        try store.close()
    }

    @Test(arguments: [1, 6, 7, 20, 100])
    func aStoreThatWasNotClosedLosesNothing(count: Int) throws {
        var venue = ToyVenue(seed: UInt64(count))
        do {
            let (store, _, _) = try reopened(path)
            try venue.run(count, into: store)
        }
        do {
            let (store, machine, report) = try reopened(path)
            #expect(report.leafHeight + report.replayed == UInt64(count))
            #expect(machine.contents == venue.machine.contents)
            #expect(machine.root == venue.machine.root)
            try venue.run(5, into: store)
        }
        let (_, again, _) = try reopened(path)
        #expect(again.contents == venue.machine.contents)
    }

    @Test func leavesAreWrittenBehindTheBlocks() throws {
        var venue = ToyVenue(seed: 1)
        let (store, _, _) = try reopened(path, options: .leaves(every: 1_000))
        try venue.run(10, into: store)
        #expect(store.leafHeight == 0)
        try store.flushLeaves()
        #expect(store.leafHeight == 10)
        try venue.run(1, into: store)
        #expect(store.leafHeight == 10)
    }

    @Test func memoryForLeavesIsBounded() throws {
        var venue = ToyVenue(seed: 1)
        var options = StoreOptions.leaves(every: 1_000)
        options.leafBytes = 2_000
        options.mostPendingBytes = 4_000
        let (store, _, _) = try reopened(path, options: options)
        try venue.run(300, into: store)
        #expect(store.leafHeight > 200)
    }

    @Test func aBlockThatDoesNotFollowIsRefused() throws {
        var venue = ToyVenue(seed: 1)
        let (store, _, _) = try reopened(path)
        try venue.run(3, into: store)
        let next = try venue.next()
        func refusal(_ change: (inout BlockHeader) -> Void) -> StorageFault? {
            var record = next
            change(&record.header)
            do throws(StorageFault) {
                try store.commit(record, leaves: LeafList())
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal { $0.height = 5 } == .brokenChain(height: 5, fault: .height))
        #expect(refusal { $0.height = 3 } == .brokenChain(height: 3, fault: .height))
        #expect(refusal { $0.chain = .zero } == .brokenChain(height: 4, fault: .chain))
        #expect(refusal { $0.previous = .zero } == .brokenChain(height: 4, fault: .previous))
        #expect(refusal { $0.time = .epoch } == .brokenChain(height: 4, fault: .time))
        try store.commit(next, leaves: venue.machine.changedLeaves())
        #expect(store.tip == next.header)
    }

    @Test func aBlockOfAnEarlierTermIsRefused() throws {
        var venue = ToyVenue(seed: 1)
        var other = venue
        let (store, _, _) = try reopened(path)
        try store.raiseTerm(to: 3)
        #expect(throws: StorageFault.staleTerm(promised: 3, found: 2)) {
            try store.raiseTerm(to: 2)
        }
        #expect(throws: StorageFault.staleTerm(promised: 3, found: 2)) {
            try store.commit(try venue.next(term: 2), leaves: LeafList())
        }
        try store.commit(try other.next(term: 3), leaves: other.machine.changedLeaves())
        #expect(throws: StorageFault.brokenChain(height: 2, fault: .term)) {
            try store.commit(try other.next(term: 2), leaves: LeafList())
        }
        try store.close()
        let (again, _, _) = try reopened(path)
        #expect(try again.term == 3)
    }

    @Test func aSecondOpeningIsRefused() throws {
        let (store, _, _) = try reopened(path)
        #expect(throws: StorageFault.locked(folder: path)) { try reopened(path) }
        try store.close()
        _ = try reopened(path)
    }

    @Test func anotherChainIsRefused() throws {
        let other = ToyMachine(chain: ToyMachine.chain("other"))
        #expect(throws: StorageFault.wrongChain(expected: other.chain, found: ToyMachine().chain)) {
            try BlockStore(opening: path, chain: other.chain)
        }
        let (store, _, _) = try reopened(path)
        var wrong = other
        #expect(throws: StorageFault.wrongChain(expected: ToyMachine().chain, found: other.chain)) {
            try store.start(&wrong)
        }
    }

    @Test func onlyAnEmptyFolderBecomesAStore() throws {
        #expect(throws: StorageFault.notEmpty(folder: path)) {
            try BlockStore.create(at: path, machine: ToyMachine(), options: .leaves(every: 7))
        }
        #expect(throws: StorageFault.absent(folder: site.path("none"))) {
            try BlockStore(opening: site.path("none"), chain: .zero)
        }
        try Folder.create(site.path("empty"))
        try BlockStore.create(
            at: site.path("empty"), machine: ToyMachine(), options: .leaves(every: 7))
        _ = try reopened(site.path("empty"))
        try Folder.create(site.path("half.unfinished"))
        #expect(throws: StorageFault.unfinished(folder: site.path("half.unfinished"))) {
            try BlockStore.create(
                at: site.path("half"), machine: ToyMachine(), options: .leaves(every: 7))
        }
    }

    @Test func aMachineThatDiffersIsFoundAtTheFirstBlock() throws {
        var venue = ToyVenue(seed: 5)
        do {
            let (store, _, _) = try reopened(path, options: .leaves(every: 1_000))
            try venue.run(20, into: store)
        }
        let store = try BlockStore(opening: path, chain: ToyMachine().chain)
        var wrong = ToyMachine()
        wrong.wrongAt = 13
        #expect(throws: StorageFault.diverged(height: 13, in: .root)) { try store.start(&wrong) }
    }
}
