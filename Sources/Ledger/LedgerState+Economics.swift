/// The economics of markets as blocks move them: what sources report of depth, what books show, and
/// the caps that follow from both (`Economics`; DESIGN 7). All of it on steps of pricing time.

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Markets
import Oracle
package import Risk

extension Genesis {
    /// The economics of all underlyings, without markets.
    var openingEconomics: [MarketEconomics] {
        safeguards.economics.map { MarketEconomics(parameters: $0, start: time) }
    }

    /// Margin as it is judged: without a floor under open orders where a laboratory has that off.
    package var judgedMargins: [MarginParameters] {
        guard !safeguards.isOn(.orderFloor) else { return margins }
        return margins.map { parameters in
            var charges = parameters.initial.charges
            charges.orderFloor = .zero
            var result = parameters
            result.initial = MarginRule(
                scenarios: parameters.initial.scenarios, factor: parameters.initial.factor,
                charges: charges)
            return result
        }
    }
}

extension InstrumentKind {
    /// Whether the book of such an instrument is looked at: perpetuals and futures.
    fileprivate var isLinear: Bool {
        switch self {
        case .perpetual, .future: true
        case .option, .spot: false
        }
    }
}

extension LedgerState {
    /// Opens the market of an instrument, if it is the first of its underlying and compartment.
    mutating func openCap(of instrument: Instrument) {
        guard !economics.isEmpty, instrument.kind != .spot else { return }
        let fund = accounts.funds[Int(instrument.compartment.number)].insurance
        economics[Int(instrument.underlying.number)].openMarket(
            in: instrument.compartment, fund: fund)
    }

    /// Forgets the book of an instrument that is retired.
    mutating func closeCap(of identifier: InstrumentIdentifier) {
        guard !economics.isEmpty else { return }
        let underlying = catalogue.instruments[Int(identifier.number)].underlying
        economics[Int(underlying.number)].retire(identifier)
    }

    /// Counts the depth of sources, and moves the caps.
    mutating func followCaps(elapsed: Duration) {
        for place in economics.indices where feeds[place].isPriced {
            let underlying = UnderlyingIdentifier(UInt16(place))
            let depth = cheapestMajorityDepth(of: underlying)
            // An attacker takes the cheaper side; nothing at all is not stated.
            let cheaper = min(depth.below, depth.above)
            if cheaper.isPositive {
                economics[place].measure(depth: cheaper, elapsed: elapsed, now: facts.time)
            }
            let funds = accounts.funds
            let moved = economics[place].followCaps(now: facts.time) { compartment in
                funds[Int(compartment.number)].insurance
            }
            for slot in moved {
                let cap = economics[place].caps[slot]
                emit(.interestCapMoved(underlying, cap.compartment, cap: cap.amount))
            }
        }
    }

    // Books.

    /// The mean of the two impact prices, of perpetuals and futures as far as it has stood: so no
    /// order moves a mark or a funding rate before it has rested. Nil where a side was too thin.
    mutating func standingMid(
        _ place: Int, _ instrument: Instrument, notional: Amount
    ) -> IndexPrice? {
        guard !economics.isEmpty, instrument.kind.isLinear else {
            return impactMid(place, instrument, notional: notional)
        }
        let underlying = Int(instrument.underlying.number)
        let index = feeds[underlying].index
        let identifier = InstrumentIdentifier(UInt16(place))
        let sample = BookSample(
            bidDepth: nearDepth(.buy, place, instrument),
            askDepth: nearDepth(.sell, place, instrument),
            bidPremium: impactPremium(.buy, place, instrument, notional: notional, over: index),
            askPremium: impactPremium(.sell, place, instrument, notional: notional, over: index))
        economics[underlying].look(at: identifier, sample, now: facts.time)
        guard genesis.safeguards.isOn(.restingDepth) else {
            return impactMid(place, instrument, notional: notional)
        }
        let standing = economics[underlying].book(of: identifier)?.standing
        guard let premium = standing?.midPremium else { return nil }
        let one = Int128(Ratio.one.units)
        let mid = Int128(index.units) * (one + Int128(premium.units)) / one
        // A premium is within ±1, so the mean is at most twice the index.
        return IndexPrice(units: max(1, Int64(mid)))
    }

    /// An impact price over the index, less 1, within ±1; nil where the side is too thin.
    private mutating func impactPremium(
        _ side: Side, _ place: Int, _ instrument: Instrument, notional: Amount,
        over index: IndexPrice
    ) -> Ratio? {
        guard let ticks = impactTicks(side, place, instrument, notional: notional) else {
            return nil
        }
        let one = Int128(Ratio.one.units)
        let price = Int128(ticks) * Int128(instrument.tickSize.units) / 1_000_000
        let exact = (price - Int128(index.units)) * one / Int128(index.units)
        return Ratio(units: Int64(min(max(exact, -one), one)))
    }

    /// The notional of a side that shows within 2 % of the mark, or of the index before the first
    /// mark; none while the market does not trade.
    private mutating func nearDepth(_ side: Side, _ place: Int, _ instrument: Instrument) -> Amount
    {
        guard phases[place].isContinuous else { return .zero }
        let feed = feeds[Int(instrument.underlying.number)]
        let center = prices[place].isPriced ? prices[place].mark : feed.index
        let bound = proven { () throws(ArithmeticFault) in
            let reach = try center.multiplied(by: StandingDepth.reach, rounding: .down)
            return side == .buy
                ? try instrument.ticks(at: center - reach, rounding: .up)
                : try instrument.ticks(at: center + reach, rounding: .down)
        }
        var sum: Int128 = 0
        books.forEachLevel(side, in: InstrumentIdentifier(UInt16(place))) { price, quantity in
            guard side.accepts(bound, limit: price) else { return false }
            sum += Int128(price.units) * Int128(instrument.tickValue) * Int128(quantity.units)
            return true
        }
        return Amount(microunits: Int64(clamping: sum))
    }
}
