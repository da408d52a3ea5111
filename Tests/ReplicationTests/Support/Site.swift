/// A folder that goes away with the test, and a toy venue that writes blocks into a store in it.
import Canonical
import Cryptography
import FixedPoint
import Foundation
import TestKit

@testable import Replication

/// A folder for one test.
final class Site {
    let folder: String

    /// Memory where there is some that looks like a disk: hundreds of stores are opened here, and
    /// what these tests look at is not how long a disk takes.
    private static let base: String = {
        let memory = "/dev/shm/"
        return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    }()

    init() throws {
        folder = Site.base + "rampart-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }

    /// The files below a folder of the site, as full paths, in order.
    func files(in name: String) -> [String] {
        PackageFiles.files(below: path(name)).map { path(name) + "/" + $0 }
    }
}

/// A toy chain that a seed determines, with what was acknowledged so far.
struct ToyVenue {
    var machine: ToyMachine
    var records: [BlockRecord] = []
    var generator: SeededGenerator
    /// The most entries of a block and bytes of a value.
    var mostEntries = 8
    var mostBytes = 40

    init(seed: UInt64, machine: ToyMachine = ToyMachine()) {
        self.machine = machine
        generator = SeededGenerator(seed: seed)
    }

    /// The next block, applied.
    mutating func next(term: UInt64 = 0) throws -> BlockRecord {
        let height = machine.height + 1
        let count = Int.random(in: 0...mostEntries, using: &generator)
        let entries = (0..<count).map { _ in
            let key = UInt16.random(in: 0..<200, using: &generator)
            let size = Int.random(in: 0...mostBytes, using: &generator)
            let value = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            return (key: key, value: value)
        }
        let time = machine.time.advanced(by: .seconds(1))
        let block = ToyBlock(height: height, time: time, entries: entries).bytes
        let applied = try machine.apply(encoded: block)
        let record = BlockRecord(
            header: BlockHeader(
                chain: machine.chain, following: records.last?.header, term: term, block: block,
                applied: applied),
            block: block, outcome: applied.outcome)
        records.append(record)
        return record
    }

    /// Commits blocks to a store.
    mutating func run(_ count: Int, into store: BlockStore) throws {
        for _ in 0..<count { try store.commit(try next(), leaves: machine.changedLeaves()) }
    }
}

extension StoreOptions {
    /// What the toy needs; more only costs time.
    private static let smallBuffer = 256 << 10

    /// Leaves are written every `blocks` blocks.
    static func leaves(every blocks: Int, kept: UInt64 = 4) -> StoreOptions {
        var options = StoreOptions()
        options.leafBlocks = blocks
        options.keptBlocks = kept
        options.blockBuffer = smallBuffer
        options.leafBuffer = smallBuffer
        return options
    }
}

/// Opens a store and starts a toy from it.
func reopened(
    _ path: String, options: StoreOptions = .leaves(every: 7)
) throws(StorageFault) -> (BlockStore, ToyMachine, StartReport) {
    let store = try BlockStore(opening: path, chain: ToyMachine().chain, options: options)
    var machine = ToyMachine()
    let report = try store.start(&machine)
    return (store, machine, report)
}
