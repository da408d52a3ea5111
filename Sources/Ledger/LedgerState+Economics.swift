/// The economics of markets as blocks move them: what sources report of depth, what books show, and
/// the caps that follow from both (`Economics`; DESIGN 7). All of it on steps of pricing time.

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Markets
import Oracle
import Risk

/// What a publisher says of the depth of an underlying, either side.
struct StatedDepth {
    let underlying: UnderlyingIdentifier
    let publisher: PublisherIdentifier
    /// The lower of both sides; positive.
    let depth: Amount
}

extension Genesis {
    /// The economics of all underlyings, without markets.
    var openingEconomics: [MarketEconomics] {
        safeguards.economics.map { MarketEconomics(parameters: $0, start: time) }
    }

    /// Margin as it is judged: without a floor under open orders where a laboratory has that off.
    var judgedMargins: [MarginParameters] {
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

    /// Takes note of what an accepted bundle says of depth; zero is not stated.
    mutating func noteDepths(of bundle: ObservationBundle) {
        guard !economics.isEmpty else { return }
        for observation in bundle.observations {
            let depth = min(observation.depthBelow, observation.depthAbove)
            guard depth.isPositive else { continue }
            statedDepths.append(
                StatedDepth(
                    underlying: observation.underlying, publisher: bundle.publisher, depth: depth))
        }
    }

    /// D₂: the depth that the cheapest publishers with more than half of the weight that speaks
    /// report together, each for its share; nil where nobody states any.
    private func reportedDepth(of underlying: UnderlyingIdentifier) -> Amount? {
        var stated = statedDepths.filter { $0.underlying == underlying }
        guard !stated.isEmpty else { return nil }
        stated.sort { ($0.depth, $0.publisher.number) < ($1.depth, $1.publisher.number) }
        let total = stated.reduce(UInt64(0)) { $0 + weight(of: $1) }
        var (sum, taken) = (Int128(0), UInt64(0))
        for entry in stated where taken * 2 <= total {
            taken += weight(of: entry)
            sum += Int128(entry.depth.units)
        }
        return Amount(microunits: Int64(clamping: sum))
    }

    private func weight(of stated: StatedDepth) -> UInt64 {
        UInt64(genesis.publishers[Int(stated.publisher.number)].weight)
    }

    /// Counts the depth of sources, and moves the caps.
    mutating func followCaps(elapsed: Duration) {
        for place in economics.indices where feeds[place].isPriced {
            let underlying = UnderlyingIdentifier(UInt16(place))
            if let depth = reportedDepth(of: underlying) {
                economics[place].measure(depth: depth, elapsed: elapsed, now: facts.time)
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
