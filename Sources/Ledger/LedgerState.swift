/// The deterministic machine: blocks in; receipts, events and a state root out. It composes the
/// rooms below and holds the loop in which orders meet margin. The same genesis and blocks give the
/// same root on any processor (DESIGN 2 and 4).
///
/// A block runs through five stages, each in a file of its own:
///
///     check ─▶ open ─▶ observe ─▶ enforce ─▶ execute ─▶ close
///
/// `check` may refuse the whole block and changes nothing; from then on it must succeed. What a
/// command may do is decided before it changes anything, one reason a line.

import Accounts
package import Canonical
import Catalogue
import Cryptography
import Economics
import Estimation
package import FixedPoint
import Liquidation
import Markets
import Oracle
import PullOracle
import Risk

/// Counters and roots: primary state that belongs to the chain as a whole.
package struct ChainFacts: Equatable, Sendable {
    package var height: UInt64 = 0
    package var time: Timestamp
    /// The last block time at which pricing time advanced.
    package var pricingTime: Timestamp
    var custodianNonces = NonceWindow()
    var operatorNonces = NonceWindow()
    var guardianNonces = NonceWindow()
    var nextOrder: UInt64 = 1
    var nextPriority: UInt64 = 1
    package var nextEvent: UInt64 = 1
    /// Of the last block's observations, receipts and events (`MerkleList`).
    package var observationsRoot = Digest.zero
    package var receiptsRoot = Digest.zero
    package var eventsRoot = Digest.zero
}

/// One chain's state. It cannot be copied, and is changed in place by one owner, so that access to
/// it is checked when it is compiled and no reference is counted while it runs.
struct LedgerState: ~Copyable {
    private let pinned = Pinned()
    let genesis: Genesis
    /// The chain's identifier.
    let chain: Digest
    /// What Ethereum keys sign on this chain.
    let typedData: TransactionTypedData
    /// What exists on the venue.
    var catalogue: Catalogue
    /// Of the leaves that every block rewrites.
    let fixedKeys: [LeafKey]
    var facts: ChainFacts
    var accounts: AccountsState
    var keys = KeyTable()
    var books: OrderBooks
    /// By instrument.
    var phases: [MarketPhase]
    /// By account: its market-maker protection, ascending by underlying.
    var protections: [[MakerProtection]] = []
    /// By underlying.
    var feeds: [IndexFeed]
    /// Room in which indices are made.
    var aggregation = AggregationRoom()
    /// By underlying: the publishers, without a say where they have no feed of it.
    let speakers: [[Publisher]]
    /// The same for curves.
    let signers: [Publisher]
    /// Who attests prices; nil where genesis takes none.
    var pull: PullState?
    /// By underlying.
    var surfaces: [SurfaceFeed]
    /// By instrument.
    var prices: [InstrumentPrices]
    /// By underlying: what margin was told of it.
    var statements: [PriceStatement]
    /// By underlying: the averages behind the expiries whose window has begun, ascending.
    var settlements: [[SettlementAverage]]
    /// By underlying; empty where genesis states no economics.
    var economics: [MarketEconomics]
    /// By underlying: what sets its M; nil where genesis fixes it.
    var marginModels: [MarginModel?]
    /// The leaves of models that the block has changed.
    var touchedModels: [LeafKey] = []
    /// Who holds which market back, and what accounts have done.
    var breakers: BreakerState
    /// Who stands behind compartments, and what they earn.
    var backstop: BackstopState
    /// What collateral is taken to be worth beside its margin rules.
    var collateral: CollateralState
    /// What the engine may do for accounts before it liquidates them.
    var rescues = RescueTable()
    /// Derived from everything above.
    var risk: RiskState
    /// Derived: what this block's prices allow, by instrument.
    var marketBounds: [MarketBounds]
    /// Derived: what this block's caps and prices allow to be open.
    var caps = CapTable()
    /// Derived, by account: the next account of the same owner, in a ring; empty without economics.
    var nextSibling: [AccountIdentifier] = []
    /// What forced closing has taken of the books lately.
    var closings: ClosingTable
    /// The rule of liquidation, without what a laboratory has switched off.
    let liquidationRule: LiquidationParameters
    /// Derived: accounts under liquidation, ascending where a block begins and ends.
    var liquidating: [AccountIdentifier] = []
    /// Those of them that this block closes against the other side.
    var deleveraging: [AccountIdentifier] = []
    /// Derived: accounts whose collateral is being converted, ascending.
    var converting: [AccountIdentifier] = []
    /// The highest fee of any tier.
    let highestFee: Ratio
    /// Derived: the tree over all leaves.
    var tree = SparseMerkleTree()

    // The block that is being applied.
    var checked = CheckedBlock()
    var execution = Execution()
    var events: [Event] = []
    /// What is hashed when the block closes.
    var closing = ClosingBuffers()
    /// Whether blocks keep what certificates are made of.
    var collectsEvidence = false
    /// Of the last block, ascending by account.
    var evidence: [AccountEvidence] = []
    var touchedOrders: [TouchedOrder] = []
    var pendingWithdrawals: [PendingWithdrawal] = []
    /// Derived: the perpetuals whose funding index moved in this block.
    var movedFunding: [FundingMove] = []
    /// By account: what it has asked to withdraw.
    var askedWithdrawals: [Amount] = []
    var pendingAssetWithdrawals: [PendingAssetWithdrawal] = []
    /// By account: whether it has asked to withdraw an asset.
    var isWithdrawingAsset: [Bool] = []
    var fences = CancelFences()
    /// Whose key or grant this block has changed: nothing that was verified before runs for them.
    var changedSigners: [AccountSigner] = []
    var touchedProtections: [AccountIdentifier] = []
    /// The waiting orders that this block's prices fire.
    var fired: [OrderSlot] = []
    /// The accounts with terms of rescue that this block's prices have margined.
    var watched: [AccountIdentifier] = []
    /// The expiries that this block settles.
    var due: [DueSettlement] = []
    /// Derived, by listing rule: for what its contracts were last sought.
    var listingMemos: [ListingMemo?]
    /// By instrument: whether its leaf has changed; and those that have.
    var isTouchedInstrument: [Bool]
    var touchedInstruments: [InstrumentIdentifier] = []
    /// The order that is trading just now; 0 is none.
    var inFlight = OrderIdentifier(0)
    /// Why it must stop, if something that it caused says so.
    var inFlightStop: CloseReason?

    /// Called when a stage has ended: for measuring.
    var onStage: ((Stage) -> Void)?
    /// Called when a command has run: for measuring.
    var onCommand: (() -> Void)?
    /// Whether anything is margined; off only to measure matching alone.
    let isMargined: Bool

    /// - Parameter isMargined: false matches without any margin, to measure what matching costs.
    init(genesis: Genesis, isMargined: Bool) {
        self.isMargined = isMargined
        self.genesis = genesis
        chain = genesis.chain
        typedData = TransactionTypedData(chain: chain)
        catalogue = genesis.catalogue
        highestFee = genesis.catalogue.highestFee
        fixedKeys = LedgerState.fixedKeys(of: genesis)
        facts = ChainFacts(time: genesis.time, pricingTime: genesis.time)
        accounts = AccountsState(catalogue: genesis.catalogue)
        books = OrderBooks(highestPrices: genesis.catalogue.instruments.map { $0.maximumPrice })
        phases = genesis.catalogue.instruments.map { _ in genesis.openingPhase }
        marketBounds = genesis.catalogue.instruments.map { _ in MarketBounds() }
        feeds = genesis.openingFeeds
        signers = genesis.signers
        speakers = genesis.catalogue.underlyings.indices.map {
            genesis.speakers(of: UnderlyingIdentifier(UInt16($0)))
        }
        pull = genesis.safeguards.pull.map { PullState(parameters: $0) }
        surfaces = genesis.openingSurfaces
        prices = genesis.openingPrices
        settlements = genesis.catalogue.underlyings.map { _ in [] }
        statements = genesis.openingStatements
        listingMemos = genesis.catalogue.listingRules.map { _ in nil }
        isTouchedInstrument = genesis.catalogue.instruments.map { _ in false }
        breakers = BreakerState(genesis: genesis)
        closings = ClosingTable(count: genesis.catalogue.instruments.count)
        liquidationRule = genesis.judgedLiquidation
        backstop = BackstopState(genesis: genesis)
        collateral = CollateralState(genesis: genesis)
        risk = RiskState(catalogue: genesis.catalogue, parameters: genesis.judgedMargins)
        economics = genesis.openingEconomics
        marginModels = genesis.openingMarginModels
        for instrument in genesis.catalogue.instruments {
            openCurve(of: instrument)
            openCap(of: instrument)
        }
        updateOpeningLeaves()
    }

    /// The last block's height.
    var height: UInt64 { facts.height }
    /// The last block's time.
    var time: Timestamp { facts.time }
    /// The root of the state tree.
    var root: Digest { tree.root }

    /// The number that the next order will get.
    var nextOrder: UInt64 { facts.nextOrder }

    /// Runs the five stages over a block that has been checked.
    ///
    /// - Parameters:
    ///   - verdicts: on what `check` returned.
    ///   - recovered: whose the signatures of attested payloads are.
    mutating func apply(
        _ block: Block, verdicts: [Bool], recovered: [EthereumAddress?]
    ) -> BlockOutcome {
        let firstEvent = facts.nextEvent
        events.removeAll(keepingCapacity: true)
        movedFunding.removeAll(keepingCapacity: true)
        onStage?(.check)
        let lastTime = facts.time
        let step = open(block)
        advanceAverages(since: lastTime)
        let moved = observe(block, verdicts: verdicts, recovered: recovered, step: step)
        enforce(moved: moved, step: step)
        if collectsEvidence { collectEvidence() }
        onStage?(.enforce)
        execute(verdicts: verdicts)
        onStage?(.execute)
        close(block)
        onStage?(.close)
        checked.removeAll()
        return BlockOutcome(
            height: facts.height, receipts: execution.receipts, firstEvent: firstEvent,
            events: events, funding: movedFunding, root: tree.root)
    }

    /// Appends an event; its number is its place after the last block's last.
    mutating func emit(_ event: Event) {
        events.append(event)
        facts.nextEvent += 1
    }

    /// Hours since 1970 of this block.
    var hour: UInt64 { facts.time.count(of: .hour) }

    /// UTC days since 1970 of this block.
    var day: UInt64 { facts.time.count(of: .day) }
}
