/// An independent margin: no lanes, no vectors, nothing kept. For every scenario it adds up
/// positions and orders in 128 bits from the definitions of DESIGN 5, and takes the worst.
import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

/// What an instrument is worth, as the engine was told.
struct NaivePrice {
    var mark: Int64
    var stable: Int64
    /// For eight hours, in billionths.
    var fundingRate: Int64
}

struct NaiveMargin {
    let catalogue: Catalogue
    let parameters: [MarginParameters]
    var prices: [NaivePrice]

    struct Result: Equatable {
        var equity: Int128 = 0
        var scenarioLoss: Int128 = 0
        var charges: Int128 = 0
        var unrealisedProfit: Int128 = 0

        var health: Int128 { equity - scenarioLoss - charges }
    }

    static func floor(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        let quotient = numerator / denominator
        return quotient * denominator > numerator ? quotient - 1 : quotient
    }

    static func ceiling(_ numerator: Int128, _ denominator: Int128) -> Int128 {
        -floor(-numerator, denominator)
    }

    func underlying(_ place: Int) -> Int { Int(catalogue.instruments[place].underlying.number) }

    func bits(_ place: Int) -> Int128 {
        1 << Int128(catalogue.underlyings[underlying(place)].fractionBits)
    }

    /// The worth of one lot at a price, in the underlying's fraction.
    func worth(_ place: Int, at price: Int64) -> Int128 {
        NaiveMargin.floor(
            Int128(price) * Int128(catalogue.instruments[place].lotSize) * bits(place),
            1_000_000_000)
    }

    /// The gain of one long lot. All ratios of these tests are whole basis points, so that the
    /// product of the four fits 128 bits.
    func gain(_ place: Int, _ scenario: Scenario, _ rule: MarginRule) -> Int128 {
        let point = Int128(Ratio(basisPoints: 1).units)
        let product =
            Int128(scenario.move.units) / point * Int128(scenario.weight.units) / point
            * Int128(rule.factor.units) / point
            * (Int128(parameters[underlying(place)].move.units) / point)
        return NaiveMargin.floor(
            worth(place, at: prices[place].mark) * product, 10_000_000_000_000_000)
    }

    /// What the positions of an account in an underlying gain in a scenario.
    func positionGain(
        _ account: Account, _ number: Int, _ scenario: Scenario, _ rule: MarginRule
    ) -> Int128 {
        var sum: Int128 = 0
        for position in account.positions where underlying(position) == number {
            sum +=
                Int128(position.quantity.lots)
                * gain(Int(position.instrument.number), scenario, rule)
        }
        return sum
    }

    func share(_ place: Int, _ ratio: Int64) -> Int128 {
        NaiveMargin.ceiling(worth(place, at: prices[place].mark) * Int128(ratio), 1_000_000_000)
    }

    /// The worth of a lot for initial margin: the worse for the holder.
    func initialWorth(_ place: Int, isLong: Bool) -> Int128 {
        let mark = worth(place, at: prices[place].mark)
        let stable = worth(place, at: prices[place].stable)
        return isLong ? min(mark, stable) : max(mark, stable)
    }

    /// What an order gains in a scenario of the initial rule, at its limit, the highest fee taken
    /// off; at most the negative order floor.
    func orderGain(_ order: Order, _ scenario: Scenario, tier: FeeTier) -> Int128 {
        let place = Int(order.instrument.number)
        let rule = parameters[underlying(place)].initial
        let lots = Int128(order.remaining.lots)
        let sign = Int128(order.side.sign)
        let limit =
            Int128(order.price.ticks) * Int128(catalogue.instruments[place].tickSize.units)
            * Int128(catalogue.instruments[place].lotSize) / 1_000_000_000
        let rate = Int128(max(0, tier.maker.units, tier.taker.units))
        let fee = NaiveMargin.ceiling(limit * rate, 1_000_000_000) * lots
        let value = initialWorth(place, isLong: order.side == .buy)
        let gain =
            sign * lots * (value - limit * bits(place)) - fee * bits(place)
            + sign * lots * gain(place, scenario, rule)
        return min(gain, -share(place, rule.orderFloor.units) * lots)
    }

    private func equity(
        _ account: Account, totals: [InstrumentTotals], worth: (Int, Bool) -> Int128
    ) -> Result {
        var result = Result(equity: Int128(account.cash.units))
        for position in account.positions {
            let place = Int(position.instrument.number)
            let lots = Int128(position.quantity.lots)
            let worth = NaiveMargin.floor(lots * worth(place, lots > 0), bits(place))
            let profit = worth - Int128(position.cost.units)
            let owed = lots * Int128(totals[place].fundingIndex - position.fundingIndex)
            result.equity +=
                (position.isPaid ? worth : profit) - NaiveMargin.ceiling(owed, 1 << 24)
            result.unrealisedProfit += max(0, profit)
        }
        return result
    }

    func initial(
        _ account: Account, orders: [Order], tier: FeeTier, totals: [InstrumentTotals]
    ) -> Result {
        var result = equity(account, totals: totals) { initialWorth($0, isLong: $1) }
        for (number, entry) in catalogue.underlyings.enumerated() {
            let rule = parameters[number].initial
            var worst: Int128 = 0
            for scenario in rule.scenarios {
                var sum = positionGain(account, number, scenario, rule)
                for order in orders where underlying(Int(order.instrument.number)) == number {
                    sum += orderGain(order, scenario, tier: tier)
                }
                worst = min(worst, sum)
            }
            result.scenarioLoss -= NaiveMargin.floor(worst, 1 << Int128(entry.fractionBits))
        }
        for place in catalogue.instruments.indices {
            let instrument = InstrumentIdentifier(UInt16(place))
            var reach = (up: account.quantity(of: instrument).lots, down: Int64(0))
            reach.down = reach.up
            for order in orders where order.instrument == instrument {
                if order.side == .buy { reach.up += order.remaining.lots }
                if order.side == .sell { reach.down -= order.remaining.lots }
            }
            let lots = Int128(max(abs(reach.up), abs(reach.down)))
            let floor = share(place, parameters[underlying(place)].initial.grossFloor.units)
            result.charges += NaiveMargin.ceiling(floor * lots, bits(place))
        }
        return result
    }

    func maintenance(_ account: Account, totals: [InstrumentTotals]) -> Result {
        var result = equity(account, totals: totals) { place, _ in
            worth(place, at: prices[place].mark)
        }
        for (number, entry) in catalogue.underlyings.enumerated() {
            let rule = parameters[number].maintenance
            var worst: Int128 = 0
            for scenario in rule.scenarios {
                worst = min(worst, positionGain(account, number, scenario, rule))
            }
            result.scenarioLoss -= NaiveMargin.floor(worst, 1 << Int128(entry.fractionBits))
        }
        for position in account.positions {
            let place = Int(position.instrument.number)
            let lots = Int128(position.quantity.lots)
            let floor = share(place, parameters[underlying(place)].maintenance.grossFloor.units)
            let due = share(place, prices[place].fundingRate) * lots
            result.charges += NaiveMargin.ceiling(floor * abs(lots) + max(0, due), bits(place))
        }
        return result
    }

    private func underlying(_ position: Position) -> Int {
        underlying(Int(position.instrument.number))
    }
}

extension NaiveMargin.Result {
    init(_ breakdown: MarginBreakdown) {
        equity = Int128(breakdown.equity.units)
        scenarioLoss = Int128(breakdown.scenarioLoss.units)
        charges = Int128(breakdown.charges.units)
        unrealisedProfit = Int128(breakdown.unrealisedProfit.units)
    }
}
