/// What a position is worth and asks, in the figures that Deribit names. Margin is a matter of the
/// whole account; a position's own is what the account's requirement would fall by without it.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Risk

/// One position's figures.
struct PositionFigures {
    let position: Position
    let instrument: Instrument
    let mark: IndexPrice
    let index: IndexPrice
    /// Signed; rounded down.
    let worth: Amount
    /// Funding since the position last changed; negative is received.
    let fundingOwed: Amount
    let greeks: PositionGreeks
    let initialMargin: Amount
    let maintenanceMargin: Amount
    /// Whether it is known what it is worth.
    let isPriced: Bool
    /// The mark at which the account's liquidation begins, where this position alone decides it.
    let liquidationMark: IndexPrice?

    init(_ position: Position, of account: AccountIdentifier, _ ledger: Ledger) {
        let place = Int(position.instrument.number)
        let risk = ledger.risk.instruments[place]
        self.position = position
        instrument = ledger.catalogue.instruments[place]
        mark = ledger.prices[place].mark
        index = ledger.feeds[Int(instrument.underlying.number)].index
        isPriced = risk.isPriced
        worth = Amount(
            microunits: (risk.markValue * position.quantity.units) >> risk.fractionBits)
        fundingOwed = position.fundingOwedRoundedUp(
            at: ledger.accounts.totals[place].fundingIndex)
        greeks = PositionGreeks(position.quantity, of: instrument, ledger)
        let without = ledger.hypotheticalMargins(
            of: account, adding: [HypotheticalLots(position.instrument, -position.quantity)])
        let initial = ledger.initialMargin(of: account).requirement
        let maintenance = ledger.maintenanceMargin(of: account).requirement
        initialMargin = max(.zero, initial - (without?.initial.requirement ?? initial))
        maintenanceMargin = max(
            .zero, maintenance - (without?.maintenance.requirement ?? maintenance))
        liquidationMark = position.quantity == .zero ? nil : ledger.liquidationMark(of: account)
    }

    /// What it has gained beyond its cost, funding apart.
    var floatingProfit: Amount { isPriced ? worth - position.cost : .zero }

    /// Average cost of a unit in units of 10⁻⁶ quote, rounded to the nearest.
    var averagePrice: Int128 {
        let size = Int128(position.quantity.lots) * Int128(instrument.lotSize)
        guard size != 0 else { return 0 }
        let scale = Int128(Instrument.lotScale)
        let (cost, magnitude) = (Int128(position.cost.units.magnitude), size.magnitude)
        return (2 * cost * scale + Int128(magnitude)) / (2 * Int128(magnitude))
    }

    /// Worth over margin, a whole number in `1 ... 1,000`.
    var leverage: Int64 {
        guard initialMargin.isPositive else { return PositionFigures.mostLeverage }
        return min(
            max(Int64(worth.units.magnitude / UInt64(initialMargin.units)), 1),
            PositionFigures.mostLeverage)
    }

    private static let mostLeverage: Int64 = 1_000
}

extension JSONWriter {
    /// A position.
    ///
    /// - Parameter realised: since when it is remembered, today.
    mutating func position(
        _ figures: PositionFigures, _ realised: RealisedToday, _ face: InstrumentFace
    ) {
        let instrument = figures.instrument
        let lots = figures.position.quantity
        beginObject()
        put("instrument_name", face.name)
        put("kind", APIKind(instrument.kind).rawValue)
        put("direction", lots.isPositive ? "buy" : lots.isNegative ? "sell" : "zero")
        put("size", lots, of: instrument)
        put("size_currency", lots, of: instrument)
        put("average_price", wide: figures.averagePrice, decimals: APIDecimals.price)
        put("mark_price", figures.mark)
        put("index_price", figures.index)
        putNull("settlement_price")
        put("floating_profit_loss", figures.floatingProfit)
        put("realized_profit_loss", realised.profit)
        put("total_profit_loss", figures.floatingProfit + realised.profit)
        put("realized_funding", -realised.funding)
        put("open_funding", -figures.fundingOwed)
        put("initial_margin", figures.initialMargin)
        put("maintenance_margin", figures.maintenanceMargin)
        putNull("open_orders_margin")
        put("leverage", figures.leverage)
        if let mark = figures.liquidationMark {
            put("estimated_liquidation_price", mark)
        } else {
            putNull("estimated_liquidation_price")
        }
        greeks(figures.greeks)
        endObject()
    }

    /// Delta, gamma, vega and theta.
    mutating func greeks(_ greeks: PositionGreeks, prefix: String = "") {
        put(prefix + "delta", greeks.delta, decimals: APIDecimals.amount)
        put(prefix + "gamma", greeks.gamma, decimals: APIDecimals.gamma)
        put(prefix + "vega", greeks.vega, decimals: APIDecimals.price)
        put(prefix + "theta", greeks.theta, decimals: APIDecimals.price)
    }
}

/// What an account has realised in an instrument since the day began, as far as the log goes back.
struct RealisedToday: Equatable, Sendable {
    var profit = Amount.zero
    /// Paid; negative is received.
    var funding = Amount.zero

    init() {}

    /// - Parameter counts: which instruments count; what has none, such as interest, is no profit.
    init(
        _ book: AccountBook, at now: Timestamp, where counts: (InstrumentIdentifier) -> Bool
    ) {
        let start = now.startOfDay
        for place in (0..<book.log.count).reversed() {
            let entry = book.log[place]
            guard entry.time >= start else { break }
            guard entry.currency == .quote, let instrument = entry.instrument,
                counts(instrument)
            else { continue }
            if entry.kind == .funding { funding -= Amount(microunits: entry.change) }
            if let realised = entry.profit { profit += realised }
        }
    }
}
