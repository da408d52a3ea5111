/// A ledger whose blocks are kept as a history takes them in. Signatures are not what is tested
/// here: all are taken as good.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets
import Oracle
import TestKit

@testable import History

/// Takes every signature as good.
struct TrustingVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] { statements.map { _ in true } }
}

final class HistoryVenue {
    let ledger: Ledger
    private(set) var blocks: [HistoryBlock] = []
    /// Micro-dollars at which the publishers see BTC.
    var price: Int64 = 50_000 * HistoryGenesis.million
    private var nonces: [String: UInt64] = [:]

    init(_ name: String = "test") throws {
        ledger = Ledger(genesis: try HistoryGenesis.genesis(name))
    }

    var genesis: Genesis { ledger.genesis }

    // Blocks.

    @discardableResult
    func apply(
        _ transactions: [UInt8]..., milliseconds: UInt64 = 1_000
    ) throws -> BlockOutcome {
        try apply(all: transactions, milliseconds: milliseconds)
    }

    @discardableResult
    func apply(all transactions: [[UInt8]], milliseconds: UInt64 = 1_000) throws -> BlockOutcome {
        let time = ledger.time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        let block = Block(
            height: ledger.height + 1, time: time, observations: (0..<3).map { bundle($0, time) },
            transactions: transactions)
        let outcome = try ledger.apply(block, verifier: TrustingVerifier())
        blocks.append(
            HistoryBlock(
                chain: ledger.chain, height: block.height, time: time,
                hash: SHA256.digest(block.canonicalBytes),
                previous: blocks.last?.hash ?? ledger.chain, root: outcome.root,
                transactions: transactions, receipts: outcome.receipts,
                firstEvent: outcome.firstEvent, events: outcome.events,
                funding: outcome.funding))
        return outcome
    }

    private func bundle(_ publisher: Int, _ time: Timestamp) -> ObservationBundle {
        let underlying = UnderlyingIdentifier(0)
        return ObservationBundle(
            publisher: PublisherIdentifier(UInt16(publisher)), time: time,
            observations: [
                Observation(underlying: underlying, price: IndexPrice(micros: price))
            ],
            curves: ledger.surfaces[0].expiries.map { feed in
                CurveObservation(
                    underlying: underlying, expiry: feed.expiry,
                    forward: IndexPrice(micros: price),
                    volatilities: NodeVolatilities(flat: HistoryVenue.volatility))
            }, signature: Signature(r: Bytes32(), s: Bytes32()))
    }

    /// 60 % a year.
    private static let volatility: UInt32 = 600_000

    /// Lets the window before the expiry pass, and the expiry with it.
    func passExpiry() throws {
        let end = Int64(HistoryGenesis.expiry.nanoseconds / 1_000_000)
        for seconds in stride(from: Int64(320), through: -20, by: -20) {
            let now = Int64(ledger.time.nanoseconds / 1_000_000)
            try apply(milliseconds: UInt64(end - seconds * 1_000 - now))
        }
    }

    // Transactions.

    func transaction(_ signer: Signer, _ commands: Command...) -> [UInt8] {
        let name = String(describing: signer)
        let nonce = nonces[name, default: 0] + 1
        nonces[name] = nonce
        return Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce,
            expiry: ledger.time.advanced(by: .hour), commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32()))
        ).canonicalBytes
    }

    func by(_ account: AccountIdentifier, _ commands: Command...) -> [UInt8] {
        let name = String(describing: Signer.account(account))
        let nonce = nonces[name, default: 0] + 1
        nonces[name] = nonce
        return Transaction(
            chain: ledger.chain, signer: .account(account), nonce: nonce,
            expiry: ledger.time.advanced(by: .hour), commands: commands,
            signature: .ed25519(Signature(r: Bytes32(), s: Bytes32()))
        ).canonicalBytes
    }

    /// Opens accounts of so many dollars each, of owners of their own.
    func openAccounts(_ dollars: Int64...) throws -> [AccountIdentifier] {
        try dollars.map { amount in
            let account = AccountIdentifier(UInt32(ledger.accounts.accounts.count))
            try apply(
                transaction(
                    .custodian,
                    .openAccount(
                        owner: .ed25519(HistoryGenesis.key("owner \(account.number)")),
                        compartment: CompartmentIdentifier(0)),
                    .deposit(
                        Amount(microunits: amount * HistoryGenesis.million), to: account,
                        reference: Bytes32([UInt8](repeating: 7, count: 32)))))
            return account
        }
    }

    /// Two accounts trade.
    func trade(
        _ maker: AccountIdentifier, _ taker: AccountIdentifier, buys side: Side = .buy,
        _ lots: Int64, at ticks: Int64, of instrument: InstrumentIdentifier
    ) throws {
        try apply(
            by(maker, .place(.limit(instrument, side.opposite, lots, at: ticks))),
            by(taker, .place(.limit(instrument, side, lots, at: ticks))))
    }

    // Histories.

    /// All blocks through a projection, so many to a batch.
    func batches(of size: Int = .max) throws -> [HistoryBatch] {
        try blocks.batches(genesis, of: size)
    }

    /// All blocks through a projection, as one batch.
    func batch() throws -> HistoryBatch { try batches()[0] }
}

extension OrderRequest {
    /// - Parameter ticks: nil for a market order.
    static func limit(
        _ instrument: InstrumentIdentifier, _ side: Side, _ lots: Int64, at ticks: Int64?
    ) -> OrderRequest {
        OrderRequest(
            instrument: instrument, side: side, limit: ticks.map { Price(ticks: $0) },
            quantity: Quantity(lots: lots),
            timeInForce: ticks == nil ? .immediateOrCancel : .goodTillCancelled)
    }
}

/// Blocks out of memory, as a source.
struct BlockList: HistorySource {
    var blocks: ArraySlice<HistoryBlock>
    /// The height at which it gives up.
    var brokenHeight: UInt64?

    struct Broken: Error, Equatable {}

    init(_ blocks: [HistoryBlock], brokenHeight: UInt64? = nil) {
        self.blocks = blocks[...]
        self.brokenHeight = brokenHeight
    }

    mutating func next() throws(Broken) -> HistoryBlock? {
        guard let block = blocks.popFirst() else { return nil }
        guard block.height != brokenHeight else { throw Broken() }
        return block
    }
}

extension [HistoryBlock] {
    /// Through a projection, so many to a batch.
    func batches(_ genesis: Genesis, of size: Int) throws -> [HistoryBatch] {
        var projection = HistoryProjection(genesis: genesis)
        var batches: [HistoryBatch] = []
        for (place, block) in enumerated() {
            try projection.take(block)
            if place % size == size - 1 { batches.append(projection.takeBatch()) }
        }
        batches.append(projection.takeBatch())
        return batches
    }
}
