/// A chain on disk against what clients were told: everything that was acknowledged is there, at
/// its place, with its receipts; nothing is there twice; and the whole is what an uninterrupted
/// replay makes of it.
import Canonical
import Custody
import Foundation
import Ledger
import Replication

@testable import Node

/// What is in a chain.
struct ChainCheck {
    private(set) var height: UInt64 = 0
    private var places: [[UInt8]: [(height: UInt64, place: Int)]] = [:]
    private var accepted: [UInt64: [Int: [Bool]]] = [:]

    /// Replays the chain of a folder from its genesis and reads it.
    ///
    /// - Throws: `StorageFault` where anything of it is not what the replay makes of it.
    init(_ folder: String, _ genesis: Genesis) throws {
        let store = try BlockStore(opening: folder, chain: genesis.chain)
        var machine = LedgerMachine(genesis: genesis, verifier: NativeVerifier(workers: 2))
        let report = try store.verifyChain(&machine)
        height = report.to
        if height > 0 {
            for height in 1...height { try read(store.record(at: height)) }
        }
        try store.close()
    }

    private mutating func read(_ record: BlockRecord) throws {
        let height = record.header.height
        let block = try Block(canonicalBytes: record.block)
        for (place, bytes) in block.transactions.enumerated() {
            places[bytes, default: []].append((height, place))
        }
        for receipt in try EncodedOutcome(canonicalBytes: record.outcome).receipts {
            accepted[height, default: [:]][Int(receipt.transaction), default: []].append(
                receipt.refusal == nil)
        }
    }

    /// Whether a transaction is there, once.
    func hasOnce(_ bytes: [UInt8]) -> Bool { places[bytes]?.count == 1 }

    /// What is wrong with an acknowledgement; nil where it holds.
    func fault(_ what: Acknowledgement, of bytes: [UInt8]) -> String? {
        guard let found = places[bytes] else { return "lost: block \(what.height)" }
        guard found.count == 1 else { return "\(found.count) times" }
        guard found[0].height == what.height, found[0].place == what.place else {
            return "at \(found[0]), not at \(what.height), \(what.place)"
        }
        let receipts = accepted[what.height]?[what.place] ?? []
        return receipts == what.accepted ? nil : "receipts are \(receipts), not \(what.accepted)"
    }

    /// The transactions that are there more than once.
    var repeated: Int { places.values.count { $0.count > 1 } }
}
