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

public import Accounts
public import Canonical
public import Catalogue
public import Cryptography
public import FixedPoint
public import Markets
public import Oracle
public import Risk

/// Where an account's open order stands.
struct OrderReference: Sendable {
    let identifier: OrderIdentifier
    let clientIdentifier: ClientOrderIdentifier
    let instrument: InstrumentIdentifier
    let slot: OrderSlot
}

/// Counters and roots: primary state that belongs to the chain as a whole.
struct ChainFacts: Equatable, Sendable {
    var height: UInt64 = 0
    var time: Timestamp
    /// The last block time at which pricing time advanced.
    var pricingTime: Timestamp
    var custodianNonce: UInt64 = 0
    var operatorNonce: UInt64 = 0
    var nextOrder: UInt64 = 1
    var nextPriority: UInt64 = 1
    var nextEvent: UInt64 = 1
    /// Of the last block's observations, receipts and events (`MerkleList`).
    var observationsRoot = Digest.zero
    var receiptsRoot = Digest.zero
    var eventsRoot = Digest.zero
}

/// What `apply` goes through; `enforce` stands for `open` and `observe` too.
package enum Stage: Sendable {
    case check, enforce, execute, close
}

/// One chain's state and its transition.
public final class Ledger {
    public let genesis: Genesis
    /// The chain's identifier.
    public let chain: Digest
    /// What exists on the venue.
    public let catalogue: Catalogue
    var facts: ChainFacts
    public internal(set) var accounts: AccountsState
    /// By instrument.
    public let books: [OrderBook]
    /// By underlying.
    public internal(set) var feeds: [IndexFeed]
    /// By instrument.
    public internal(set) var perpetuals: [PerpetualPrices]
    /// Derived from everything above.
    public internal(set) var risk: RiskState
    /// Derived: each account's open orders, ascending by number.
    var references: [[OrderReference]] = []
    /// Derived: accounts under liquidation, ascending.
    var liquidating: [AccountIdentifier] = []
    /// Derived: the tree over all leaves.
    public internal(set) var tree = SparseMerkleTree()

    // The block that is being applied.
    var events: [Event] = []
    var touchedOrders: [(order: OrderIdentifier, account: AccountIdentifier)] = []
    var pendingWithdrawals: [PendingWithdrawal] = []
    /// By account: what it has asked to withdraw.
    var askedWithdrawals: [Amount] = []
    var fences = CancelFences()

    /// Called when a stage has ended: for measuring.
    package var onStage: ((Stage) -> Void)?
    /// Called when a command has run: for measuring.
    package var onCommand: (() -> Void)?
    /// Whether anything is margined; off only to measure matching alone.
    let isMargined: Bool

    /// The state before the first block.
    public convenience init(genesis: Genesis) { self.init(genesis: genesis, isMargined: true) }

    /// - Parameter isMargined: false matches without any margin, to measure what matching costs.
    package init(genesis: Genesis, isMargined: Bool) {
        self.isMargined = isMargined
        self.genesis = genesis
        chain = genesis.chain
        catalogue = genesis.catalogue
        facts = ChainFacts(time: genesis.time, pricingTime: genesis.time)
        accounts = AccountsState(catalogue: genesis.catalogue)
        books = genesis.catalogue.instruments.map { _ in OrderBook() }
        feeds = genesis.oracles.map { parameters in
            IndexFeed(parameters: parameters, publishers: genesis.publishers.count)
        }
        perpetuals = genesis.perpetuals.map { PerpetualPrices(parameters: $0) }
        risk = RiskState(catalogue: genesis.catalogue, parameters: genesis.margins)
        tree.update(fixedLeaves())
    }

    /// The last block's height.
    public var height: UInt64 { facts.height }
    /// The last block's time.
    public var time: Timestamp { facts.time }
    /// The root of the state tree.
    public var root: Digest { tree.root }

    /// Applies the next block.
    ///
    /// - Parameter verifier: gives verdicts by the rule of ZIP-215; it may remember what admission
    ///   has already verified, and nothing else.
    /// - Throws: `BlockFault` where the block is not canonical; nothing has changed then.
    @inlinable
    public func apply<Verifier: SignatureVerifier>(
        _ block: Block, verifier: Verifier
    ) throws(BlockFault) -> BlockOutcome {
        let checked = try check(block)
        return apply(checked, verdicts: verifier.verify(checked.statements))
    }

    /// Runs the five stages over a block that has been checked.
    @usableFromInline
    func apply(_ checked: CheckedBlock, verdicts: [Bool]) -> BlockOutcome {
        let firstEvent = facts.nextEvent
        events.removeAll(keepingCapacity: true)
        onStage?(.check)
        let step = open(checked.block)
        let moved = observe(checked, verdicts: verdicts, step: step)
        enforce(moved: moved, step: step)
        onStage?(.enforce)
        let receipts = execute(checked, verdicts: verdicts)
        onStage?(.execute)
        close(checked.block, receipts: receipts)
        onStage?(.close)
        return BlockOutcome(
            height: facts.height, receipts: receipts, firstEvent: firstEvent, events: events,
            root: tree.root)
    }

    /// Appends an event; its number is its place after the last block's last.
    func emit(_ event: Event) {
        events.append(event)
        facts.nextEvent += 1
    }

    /// Hours since 1970 of this block.
    var hour: UInt64 { facts.time.count(of: .hour) }

    /// UTC days since 1970 of this block.
    var day: UInt64 { facts.time.count(of: .day) }
}
