/// The margin of all accounts, kept incrementally (DESIGN 5). For each account and underlying there
/// are three rows of lanes, one value per scenario, in 2^-fractionBits µ:
///
/// - L initial and L maintenance: `Σ quantity·Δ` over the positions, the rule's factor inside Δ;
/// - O: `Σ min(−floor, e + quantity·Δ)` over the open orders, with
///   `e = quantity·(valuation − limit) − highest fee`, valued on the order's own side.
///
/// An order's part of O is at most what the order could add to equity plus L if it filled, in every
/// scenario; so a fill never lowers initial health, and an order that was admitted stays backed
/// until prices change (Invariant 2). The order floor sits inside the minimum of each scenario
/// instead of outside of all: see docs/decisions/0003.
///
/// Everything here is derived: it can be made again from accounts, orders and prices.

public import Canonical
public import Catalogue
public import FixedPoint
public import Markets

/// Valuations of all instruments and margin state of all accounts.
public final class RiskState {
    public let catalogue: Catalogue
    /// By underlying.
    public let parameters: [MarginParameters]
    /// By instrument.
    public private(set) var instruments: [InstrumentRisk]
    /// Vectors in a row of one kind.
    let blocks: Int
    var table: LaneTable
    /// By instrument: what the hot path needs of `instruments`.
    private(set) var lots: [LotTerms]
    /// Δ by instrument: a row's initial vectors, then its maintenance vectors, each padded to
    /// `blocks`.
    private(set) var deltas: LaneTable
    var accounts: [AccountMargin] = []

    /// No accounts, no prices.
    ///
    /// - Precondition: one set of parameters for each underlying, validated.
    public init(catalogue: Catalogue, parameters: [MarginParameters]) {
        precondition(
            parameters.count == catalogue.underlyings.count,
            "Invariant: margin parameters for every underlying")
        self.catalogue = catalogue
        self.parameters = parameters
        instruments = catalogue.instruments.map { instrument in
            let underlying = catalogue.underlyings[Int(instrument.underlying.number)]
            return InstrumentRisk(instrument: instrument, fractionBits: underlying.fractionBits)
        }
        var lanes = 1
        for entry in parameters {
            lanes = max(lanes, entry.initial.scenarios.count, entry.maintenance.scenarios.count)
        }
        blocks = (lanes + 7) / 8
        table = LaneTable(stride: blocks * 3)
        deltas = LaneTable(stride: blocks * 2)
        lots = instruments.map { LotTerms($0) }
        for _ in instruments { _ = deltas.allocate() }
    }

    /// Takes note of a new account.
    public func openAccount() { accounts.append(AccountMargin()) }

    /// What an account holds and quotes, ascending by instrument.
    public func exposures(of account: AccountIdentifier) -> [Exposure] {
        accounts[Int(account.number)].exposures
    }

    /// What an account holds and quotes of one instrument.
    public func exposure(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Exposure {
        let margin = accounts[Int(account.number)]
        let (place, found) = margin.exposurePlace(instrument)
        return found ? margin.exposures[place] : Exposure(instrument: instrument)
    }

    /// Whether an account holds or quotes anything of an underlying.
    public func isExposed(
        _ account: AccountIdentifier, to underlying: UnderlyingIdentifier
    ) -> Bool {
        accounts[Int(account.number)].rowPlace(underlying).found
    }

    /// Values one instrument at new prices. The lanes of its accounts are stale until `rebuild`.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    public func reprice(
        _ instrument: InstrumentIdentifier, mark: IndexPrice, stable: IndexPrice,
        fundingRate: Ratio
    ) throws(ArithmeticFault) {
        let place = Int(instrument.number)
        let underlying = Int(instruments[place].instrument.underlying.number)
        try instruments[place].reprice(
            mark: mark, stable: stable, fundingRate: fundingRate,
            parameters: parameters[underlying])
        publish(place)
    }

    /// Copies an instrument's valuation to where the hot path reads it. Rules with fewer scenarios
    /// than the longest repeat their last.
    private func publish(_ place: Int) {
        let risk = instruments[place]
        lots[place] = LotTerms(risk)
        for (kind, vectors) in [risk.initialDelta, risk.maintenanceDelta].enumerated() {
            guard let last = vectors.last else { continue }
            for block in 0..<blocks {
                deltas[Int32(place), kind * blocks + block] =
                    block < vectors.count ? vectors[block] : Lanes(repeating: last[7])
            }
        }
    }

    /// Adds lots to a position.
    public func changePosition(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, by lots: Quantity
    ) {
        let place = exposurePlace(account, instrument)
        accounts[Int(account.number)].exposures[place].position += lots
        addPositionLanes(account, instrument, lots: lots)
        releaseIfEmpty(account, instrument)
    }

    /// Takes an order in, out, or to another size.
    ///
    /// - Parameters:
    ///   - old, new: lots before and after; not negative.
    ///   - tier: of the account.
    public func changeOrder(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, side: Side,
        price: Price, reduceOnly: Bool, from old: Quantity, to new: Quantity, tier: FeeTier
    ) {
        let place = exposurePlace(account, instrument)
        let change = new - old
        if side == .buy {
            accounts[Int(account.number)].exposures[place].buys += change
            if reduceOnly { accounts[Int(account.number)].exposures[place].reducingBuys += change }
        } else {
            accounts[Int(account.number)].exposures[place].sells += change
            if reduceOnly { accounts[Int(account.number)].exposures[place].reducingSells += change }
        }
        addOrderLanes(account, instrument, side, price, lots: old, tier, sign: -1)
        addOrderLanes(account, instrument, side, price, lots: new, tier, sign: 1)
        releaseIfEmpty(account, instrument)
    }

    /// The lanes of one underlying made again from positions and open orders: after a repricing, or
    /// a change of the account's fee tier.
    public func rebuild<Orders: Sequence<Order>>(
        _ account: AccountIdentifier, underlying: UnderlyingIdentifier, orders: Orders,
        tier: FeeTier
    ) {
        let (slot, found) = accounts[Int(account.number)].rowPlace(underlying)
        guard found else { return }
        table.fill(accounts[Int(account.number)].rows[slot].row, with: Lanes(repeating: 0))
        for exposure in accounts[Int(account.number)].exposures
        where self.underlying(of: exposure.instrument) == underlying {
            addPositionLanes(account, exposure.instrument, lots: exposure.position)
        }
        for order in orders where self.underlying(of: order.instrument) == underlying {
            addOrderLanes(
                account, order.instrument, order.side, order.price, lots: order.remaining, tier,
                sign: 1)
        }
    }

    /// Takes over valuations that were made elsewhere.
    func take(_ valuations: [InstrumentRisk]) {
        instruments = valuations
        for place in instruments.indices { publish(place) }
    }

    func underlying(of instrument: InstrumentIdentifier) -> UnderlyingIdentifier {
        lots[Int(instrument.number)].underlying
    }

    private func exposurePlace(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier
    ) -> Int {
        let place = Int(account.number)
        let (slot, found) = accounts[place].exposurePlace(instrument)
        if !found {
            accounts[place].exposures.insert(Exposure(instrument: instrument), at: slot)
            let underlying = underlying(of: instrument)
            let (rowSlot, hasRow) = accounts[place].rowPlace(underlying)
            if !hasRow {
                accounts[place].rows.insert((underlying, table.allocate()), at: rowSlot)
            }
        }
        return slot
    }

    private func releaseIfEmpty(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier
    ) {
        let place = Int(account.number)
        let (slot, found) = accounts[place].exposurePlace(instrument)
        guard found, accounts[place].exposures[slot].isEmpty else { return }
        accounts[place].exposures.remove(at: slot)
        let underlying = underlying(of: instrument)
        for exposure in accounts[place].exposures
        where self.underlying(of: exposure.instrument) == underlying { return }
        let rowSlot = accounts[place].rowPlace(underlying).place
        table.release(accounts[place].rows.remove(at: rowSlot).row)
    }
}
