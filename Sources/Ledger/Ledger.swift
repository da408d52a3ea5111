/// The machine as others hold it: a shell around `LedgerState` that says what of it they may see.

public import Accounts
public import Canonical
public import Catalogue
public import Cryptography
public import FixedPoint
public import Markets
public import Oracle
public import Risk

/// What `apply` goes through; `enforce` stands for `open` and `observe` too.
package enum Stage: Sendable {
    case check, enforce, execute, close
}

/// One chain's state and its transition.
public final class Ledger {
    var state: LedgerState

    /// The state before the first block.
    public init(genesis: Genesis) { state = LedgerState(genesis: genesis, isMargined: true) }

    /// - Parameter isMargined: false matches without any margin, to measure what matching costs.
    package init(genesis: Genesis, isMargined: Bool) {
        state = LedgerState(genesis: genesis, isMargined: isMargined)
    }

    /// A machine in the state that the leaves hold.
    ///
    /// - Parameters:
    ///   - leaves: in any order.
    ///   - root: what they must hash to.
    /// - Throws: `RestoreFault`.
    public convenience init(
        genesis: Genesis, leaves: [Leaf], root: Digest
    ) throws(RestoreFault) {
        try self.init(
            genesis: genesis, keys: ByteStrings(leaves.map { $0.key.canonicalBytes }),
            values: ByteStrings(leaves.map { $0.value }), root: root)
    }

    /// A machine in the state that the leaves hold, as they are stored. A million leaves take a few
    /// seconds.
    ///
    /// - Parameters:
    ///   - keys: the encodings of the leaves' names, in any order.
    ///   - values: of each leaf in the same order.
    ///   - root: what they must hash to.
    /// - Throws: `RestoreFault`.
    /// - Precondition: as many values as keys.
    public init(
        genesis: Genesis, keys: ByteStrings, values: ByteStrings, root: Digest
    ) throws(RestoreFault) {
        state = LedgerState(genesis: genesis, isMargined: true)
        try state.restore(keys: keys, values: values, root: root)
    }

    /// Applies the next block.
    ///
    /// - Parameter verifier: gives verdicts by the rule of ZIP-215; it may remember what admission
    ///   has already verified, and nothing else.
    /// - Throws: `BlockFault` where the block is not canonical; nothing has changed then.
    @inlinable
    public func apply<Verifier: SignatureVerifier>(
        _ block: Block, verifier: Verifier
    ) throws(BlockFault) -> BlockOutcome {
        let statements = try check(block)
        return apply(
            block, verdicts: verifier.verify(statements),
            recovered: verifier.recover(attestedSignatures))
    }

    /// Of the block that was checked last, until it is applied.
    @usableFromInline
    var attestedSignatures: [RecoverableSignature] { state.checked.attestedSignatures }

    @usableFromInline
    func check(_ block: Block) throws(BlockFault) -> [SignedStatement] {
        try state.check(block)
    }

    @usableFromInline
    func apply(
        _ block: Block, verdicts: [Bool], recovered: [EthereumAddress?]
    ) -> BlockOutcome {
        state.apply(block, verdicts: verdicts, recovered: recovered)
    }

    // What the chain is.

    public var genesis: Genesis { state.genesis }
    /// The chain's identifier.
    public var chain: Digest { state.chain }
    /// What exists on the venue.
    public var catalogue: Catalogue { state.catalogue }
    /// The last block's height.
    public var height: UInt64 { state.facts.height }
    /// The last block's time.
    public var time: Timestamp { state.facts.time }
    /// The root of the state tree.
    public var root: Digest { state.tree.root }
    /// The number that the next order will get.
    package var nextOrder: UInt64 { state.facts.nextOrder }

    // What it holds.

    public var accounts: AccountsState { _read { yield state.accounts } }
    public var books: OrderBooks { _read { yield state.books } }
    public var risk: RiskState { _read { yield state.risk } }
    public var tree: SparseMerkleTree { _read { yield state.tree } }
    /// By instrument.
    public var phases: [MarketPhase] { state.phases }
    /// By underlying.
    public var feeds: [IndexFeed] { state.feeds }
    /// By underlying: the curve of each expiry.
    public var surfaces: [SurfaceFeed] { state.surfaces }
    /// By instrument.
    public var prices: [InstrumentPrices] { state.prices }

    /// The averages behind the expiries of an underlying whose window has begun, ascending: what of
    /// the settlement price is known already, and which share of it.
    public func settlementAverages(of underlying: UnderlyingIdentifier) -> [SettlementAverage] {
        state.settlements[Int(underlying.number)]
    }

    /// The curve in force of an expiry as the last repricing saw it: the forward at the index, and
    /// the volatility of every strike. Nil before the first price and the first curve.
    public func curve(of underlying: UnderlyingIdentifier, expiry: Timestamp) -> CurveSlice? {
        state.curveSlice(of: underlying, expiry: expiry)
    }

    /// The worst prices that orders may have, through the mark by the band; nil before the first
    /// price, and after the expiry.
    public func priceBand(
        of instrument: InstrumentIdentifier
    ) -> (highestBuy: Price, lowestSell: Price)? {
        let bounds = state.marketBounds[Int(instrument.number)]
        guard bounds.highestBuy.isPositive else { return nil }
        return (bounds.highestBuy, bounds.lowestSell)
    }

    /// The open orders of an account, oldest first.
    public func openOrders(of identifier: AccountIdentifier) -> [Order] {
        state.openOrders(of: identifier)
    }

    /// Margin under the initial rule, open orders included.
    public func initialMargin(of identifier: AccountIdentifier) -> MarginBreakdown {
        state.initialMargin(of: identifier)
    }

    /// Margin under the maintenance rule.
    public func maintenanceMargin(of identifier: AccountIdentifier) -> MarginBreakdown {
        state.maintenanceMargin(of: identifier)
    }

    /// What all positions of an account are worth at the mark, longs and shorts added.
    public func grossNotional(of identifier: AccountIdentifier) -> Amount {
        state.grossNotional(of: identifier)
    }

    /// What may leave an account now.
    public func withdrawable(_ identifier: AccountIdentifier) -> Amount {
        state.withdrawable(identifier)
    }

    /// The value of a leaf; nil where there is none.
    public func value(of key: LeafKey) -> [UInt8]? { state.value(of: key) }

    /// Calls `body` with each leaf that the last block has changed; the value of one that it has
    /// deleted is empty. Before the first block and after restoring there is none. O(changes).
    public func forEachChangedLeaf(
        _ body: (_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Void
    ) {
        state.closing.forEachLeaf(body)
    }

    /// Every leaf: all primary state.
    public func leaves() -> [Leaf] { state.leaves() }

    /// The first thing that is not as it should be, in words; nil if all is. O(state).
    public func auditFailure() -> String? { state.auditFailure() }

    /// Whether blocks keep what certificates are made of. It costs a copy of every account that
    /// changes before commands run; a block without margin calls has none but at midnight.
    package var collectsEvidence: Bool {
        get { state.collectsEvidence }
        set {
            state.collectsEvidence = newValue
            state.accounts.keepsPreimages = newValue
            state.evidence.removeAll()
        }
    }

    /// What the last block keeps for certificates, ascending by account.
    package var evidence: [AccountEvidence] { state.evidence }

    /// Called when a stage has ended: for measuring.
    package var onStage: ((Stage) -> Void)? {
        get { state.onStage }
        set { state.onStage = newValue }
    }

    /// Called when a command has run: for measuring.
    package var onCommand: (() -> Void)? {
        get { state.onCommand }
        set { state.onCommand = newValue }
    }
}
