/// Every option mark of Deribit that is at hand (`data/options/deribit_chain_*`) from its own
/// volatility, forward and time. Prices are in the coin, which is the share of the forward that
/// Black-76 gives; volatilities are rounded to a hundredth of a point.
///
/// Of 172,498 rows (1,014 more have no volatility) 99.07 % are within a tick and 97.5 % within half
/// of one. The rows of a snapshot were taken one after the other while prices moved, and its forward
/// at one moment of them: each of the 1,612 marks further off is the exact one at a forward that
/// differs from the one given by no more than 1.7 times what the index moved among the rows of the
/// snapshot (32 by more than once; the most is 0.4 %). It is mostly deep puts, whose worth in coin
/// follows the forward most, on the days of February's crash.
import Catalogue
import FixedPoint
import TestKit
import Testing

@testable import Risk

private struct ChainRow {
    let right: OptionRight
    let mark: Double
    let forward: Double
    let strike: Double
    let volatility: Double
    let years: Double
    let delta: Double
    let vega: Double
    let index: Double
    /// The snapshot and the coin.
    let snapshot: String

    /// Nil where a field is empty.
    init?(_ file: VectorFile, _ row: [Substring]) throws {
        guard let mark = Double(try file.text(row, "mark_price")),
            let forward = Double(try file.text(row, "futures_price")),
            let volatility = Double(try file.text(row, "implied_volatility"))
        else { return nil }
        (self.mark, self.forward, self.volatility) = (mark, forward, volatility)
        right = try file.text(row, "option_type") == "call" ? .call : .put
        strike = try file.number(row, "strike")
        years = try file.number(row, "time_to_maturity")
        delta = try file.number(row, "delta")
        vega = try file.number(row, "vega")
        index = try file.number(row, "index_price")
        snapshot = String(try file.text(row, "snapshot")) + String(try file.text(row, "currency"))
    }

    /// Of the coin.
    var tick: Double { mark < 0.005 ? 0.0001 : 0.0005 }

    func greeks(forward: Double) -> Greeks {
        let moneyness = strike / forward
        let units = 1_000_000.0
        let logarithm = Real.log(Int64(strike * units), over: Int64(forward * units))
        let time = Duration(nanoseconds: UInt64(years * Double(yearNanoseconds)))
        return Black76.greeks(
            right, logMoneyness: logarithm, moneyness: Real(nearest: moneyness),
            totalVolatility: Black76.totalVolatility(Real(nearest: volatility), time: time),
            time: time)
    }

    /// Whether the mark is between the values at forwards a little lower and higher.
    func isMark(ofForwardWithin share: Double) -> Bool {
        // In quote, since the coin's own worth moves with the forward.
        let ends = [1 - share, 1 + share].map { greeks(forward: forward * $0).value.double }
        return mark >= ends.min()! && mark <= ends.max()!
    }
}

private struct ChainCounts {
    var rows = 0
    var empty = 0
    var withinTick = 0
    var withinHalfTick = 0
    var unexplained = 0
    var deltas = 0
    var vegas = 0
    var volatilities = 0
    var implied = 0

    /// - Parameter move: of the index among the rows of the snapshot.
    mutating func count(_ row: ChainRow, move: Double) throws {
        rows += 1
        let greeks = row.greeks(forward: row.forward)
        let distance = abs(greeks.value.double - row.mark)
        if distance <= row.tick {
            withinTick += 1
        } else if !row.isMark(ofForwardWithin: 1.7 * move) {
            unexplained += 1
        }
        if distance <= row.tick / 2 { withinHalfTick += 1 }
        if abs(greeks.delta.double - row.delta) < 0.005 { deltas += 1 }
        let forward = IndexPrice(micros: Int64(row.forward * 1e6))
        let vega = Double(QuotedGreeks(greeks, forward: forward).vega.units) / 1e6
        if abs(vega - row.vega) < 0.01 * row.vega + 0.01 { vegas += 1 }
        // Where a tick is less than half a point, the volatility is found from the mark.
        let isOut = (row.right == .call) == (row.strike > row.forward)
        guard isOut, greeks.vega.double * 0.005 > row.tick else { return }
        volatilities += 1
        let total = try Black76.impliedTotalVolatility(
            row.right, value: IndexPrice(micros: Int64(row.mark * row.forward * 1e6)),
            strike: IndexPrice(micros: Int64(row.strike * 1e6)), forward: forward)
        if abs(total.double / row.years.squareRoot() - row.volatility) < 0.005 { implied += 1 }
    }
}

@Test(.enabled(if: SharedFiles.exist, "no shared folder"))
func theMarksOfDeribitFollowFromTheirVolatilities() throws {
    let names = SharedFiles.files(below: "data/options").filter { $0.contains("/deribit_chain_") }
    #expect(names.count == 5)
    var counts = ChainCounts()
    for name in names {
        let file = try VectorFile(String(name.dropFirst("data/".count)))
        let rows = try file.rows.compactMap { try ChainRow(file, $0) }
        counts.empty += file.rows.count - rows.count
        var indexes: [String: ClosedRange<Double>] = [:]
        for row in rows {
            let range = indexes[row.snapshot] ?? row.index...row.index
            indexes[row.snapshot] =
                min(range.lowerBound, row.index)...max(range.upperBound, row.index)
        }
        for row in rows {
            let range = try #require(indexes[row.snapshot])
            try counts.count(row, move: range.upperBound / range.lowerBound - 1)
        }
    }
    #expect(counts.rows == 172_498 && counts.empty == 1_014)
    #expect(counts.withinTick >= 170_886 && counts.withinHalfTick >= 168_228, "\(counts)")
    #expect(counts.unexplained == 0, "\(counts)")
    // Deltas and vegas of the same rows, which depend on the forward alike.
    #expect(counts.deltas > 167_000 && counts.vegas > 163_000, "\(counts)")
    #expect(counts.volatilities > 32_000 && counts.implied == counts.volatilities, "\(counts)")
}
