/// What the ledger keeps for its circuit breakers: a breaker for each underlying, market and
/// compartment, what they measure with, and the standing of accounts. A market is held by the
/// highest level of the three that concern it. Rows in which nothing has happened have no leaf.

import Breakers
import Canonical
import Catalogue
import FixedPoint
import Oracle

/// What is watched of an index.
struct UnderlyingWatch: Equatable {
    var breaker = Breaker()
    var window = MoveWindow()

    var isIdle: Bool { breaker.isIdle && window.isEmpty }
}

/// What is watched of a market.
struct MarketWatch: Equatable {
    var breaker = Breaker()
    /// What trades: measures that are published and trip nothing.
    var flow = MarketFlow()
    /// What liquidations began on, each account's part bounded.
    var liquidated = LiquidationWindow.sum
    /// Since when the book stands on the wrong side of the index.
    var divergedSince: Timestamp?
    /// Whether the phase of the book is a breaker's doing, so that it is undone when that ends.
    var holdsBook = false

    var isIdle: Bool {
        breaker.isIdle && flow.isIdle && liquidated.isEmpty && divergedSince == nil && !holdsBook
    }
}

/// What is watched of a compartment.
struct CompartmentWatch: Equatable {
    var breaker = Breaker()
    var liquidated = LiquidationWindow.sum
    /// What the insurance fund paid within an hour.
    var paid = SlidingSum(width: .seconds(300), buckets: 12)

    var isIdle: Bool { breaker.isIdle && liquidated.isEmpty && paid.isEmpty }
}

/// Liquidations count for five minutes.
enum LiquidationWindow {
    static let length = Duration.seconds(300)
    static var sum: SlidingSum { SlidingSum(width: .seconds(30), buckets: 10) }
}

/// Places that have changed since the last block, each once.
struct TouchedPlaces {
    private(set) var list: [Int] = []
    private var isTouched: [Bool]

    init(count: Int) { isTouched = [Bool](repeating: false, count: count) }

    mutating func makeRoom() { isTouched.append(false) }

    mutating func touch(_ place: Int) {
        guard !isTouched[place] else { return }
        isTouched[place] = true
        list.append(place)
    }

    mutating func clear() {
        for place in list { isTouched[place] = false }
        list.removeAll(keepingCapacity: true)
    }
}

/// Everything of the breakers.
struct BreakerState {
    /// Whether anything can raise a level here.
    let isWatching: Bool
    /// The rates of owners; nil where nobody is throttled.
    let rates: FlowParameters?
    /// The limits of vaults; nil where outflow is not limited.
    let limits: VaultParameters?
    /// By underlying.
    var underlyings: [UnderlyingWatch]
    /// By instrument.
    var markets: [MarketWatch]
    /// By compartment.
    var compartments: [CompartmentWatch]
    /// By compartment: what left its vault.
    var vaults: [VaultOutflow]
    var standings = StandingTable()
    /// Derived, by instrument: the highest of its three levels.
    var levels: [MarketLevel]
    /// Derived: accounts with a withdrawal that waits, ascending.
    var queued: [AccountIdentifier] = []
    /// Derived, by account: the first account of its owner, where his flow is kept.
    var flowHolders: [AccountIdentifier] = []
    /// The quote that the last order was counted for: others of its transaction are free.
    var countedQuote: (account: AccountIdentifier, stamp: NonceStamp)?
    /// Whether this block begins another minute, in which waiting withdrawals are let go.
    var isNewMinute = false
    var room: [WeightedPrice] = []

    var touchedUnderlyings: TouchedPlaces
    var touchedMarkets: TouchedPlaces
    var touchedCompartments: TouchedPlaces
    var touchedVaults: TouchedPlaces

    init(genesis: Genesis) {
        let safeguards = genesis.safeguards
        let catalogue = genesis.catalogue
        isWatching =
            !safeguards.breakers.isEmpty || safeguards.vaults != nil || safeguards.guardian != nil
        rates = safeguards.isOn(.throttle) ? safeguards.flow : nil
        limits = safeguards.isOn(.outflowLimit) ? safeguards.vaults : nil
        underlyings = catalogue.underlyings.map { _ in UnderlyingWatch() }
        markets = catalogue.instruments.map { _ in MarketWatch() }
        compartments = catalogue.compartments.map { _ in CompartmentWatch() }
        vaults = catalogue.compartments.map { _ in VaultOutflow() }
        levels = catalogue.instruments.map { _ in .normal }
        touchedUnderlyings = TouchedPlaces(count: underlyings.count)
        touchedMarkets = TouchedPlaces(count: markets.count)
        touchedCompartments = TouchedPlaces(count: compartments.count)
        touchedVaults = TouchedPlaces(count: vaults.count)
    }

    /// Takes in one more market.
    mutating func list(_ instrument: Instrument) {
        markets.append(MarketWatch())
        levels.append(.normal)
        touchedMarkets.makeRoom()
        followLevel(of: markets.count - 1, instrument)
    }

    /// Forgets a market that is retired.
    mutating func retire(_ identifier: InstrumentIdentifier, _ instrument: Instrument) {
        markets[Int(identifier.number)] = MarketWatch()
        followLevel(of: Int(identifier.number), instrument)
        touchedMarkets.touch(Int(identifier.number))
    }

    /// Makes the level of a market from the three breakers that concern it.
    mutating func followLevel(of place: Int, _ instrument: Instrument) {
        levels[place] = level(of: place, instrument)
    }

    /// The highest of the three levels that concern a market.
    func level(of place: Int, _ instrument: Instrument) -> MarketLevel {
        max(
            markets[place].breaker.level,
            underlyings[Int(instrument.underlying.number)].breaker.level,
            compartments[Int(instrument.compartment.number)].breaker.level)
    }

    /// The breaker of a scope that exists.
    func breaker(of scope: BreakerScope) -> Breaker {
        switch scope {
        case .instrument(let identifier): markets[Int(identifier.number)].breaker
        case .underlying(let identifier): underlyings[Int(identifier.number)].breaker
        case .compartment(let identifier): compartments[Int(identifier.number)].breaker
        }
    }

    /// Changes the breaker of a scope that exists.
    mutating func change<Result>(
        _ scope: BreakerScope, _ body: (inout Breaker) -> Result
    ) -> Result {
        touch(scope)
        return switch scope {
        case .instrument(let identifier): body(&markets[Int(identifier.number)].breaker)
        case .underlying(let identifier): body(&underlyings[Int(identifier.number)].breaker)
        case .compartment(let identifier): body(&compartments[Int(identifier.number)].breaker)
        }
    }

    /// Marks the leaf of a scope as changed.
    mutating func touch(_ scope: BreakerScope) {
        switch scope {
        case .instrument(let identifier): touchedMarkets.touch(Int(identifier.number))
        case .underlying(let identifier): touchedUnderlyings.touch(Int(identifier.number))
        case .compartment(let identifier): touchedCompartments.touch(Int(identifier.number))
        }
    }

    /// Marks the account as one with a withdrawal that waits, or as none.
    mutating func setQueued(_ isQueued: Bool, _ account: AccountIdentifier) {
        let place = queued.firstIndex { $0 >= account } ?? queued.count
        let isThere = place < queued.count && queued[place] == account
        if isQueued, !isThere { queued.insert(account, at: place) }
        if !isQueued, isThere { queued.remove(at: place) }
    }
}
