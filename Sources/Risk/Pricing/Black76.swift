import FixedPoint
enum Black76 {
    static func call(logMoneyness: Real, moneyness: Real, totalVolatility: Real) -> Real { Temp.call(logMoneyness, moneyness, totalVolatility) }
    static func callDelta(logMoneyness: Real, totalVolatility: Real) -> Real { Temp.delta(logMoneyness, totalVolatility) }
}
