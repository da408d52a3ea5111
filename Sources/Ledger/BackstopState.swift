/// What the ledger keeps of those who stand behind a compartment: the providers of its backstop,
/// the clocks of auctions, the fees that wait to be shared, and for how long makers stood
/// (`docs/backstop.md`).

import Canonical
import Catalogue
import FixedPoint
import Liquidation

/// Limits that do not count yet.
struct WaitingLimits: Equatable {
    let limits: BackstopLimits
    /// From when on they count.
    let start: Timestamp
}

/// An account that is committed to the backstop of its compartment with all that it holds.
struct BackstopProvider: Equatable {
    let account: AccountIdentifier
    var limits: BackstopLimits
    var waiting: WaitingLimits?
    /// From when on it may leave, if it has given notice.
    var noticeEnd: Timestamp?
    /// The underlyings in which it has lost what it may, ascending: it takes nothing there until
    /// other limits count.
    var stopped: [UnderlyingIdentifier] = []
    /// Its equity when the last epoch ended, not negative: what counts for fees is the lower of
    /// this and its equity when the next one ends.
    var weighed = Amount.zero

    init(account: AccountIdentifier, limits: BackstopLimits) {
        self.account = account
        self.limits = limits
    }
}

/// When the auction of an account under liquidation began.
struct AuctionClock: Equatable {
    let account: AccountIdentifier
    let start: Timestamp
}

/// For how long a maker stood in an epoch, all perpetuals added, in nanoseconds.
struct MakerPresence: Equatable {
    let account: AccountIdentifier
    var all: UInt64 = 0
    /// Of it, under stress.
    var stressed: UInt64 = 0
}

/// The fees that wait for the end of an epoch, an hour, and what they are shared by.
struct IncentiveFunds: Equatable {
    /// Hours since 1970; zero before the first.
    var epoch: UInt64 = 0
    /// For providers; it lies with the venue's fees.
    var backstop = Amount.zero
    /// For makers.
    var rebates = Amount.zero
    /// For how long they could have stood, all perpetuals added, in nanoseconds.
    var measured: UInt64 = 0
    var measuredStress: UInt64 = 0
    /// Orders of at least this priority have come since makers were last looked at, and have not
    /// stood through a block yet.
    var nextPriority: UInt64 = 0
    /// Ascending by account.
    var makers: [MakerPresence] = []

    var isIdle: Bool { self == IncentiveFunds() }
}

/// Everything of backstops and makers.
struct BackstopState {
    /// By compartment; empty where nobody stands behind them.
    let parameters: [BackstopParameters]
    /// By compartment; empty where makers owe nothing.
    let terms: [MakerTerms]
    /// Ascending by account.
    private(set) var providers: [BackstopProvider] = []
    /// Ascending by account.
    private(set) var clocks: [AuctionClock] = []
    /// By compartment.
    private(set) var funds: [IncentiveFunds]
    /// Derived: committed makers, ascending.
    private(set) var makers: [AccountIdentifier] = []
    /// By provider: how many slices of this block it could not back; none in between.
    var failures: [UInt32] = []

    private var touchedProviders: [AccountIdentifier] = []
    private var touchedClocks: [AccountIdentifier] = []
    private var touchedFunds: TouchedPlaces

    init(genesis: Genesis) {
        parameters = genesis.safeguards.backstops
        terms = genesis.safeguards.makers
        funds = genesis.catalogue.compartments.map { _ in IncentiveFunds() }
        touchedFunds = TouchedPlaces(count: genesis.catalogue.compartments.count)
    }

    /// Whether there is anything to share.
    var hasIncentives: Bool { !parameters.isEmpty || !terms.isEmpty }

    // Providers.

    /// The place of an account's row; nil where it is no provider. O(log providers).
    func place(of account: AccountIdentifier) -> Int? {
        guard !providers.isEmpty else { return nil }
        let place = BackstopState.search(providers.count) { providers[$0].account < account }
        return place < providers.count && providers[place].account == account ? place : nil
    }

    func isProvider(_ account: AccountIdentifier) -> Bool { place(of: account) != nil }

    /// Adds a provider, or replaces its row.
    mutating func set(_ provider: BackstopProvider) {
        touchedProviders.append(provider.account)
        let place = BackstopState.search(providers.count) {
            providers[$0].account < provider.account
        }
        if place < providers.count, providers[place].account == provider.account {
            providers[place] = provider
        } else {
            providers.insert(provider, at: place)
        }
    }

    mutating func remove(_ account: AccountIdentifier) {
        touchedProviders.append(account)
        providers.removeAll { $0.account == account }
    }

    // Auctions.

    func auctionStart(of account: AccountIdentifier) -> Timestamp? {
        let place = BackstopState.search(clocks.count) { clocks[$0].account < account }
        return place < clocks.count && clocks[place].account == account
            ? clocks[place].start : nil
    }

    /// Starts, or forgets, the clock of an auction.
    mutating func setAuctionStart(_ start: Timestamp?, of account: AccountIdentifier) {
        let place = BackstopState.search(clocks.count) { clocks[$0].account < account }
        let isThere = place < clocks.count && clocks[place].account == account
        guard isThere != (start != nil) else { return }
        touchedClocks.append(account)
        if let start {
            clocks.insert(AuctionClock(account: account, start: start), at: place)
        } else {
            clocks.remove(at: place)
        }
    }

    // Incentives.

    /// Takes note of what a trade earned the venue, the insurance fund's share taken off.
    mutating func countFees(_ earned: Amount, in home: CompartmentIdentifier) {
        let place = Int(home.number)
        if place < parameters.count {
            funds[place].backstop += BackstopState.share(parameters[place].tradingShare, of: earned)
        }
        if place < terms.count {
            funds[place].rebates += BackstopState.share(terms[place].feeShare, of: earned)
        }
        touchedFunds.touch(place)
    }

    /// Changes the funds of a compartment.
    mutating func changeFunds(
        of place: Int, _ body: (inout IncentiveFunds) -> Void
    ) {
        touchedFunds.touch(place)
        body(&funds[place])
    }

    /// Takes note that an account is a committed maker, or is none.
    mutating func setMaker(_ isMaker: Bool, _ account: AccountIdentifier) {
        let place = BackstopState.search(makers.count) { makers[$0] < account }
        let isThere = place < makers.count && makers[place] == account
        if isMaker, !isThere { makers.insert(account, at: place) }
        if !isMaker, isThere { makers.remove(at: place) }
    }

    /// A share of an amount that is not negative, rounded down.
    static func share(_ ratio: Ratio, of amount: Amount) -> Amount {
        let exact = Int128(amount.units) * Int128(ratio.units) / Int128(Ratio.one.units)
        return Amount(microunits: Int64(exact))
    }

    /// The first place that does not come before what is looked for.
    private static func search(_ count: Int, isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // Leaves.

    /// The keys of leaves that the block has changed, and forgets them.
    mutating func takeTouched() -> [LeafKey] {
        var keys: [LeafKey] = []
        BackstopState.empty(&touchedProviders) { keys.append(.backstop($0)) }
        BackstopState.empty(&touchedClocks) { keys.append(.auction($0)) }
        for place in touchedFunds.list {
            keys.append(.incentives(CompartmentIdentifier(UInt16(place))))
        }
        touchedFunds.clear()
        return keys
    }

    /// Hands over each account once, and empties the list.
    private static func empty(
        _ list: inout [AccountIdentifier], _ body: (AccountIdentifier) -> Void
    ) {
        list.sort()
        for place in list.indices where place == 0 || list[place] != list[place - 1] {
            body(list[place])
        }
        list.removeAll(keepingCapacity: true)
    }

    /// Every leaf that there is.
    var keys: [LeafKey] {
        var keys: [LeafKey] = providers.map { .backstop($0.account) }
        keys += clocks.map { .auction($0.account) }
        for place in funds.indices where !funds[place].isIdle {
            keys.append(.incentives(CompartmentIdentifier(UInt16(place))))
        }
        return keys
    }
}
