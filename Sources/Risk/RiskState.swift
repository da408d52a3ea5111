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
import FixedPoint
import Markets

/// Valuations of all instruments and margin state of all accounts. It cannot be copied, so that
/// nobody does by accident.
public struct RiskState: ~Copyable {
    private let pinned = Pinned()
    /// As at genesis: instruments come and go.
    public let catalogue: Catalogue
    /// By underlying.
    public let parameters: [MarginParameters]
    /// By underlying: its prices; nil before the first.
    var markets: [OpenMarket?]
    /// By instrument.
    public internal(set) var instruments: [InstrumentRisk]
    /// By instrument: what the hot path needs of `instruments`.
    private(set) var lots: [LotTerms]
    private(set) var deltas: DeltaTable
    /// The underlyings of which something was valued or listed since `takeRevalued`.
    var revalued = UnderlyingSet()
    /// The underlyings whose loss is more than the lowest lane.
    let specials: UnderlyingSet
    /// Fraction bits by underlying.
    let fractionBits: [Int64]
    var accounts: [AccountMargin] = []
    var table: LaneTable
    var exposurePool = ListPool(filler: Exposure(instrument: InstrumentIdentifier(0)))
    var rowPool = ListPool(filler: LaneRow())

    /// No accounts, no prices.
    ///
    /// - Precondition: one set of parameters for each underlying, validated.
    public init(catalogue: Catalogue, parameters: [MarginParameters]) {
        precondition(
            parameters.count == catalogue.underlyings.count,
            "Invariant: margin parameters for every underlying")
        self.catalogue = catalogue
        self.parameters = parameters
        fractionBits = catalogue.underlyings.map { $0.fractionBits }
        instruments = catalogue.instruments.map { instrument in
            let underlying = catalogue.underlyings[Int(instrument.underlying.number)]
            return InstrumentRisk(instrument: instrument, fractionBits: underlying.fractionBits)
        }
        markets = catalogue.underlyings.map { _ in nil }
        var specials = UnderlyingSet()
        for (place, entry) in parameters.enumerated() where entry.isSpecial {
            specials.insert(UnderlyingIdentifier(UInt16(place)))
        }
        self.specials = specials
        let lanes = parameters.reduce(1) { max($0, $1.scenarioCount) }
        let vectors = (lanes + 3) / 4
        table = LaneTable(count: vectors)
        deltas = DeltaTable(rows: instruments.count, stride: 2 * vectors)
        lots = instruments.map { LotTerms($0) }
    }

    /// Takes note of a new instrument, which has no price yet.
    public mutating func list(_ instrument: Instrument) {
        let risk = InstrumentRisk(
            instrument: instrument, fractionBits: fractionBits[Int(instrument.underlying.number)])
        instruments.append(risk)
        revalued.insert(instrument.underlying)
        lots.append(LotTerms(risk))
        deltas.addRow()
    }

    /// Forgets the valuation of an instrument that nobody holds or quotes any more.
    public mutating func retire(_ instrument: InstrumentIdentifier) {
        let place = Int(instrument.number)
        instruments[place] = InstrumentRisk(
            instrument: instruments[place].instrument,
            fractionBits: instruments[place].fractionBits)
        lots[place] = LotTerms(instruments[place])
        revalued.insert(instruments[place].instrument.underlying)
    }

    /// Takes note of a new account.
    public mutating func openAccount() {
        accounts.makeRoom(for: 1)
        accounts.append(AccountMargin())
    }

    /// What an account holds or quotes.
    public func underlyings(of account: AccountIdentifier) -> UnderlyingSet {
        accounts[Int(account.number)].underlyings
    }

    /// What an account holds and quotes, ascending by instrument.
    public func exposures(of account: AccountIdentifier) -> [Exposure] {
        exposurePool.elements(of: accounts[Int(account.number)].exposures)
    }

    /// What an account holds and quotes of one instrument.
    public func exposure(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Exposure {
        let list = accounts[Int(account.number)].exposures
        let (place, found) = exposurePlace(instrument, in: list)
        return found ? exposurePool[list, place] : Exposure(instrument: instrument)
    }

    /// The underlying of an instrument.
    func underlying(of instrument: InstrumentIdentifier) -> UnderlyingIdentifier {
        lots[Int(instrument.number)].underlying
    }

    /// Takes over valuations that were made elsewhere.
    mutating func take(_ valuations: [InstrumentRisk]) {
        instruments = valuations
        for place in markets.indices { revalued.insert(UnderlyingIdentifier(UInt16(place))) }
        for place in instruments.indices { publish(place) }
    }

    /// Copies an instrument's valuation to where the hot path reads it.
    mutating func publish(_ place: Int) {
        let risk = instruments[place]
        lots[place] = LotTerms(
            risk, pair: strikePair(place), concentrationFrom: concentrationStart(of: risk))
        guard instruments[place].isPriced else { return }
        deltas.set(
            place, initial: instruments[place].initialDelta,
            maintenance: instruments[place].maintenanceDelta)
    }

    /// How an option is netted: calls and puts of a series are listed one after the other.
    private func strikePair(_ place: Int) -> StrikePair {
        let risk = instruments[place].instrument
        guard let series = risk.kind.series,
            parameters[Int(risk.underlying.number)].initial.charges.shortNetting == .strike
        else { return .none }
        let other = series.right == .call ? place + 1 : place - 1
        guard instruments.indices.contains(other),
            let pair = instruments[other].instrument.kind.series,
            instruments[other].instrument.underlying == risk.underlying,
            pair.expiry == series.expiry, pair.strike == series.strike,
            pair.right != series.right
        else { return .none }
        return series.right == .call ? .call : .put
    }

    /// The place of an instrument in a list of exposures, or where it would stand.
    func exposurePlace(
        _ instrument: InstrumentIdentifier, in list: PooledList
    ) -> (place: Int, found: Bool) {
        var place = 0
        while place < list.count {
            let other = exposurePool[list, place].instrument
            if other >= instrument { return (place, other == instrument) }
            place += 1
        }
        return (place, false)
    }

    /// The lanes of an account for an underlying in its set.
    func row(_ margin: AccountMargin, _ underlying: UnderlyingIdentifier) -> LaneRow {
        rowPool[margin.rows, margin.underlyings.rank(of: underlying)]
    }
}
