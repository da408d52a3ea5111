/// The variance of an average: against an exact sum over its prices, and at the ends of the window.
import FixedPoint
import TestKit
import Testing

@testable import Risk

private let window = Duration.seconds(1_800)

/// The variance of the average of `count` prices at even steps up to expiry, over σ², in seconds:
/// the sum of `min(tᵢ, tⱼ)` over all pairs that are still open, over count².
private func variance(remaining: Double, window: Double, count: Int) -> Double {
    let times = (1...count).map { remaining - window + window * Double($0) / Double(count) }
    let open = times.filter { $0 > 0 }
    var sum = 0.0
    for (place, time) in open.enumerated() {
        // `time` is the lesser of each pair with a later one.
        sum += time * Double(2 * (open.count - place) - 1)
    }
    return sum / Double(count * count)
}

@Test func theVarianceIsThatOfAnAverageOfManyPrices() {
    for remaining in [UInt64(1_800), 2_400, 7_200, 86_400, 864_000] {
        let time = SettlementVariance.effectiveTime(remaining: .seconds(remaining), window: window)
        let exact = variance(remaining: Double(remaining), window: 1_800, count: 20_000)
        #expect(abs(Double(time.nanoseconds) / 1e9 - exact) < 0.1)
    }
    // Inside the window the open share counts by itself.
    for remaining in [UInt64(60), 450, 900, 1_500] {
        let share = Double(remaining) / 1_800
        let time = SettlementVariance.effectiveTime(remaining: .seconds(remaining), window: window)
        let exact = variance(remaining: Double(remaining), window: 1_800, count: 20_000)
        #expect(abs(Double(time.nanoseconds) / 1e9 - exact / share / share) < 1)
    }
}

@Test func theVarianceIsOneAtTheOpeningOfTheWindow() {
    let nanosecond = Duration(nanoseconds: window.nanoseconds + 1)
    #expect(
        SettlementVariance.effectiveTime(remaining: nanosecond, window: window).nanoseconds
            == SettlementVariance.effectiveTime(remaining: window, window: window).nanoseconds + 1)
    #expect(SettlementVariance.effectiveTime(remaining: window, window: window) == .seconds(600))
    #expect(SettlementVariance.effectiveTime(remaining: .zero, window: window) == .zero)
    #expect(SettlementVariance.effectiveTime(remaining: .day, window: .zero) == .day)
    let most = Duration(nanoseconds: .max)
    #expect(
        SettlementVariance.effectiveTime(remaining: most, window: most)
            == Duration(nanoseconds: UInt64.max / 3))
    #expect(SettlementVariance.effectiveTime(remaining: most, window: .zero) == most)
}

@Test func theFixedShareGrowsFromNothingToAll() {
    let rows: [(UInt64, Int64)] = [
        (86_400, 0), (1_801, 0), (1_800, 0), (1_350, 250_000_000), (900, 500_000_000),
        (600, 666_666_666), (0, 1_000_000_000),
    ]
    for (remaining, share) in rows {
        #expect(
            SettlementVariance.fixedShare(remaining: .seconds(remaining), window: window)
                == Ratio(billionths: share))
    }
    #expect(SettlementVariance.fixedShare(remaining: .zero, window: .zero) == .one)
    #expect(SettlementVariance.fixedShare(remaining: .day, window: .zero) == .zero)
}

@Test func theTotalVolatilityIsThatOfTheRoot() {
    let half = Real(1, over: 2)
    for seconds in [UInt64(1), 60, 1_800, 1_801, 86_400, 31_536_000, 94_608_000] {
        let found = SettlementVariance.totalVolatility(
            half, remaining: .seconds(seconds), window: .zero)
        let exact = 0.5 * (Double(seconds) / 31_536_000).squareRoot()
        #expect(abs(found.double - exact) < 3e-12)
    }
    #expect(SettlementVariance.totalVolatility(half, remaining: .zero, window: window) == .zero)
    #expect(SettlementVariance.totalVolatility(-half, remaining: .day, window: window) == .zero)
}
