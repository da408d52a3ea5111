/// Margin from the rule book alone: no lanes, no increments, wide integers, each order and position
/// taken one by one (DESIGN 5). For instruments of one account; what the engine keeps incrementally
/// must agree to the micro-unit.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk

struct NaiveMargin {
    let ledger: Ledger
    let account: AccountIdentifier

    /// An open order, or one that might be.
    struct Quote {
        let instrument: InstrumentIdentifier
        let side: Side
        let price: Price
        let lots: Int64
    }

    private static let one = Int128(1_000_000_000)
    /// All underlyings of the test venue have eight fraction bits.
    private static let scale = Int128(256)

    /// Initial health with `extra` resting at its limit.
    func initialHealth(with extra: [Quote] = []) -> Int64 {
        let open = ledger.openOrders(of: account).map {
            Quote(
                instrument: $0.instrument, side: $0.side, price: $0.price, lots: $0.remaining.lots)
        }
        let quotes = open + extra
        var health = Int128(ledger.accounts[account].cash.units)
        for position in ledger.accounts[account].positions {
            let place = Int(position.instrument.number)
            let value = values(place)
            let perLot = position.quantity.isPositive ? value.low : value.high
            health += floor(Int128(position.quantity.units) * perLot, Self.scale)
            if !position.isPaid { health -= Int128(position.cost.units) }
            let index = Int128(ledger.accounts.totals[place].fundingIndex)
            let owed = Int128(position.quantity.units) * (index - Int128(position.fundingIndex))
            health += floor(-owed, 1 << 24)
        }
        for underlying in ledger.catalogue.underlyings.indices {
            health += min(0, floor(worst(underlying, quotes), Self.scale))
        }
        for place in ledger.catalogue.instruments.indices {
            health -= charge(place, quotes)
        }
        return Int64(health)
    }

    private func floor(_ value: Int128, _ divisor: Int128) -> Int128 {
        let quotient = value / divisor
        return quotient * divisor > value ? quotient - 1 : quotient
    }

    /// A lot at the mark, and at the worse of mark and stable price for longs and shorts.
    private func values(_ place: Int) -> (mark: Int128, low: Int128, high: Int128) {
        let instrument = ledger.catalogue.instruments[place]
        let worth = { (price: IndexPrice) -> Int128 in
            floor(Int128(price.units) * Int128(instrument.lotSize) * Self.scale, Self.one)
        }
        let mark = worth(ledger.prices[place].mark)
        let stable = worth(stablePrice(instrument))
        return (mark, min(mark, stable), max(mark, stable))
    }

    /// Of an option, its value where the index stood at its stable price.
    private func stablePrice(_ instrument: Instrument) -> IndexPrice {
        let stable = ledger.feeds[Int(instrument.underlying.number)].stable
        guard case .option(let series) = instrument.kind else { return stable }
        let above = stable.units - series.strike.units
        return IndexPrice(micros: max(0, series.right == .call ? above : -above))
    }

    private func quantity(_ place: Int) -> Int128 {
        let instrument = InstrumentIdentifier(UInt16(place))
        return Int128(ledger.accounts[account].quantity(of: instrument).units)
    }

    private func worst(_ underlying: Int, _ quotes: [Quote]) -> Int128 {
        let parameters = ledger.genesis.margins[underlying]
        var worst: Int128 = 0
        for scenario in parameters.initial.scenarios {
            let move = Int128(scenario.move.units) * Int128(parameters.move.units) / Self.one
            let weight =
                Int128(scenario.weight.units) * Int128(parameters.initial.factor.units) / Self.one
            var total: Int128 = 0
            for (place, instrument) in ledger.catalogue.instruments.enumerated()
            where Int(instrument.underlying.number) == underlying {
                let delta = floor(values(place).mark * move * weight, Self.one * Self.one)
                total += quantity(place) * delta
                for quote in quotes where Int(quote.instrument.number) == place {
                    total += part(quote, place, delta: delta, parameters.initial)
                }
            }
            worst = min(worst, total)
        }
        return worst
    }

    private func part(
        _ quote: Quote, _ place: Int, delta: Int128, _ rule: MarginRule
    ) -> Int128 {
        let value = values(place)
        let sign = Int128(quote.side.sign)
        let lots = Int128(quote.lots)
        let notional = Int128(quote.price.ticks) * Int128(TestGenesis.tickValue)
        let tier = ledger.catalogue.feeTiers[Int(ledger.accounts[account].feeTier)]
        let fee = -floor(-notional * Int128(max(tier.maker, tier.taker).units), Self.one)
        let gain = sign * ((quote.side == .buy ? value.low : value.high) - notional * Self.scale)
        let least = -floor(-value.mark * Int128(rule.orderFloor.units), Self.one)
        return lots * min(-least, gain - fee * Self.scale + sign * delta)
    }

    private func charge(_ place: Int, _ quotes: [Quote]) -> Int128 {
        let rule = ledger.genesis.margins[
            Int(ledger.catalogue.instruments[place].underlying.number)
        ].initial
        let perLot = -floor(-values(place).mark * Int128(rule.grossFloor.units), Self.one)
        let mine = quotes.filter { Int($0.instrument.number) == place }
        let buys = mine.filter { $0.side == .buy }.reduce(Int128(0)) { $0 + Int128($1.lots) }
        let sells = mine.filter { $0.side == .sell }.reduce(Int128(0)) { $0 + Int128($1.lots) }
        let reach = max((quantity(place) + buys).magnitude, (quantity(place) - sells).magnitude)
        return -floor(-perLot * Int128(reach), Self.scale)
    }
}
