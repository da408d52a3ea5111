/// What a portfolio would gain if its underlying moved at once and nothing else changed: the line
/// of the scenario chart. The scenarios of margin are few and have moves of volatility in them;
/// between them this fills in, with the engine's own valuation of options.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle
import Risk

/// A point of the line.
struct ProfitPoint: Equatable, Sendable {
    /// Of the underlying, as a share.
    let move: Ratio
    /// Rounded down, position by position.
    let profit: Amount
}

/// Gains of one account's positions in one underlying.
struct ProfitCurve {
    /// Points on each side of no move.
    private static let reach: Int64 = 20
    /// The least and the widest move at the ends.
    private static let bounds = Ratio(basisPoints: 500)...Ratio(basisPoints: 9_500)

    let points: [ProfitPoint]

    /// - Parameters:
    ///   - widest: the farthest move that is to be seen.
    init(
        _ positions: [Position], of underlying: UnderlyingIdentifier, widest: Ratio,
        _ ledger: Ledger
    ) {
        let end = min(max(widest, ProfitCurve.bounds.lowerBound), ProfitCurve.bounds.upperBound)
        let legs = positions.compactMap { ProfitLeg($0, of: underlying, ledger) }
        points = (-ProfitCurve.reach...ProfitCurve.reach).map { step in
            let move = Ratio(units: end.units * step / ProfitCurve.reach)
            let profit = legs.reduce(Int128(0)) { $0 + $1.profit(of: move) }
            return ProfitPoint(move: move, profit: Amount(units: Int64(clamping: profit)))
        }
    }
}

/// One position as it follows its underlying.
private struct ProfitLeg {
    /// Signed, in 10⁻⁹ units of the underlying.
    let size: Int128
    /// What one unit is worth now.
    let start: IndexPrice
    let option: (series: OptionSeries, volatility: Real)?
    let view: ExpiryView?

    /// Nil of another underlying, and of what has no price.
    init?(_ position: Position, of underlying: UnderlyingIdentifier, _ ledger: Ledger) {
        let place = Int(position.instrument.number)
        let instrument = ledger.catalogue.instruments[place]
        guard instrument.underlying == underlying, ledger.risk.instruments[place].isPriced else {
            return nil
        }
        size = instrument.nanos(position.quantity)
        view = ledger.expiryView(of: instrument)
        if let series = instrument.kind.series {
            guard let view, let volatility = ledger.volatility(of: instrument) else { return nil }
            option = (series, volatility)
            start = OptionModel.price(of: series, volatility: volatility, view)
        } else {
            option = nil
            start = view?.expectedSettlement ?? ledger.prices[place].mark
        }
    }

    /// In µ, rounded down.
    func profit(of move: Ratio) -> Int128 {
        let change = size * (Int128(worth(after: move).units) - Int128(start.units))
        let scale = Int128(Instrument.lotScale)
        return change >= 0 ? change / scale : -((-change + scale - 1) / scale)
    }

    private func worth(after move: Ratio) -> IndexPrice {
        guard var view else { return ProfitLeg.moved(start, by: move) }
        view.forward = ProfitLeg.moved(view.forward, by: move)
        guard let option else { return view.expectedSettlement }
        return OptionModel.price(of: option.series, volatility: option.volatility, view)
    }

    private static func moved(_ price: IndexPrice, by move: Ratio) -> IndexPrice {
        let one = Int128(Ratio.one.units)
        let exact = Int128(price.units) * (one + Int128(move.units)) / one
        return IndexPrice(units: max(1, Int64(clamping: exact)))
    }
}
