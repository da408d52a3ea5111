/// Step 2 of the waterfall: which position to close next on the book, how much of it, and at what
/// limit. The arithmetic is that of `facts/margin.md`, "Liquidation arithmetic with exact results",
/// with the exit level as an added buffer.

public import Canonical
import Catalogue
public import FixedPoint
public import Risk

/// One order that the engine places for an account below maintenance.
public struct ClosingOrder: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    /// Whether it sells (a long is closed) or buys.
    public let sells: Bool
    /// Lots; positive.
    public let lots: Quantity
    /// The worst price that it may trade at.
    public let limit: Price

    /// The same at any price: without a band.
    ///
    /// - Parameter highest: that an order may name.
    public func unbanded(highest: Price) -> ClosingOrder {
        ClosingOrder(
            instrument: instrument, sells: sells, lots: lots,
            limit: sells ? Price(ticks: 1) : highest)
    }
}

/// A position under liquidation.
public struct ClosingCandidate: Sendable {
    public let risk: InstrumentRisk
    public let instrument: InstrumentIdentifier
    public let quantity: Quantity

    public init(risk: InstrumentRisk, instrument: InstrumentIdentifier, quantity: Quantity) {
        self.risk = risk
        self.instrument = instrument
        self.quantity = quantity
    }

    /// The maintenance margin of the position alone, in µ, rounded up.
    var margin: Int64 {
        let perLot = risk.maintenancePerLot(isLong: quantity.isPositive)
        return -((-perLot * quantity.magnitude.units) >> risk.fractionBits)
    }
}

extension LiquidationParameters {
    /// The candidates by the margin that they free, largest first; at equal margin by instrument.
    public func ranking(of candidates: [ClosingCandidate]) -> [ClosingCandidate] {
        candidates.sorted { left, right in
            left.margin != right.margin
                ? left.margin > right.margin : left.instrument < right.instrument
        }
    }

    /// How many lots of a position to close so that equity reaches the exit level, if all of them
    /// trade at the mark: `⌈(exit·requirement − equity) / (exit·margin per lot)⌉`, at most the
    /// position.
    ///
    /// - Parameters:
    ///   - requirement, equity: of the account under the maintenance rule.
    public func lotsToClose(
        of candidate: ClosingCandidate, requirement: Amount, equity: Amount
    ) -> Quantity {
        let one = Int128(Ratio.one.units)
        let target = Int128(requirement.units) * Int128(exitLevel.units)
        let missing = (target - Int128(equity.units) * one) << Int128(candidate.risk.fractionBits)
        guard missing > 0 else { return .zero }
        let perLot =
            Int128(candidate.risk.maintenancePerLot(isLong: candidate.quantity.isPositive))
            * Int128(exitLevel.units)
        let all = candidate.quantity.magnitude
        guard perLot > 0 else { return all }
        let lots = (missing + perLot - 1) / perLot
        return lots < Int128(all.units) ? Quantity(lots: Int64(lots)) : all
    }

    /// The order that closes `lots` of a position: inside the band, and no worse than the price at
    /// which closing the whole position would take the account's equity; at the mark where there is
    /// none left; nor so bad that closing makes health worse. Of spot, which nobody could close
    /// against, the last two bounds fall when the band has opened in full: then waiting costs more
    /// than selling. Rounded to the grid on the side of the account.
    ///
    /// - Parameters:
    ///   - equity: of the account at the mark.
    ///   - elapsed: since the liquidation began.
    ///   - bearable: what a lot may cost so that health does not fall (`bearableCost`); without it
    ///     what the position's own margin frees. Not negative.
    public func closingOrder(
        for candidate: ClosingCandidate, lots: Quantity, equity: Amount, elapsed: Duration,
        bearable: Int64 = .max
    ) -> ClosingOrder {
        let isLong = candidate.quantity.isPositive
        let risk = candidate.risk
        let perLot = Int128(risk.maintenancePerLot(isLong: isLong))
        let inBand = perLot * Int128(band(after: elapsed).units) / Int128(Ratio.one.units)
        let affordable =
            (Int128(max(.zero, equity).units) << Int128(risk.fractionBits))
            / Int128(candidate.quantity.magnitude.units)
        let isLastResort = risk.instrument.kind == .spot && elapsed >= bandTime
        let reach = isLastResort ? inBand : min(inBand, affordable, Int128(bearable))
        let worst = Int128(risk.markValue) + (isLong ? -reach : reach)
        let tick = Int128(risk.instrument.tickValue) << Int128(risk.fractionBits)
        let price = proven { () throws(ArithmeticFault) in
            try divide(worst, by: tick, rounding: isLong ? .up : .down)
        }
        let limit = Price(ticks: price).clamped(Price(ticks: 1), risk.instrument.maximumPrice)
        return ClosingOrder(
            instrument: candidate.instrument, sells: isLong, lots: lots, limit: limit)
    }

    /// The fee on what was closed: never more than the equity that is left, so that it makes nobody
    /// bankrupt. Rounded up.
    public func closingFee(notional: Amount, equity: Amount) -> Amount {
        let full = proven { () throws(ArithmeticFault) in
            try notional.multiplied(by: fee, rounding: .up)
        }
        return min(full, max(.zero, equity))
    }
}
