/// What only a process of its own can show: killed in the middle of writing, and a disk without
/// room. The child writes into a folder that its parent named and says in a file what was
/// acknowledged.
import Canonical
import FixedPoint
import Foundation
import Glibc
import TestKit
import Testing

@testable import Replication

/// What a child does, by the name of the folder it was given.
private enum Child {
    /// Commits blocks until it is killed, and writes each acknowledged height behind the last.
    static func write(in folder: String, seed: UInt64, killedAfter microseconds: UInt32) throws {
        let (store, machine, _) = try reopened(folder + "/store", options: .leaves(every: 3))
        var venue = ToyVenue(seed: seed)
        for _ in 0..<machine.height { _ = try venue.next() }
        let told = try File(folder + "/told\(seed).\(machine.height)", .creating)
        let worker = try Worker {
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }
        while true {
            try venue.run(1, into: store)
            var encoder = CanonicalEncoder()
            encoder.append(venue.machine.height)
            try told.write(encoder.bytes)
        }
        worker.join()
    }

    /// Writes until there is no room, makes room and goes on.
    static func fill(in folder: String) throws {
        signal(SIGXFSZ, SIG_IGN)
        let (store, _, _) = try reopened(folder + "/store", options: .leaves(every: 1_000))
        var venue = ToyVenue(seed: 9)
        venue.mostBytes = 2_000
        let small = rlimit(rlim_cur: 60_000, rlim_max: rlim_t.max)
        let large = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
        for round in 0..<3 {
            try limit(small)
            var record: BlockRecord?
            do throws(StorageFault) {
                while true {
                    guard let next = try? venue.next() else { exit(10) }
                    record = next
                    try store.commit(next, leaves: venue.machine.changedLeaves())
                }
            } catch {
                guard case .diskFull = error else { exit(11) }
            }
            let interrupted = StorageFault.interrupted(folder: store.path)
            guard let record, fault(of: store, record, venue) == interrupted else { exit(12) }
            try limit(large)
            try store.recover()
            try store.commit(record, leaves: venue.machine.changedLeaves())
            guard store.tip == record.header else { exit(13) }
            try venue.run(2, into: store)
            if round == 1 { try store.flushLeaves() }
        }
        try store.close()
        let (again, machine, _) = try reopened(folder + "/store")
        guard machine.contents == venue.machine.contents else { exit(14) }
        for record in venue.records {
            guard try again.record(at: record.header.height) == record else { exit(15) }
        }
        exit(0)
    }

    private static func limit(_ value: rlimit) throws {
        var value = value
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &value) == 0 else {
            exit(16)
        }
    }

    private static func fault(
        of store: BlockStore, _ record: BlockRecord, _ venue: ToyVenue
    ) -> StorageFault? {
        do throws(StorageFault) {
            try store.commit(record, leaves: venue.machine.changedLeaves())
            return nil
        } catch {
            return error
        }
    }
}

@Suite struct ProcessTests {
    /// The last height that was told of, over all children.
    private func lastTold(_ site: Site) -> UInt64 {
        site.files(in: "").filter { $0.contains("/told") }.map { path in
            let bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
            let whole = bytes.count - bytes.count % 8
            return whole == 0 ? 0 : UInt64(littleEndianBytes: bytes, at: whole - 8)
        }.max() ?? 0
    }

    @Test func aKilledProcessLosesNothingThatWasAcknowledged() async throws {
        let site = try Site()
        try BlockStore.create(
            at: site.path("store"), machine: ToyMachine(), options: .leaves(every: 7))
        var generator = SeededGenerator(seed: 1)
        var height: UInt64 = 0
        for _ in 0..<storageRounds(8) {
            let folder = site.folder
            let instant = UInt32.random(in: 20_000..<120_000, using: &generator)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, instant = instant as UInt32] in
                try Child.write(in: folder, seed: 77, killedAfter: instant)
            }
            let told = lastTold(site)
            let (store, machine, _) = try reopened(site.path("store"))
            #expect(store.chainTip.height >= told)
            #expect(store.chainTip.height <= told + 1)
            height = max(height, store.chainTip.height)
            var venue = ToyVenue(seed: 77)
            for _ in 0..<machine.height { _ = try venue.next() }
            #expect(machine.contents == venue.machine.contents)
            #expect(store.tip == venue.records.last?.header)
            try store.close()
        }
        #expect(height > 10)
    }

    @Test func aFullDiskIsNamedAndTheStoreGoesOnWhenThereIsRoom() async throws {
        let site = try Site()
        try BlockStore.create(
            at: site.path("store"), machine: ToyMachine(), options: .leaves(every: 7))
        let folder = site.folder
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Child.fill(in: folder)
        }
    }

    @Test func aStoreIsLockedAgainstOtherProcesses() async throws {
        let site = try Site()
        let path = site.path("store")
        try BlockStore.create(at: path, machine: ToyMachine(), options: .leaves(every: 7))
        let (store, _, _) = try reopened(path)
        await #expect(processExitsWith: .success) { [path = path as String] in
            do throws(StorageFault) {
                _ = try reopened(path)
                exit(1)
            } catch {
                exit(error == .locked(folder: path) ? 0 : 2)
            }
        }
        try store.close()
        await #expect(processExitsWith: .success) { [path = path as String] in
            _ = try reopened(path)
        }
    }
}
