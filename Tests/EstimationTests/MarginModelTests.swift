/// M by its invariants: bounds, rates, gaps, prices that stand still, and the cascade that a model
/// would make by itself (`facts/risk.md`, attack 9).

import Canonical
import Estimation
import FixedPoint
import TestKit
import Testing

private let start = Timestamp(nanoseconds: 1_750_000_000 / 3_600 * 3_600 * 1_000_000_000)

struct MarginModelTests {
    /// The time of some minutes after the start.
    private func time(_ minutes: Int) -> Timestamp {
        start.advanced(by: .seconds(UInt64(minutes) * 60))
    }

    private func price(_ dollars: Double) -> IndexPrice {
        IndexPrice(micros: Int64(dollars * 1_000_000))
    }

    /// Hours of small moves of a hundredth of a per cent, from an hour on.
    @discardableResult
    private func calm(
        _ model: inout MarginModel, hours: Range<Int>, at dollars: Double = 50_000
    ) -> [MarginMoves] {
        hours.map { hour in
            let index = price(dollars * (hour % 2 == 0 ? 1 : 1.000_1))
            _ = model.follow(index, at: time(60 * hour))
            return model.moves
        }
    }

    @Test func `a new chain starts with the margin of its opening volatility`() {
        var parameters = MarginModelParameters.bitcoin
        parameters.openingVolatility = Ratio(basisPoints: 55)
        let model = MarginModel(parameters)
        // ¾ of 3.66 volatilities of 0.55 % times the root of four hours, and ¼ of 12 %: 6.02 %, as
        // a rise 6.2 %.
        #expect(model.moves == MarginMoves(Ratio(basisPoints: 620)))
        #expect(model.report.stressed == Ratio(basisPoints: 1_200))
        #expect(MarginModel(.longTail).moves.initial > MarginModel(.ether).moves.initial)
    }

    @Test func `in calm it falls slowly, to the floor and no further`() {
        var parameters = MarginModelParameters.bitcoin
        parameters.openingVolatility = Ratio(basisPoints: 250)
        parameters.stressedShortfall = Ratio(basisPoints: 100)
        var model = MarginModel(parameters)
        let opening = model.moves.initial.units
        #expect(opening > 180_000_000)
        let path = calm(&model, hours: 0..<1_500)
        for (place, moves) in path.enumerated() {
            #expect(moves.initial == moves.maintenance)
            guard place >= 24 else { continue }
            let least = path[place - 24].initial.units * 95 / 100 - MarginModel.grid.units
            #expect(moves.initial.units >= min(least, path[place - 24].initial.units))
        }
        #expect(path[24].initial.units > opening * 94 / 100)
        #expect(path.last == MarginMoves(parameters.floor))
    }

    @Test
    func `a crash raises initial margin at once, in its hour, and maintenance by a tenth an hour`()
    {
        var model = MarginModel(.bitcoin)
        calm(&model, hours: 0..<200)
        let before = model.moves
        // 20 minutes into an hour the index stands 15 % lower.
        let change = model.follow(price(42_500), at: time(60 * 199 + 20))
        #expect(change == MarginChange(isTouched: true, isHourClosed: false, isMoved: true))
        #expect(model.moves.initial.units > before.initial.units * 3 / 2)
        #expect(model.moves.maintenance == before.maintenance)
        let risen = model.moves.initial
        // It comes back, and nothing is forgotten.
        #expect(model.follow(price(50_000), at: time(60 * 199 + 21)) == .none)
        var last = before.maintenance
        for hour in 200..<230 {
            _ = model.follow(price(hour % 2 == 0 ? 50_000 : 49_000), at: time(60 * hour))
            #expect(model.moves.maintenance.units <= last.units * 11 / 10)
            #expect(model.moves.maintenance <= model.moves.initial)
            #expect(model.moves.initial.units > risen.units * 9 / 10)
            last = model.moves.maintenance
        }
        #expect(model.moves.maintenance == model.moves.initial)
    }

    @Test func `without the bound on its rise maintenance jumps with initial margin`() {
        var model = MarginModel(.bitcoin)
        calm(&model, hours: 0..<200)
        let before = model.moves.maintenance.units
        _ = model.follow(price(42_500), at: time(60 * 199 + 20), isRiseBound: false)
        #expect(model.moves.maintenance.units > before * 3 / 2)
        #expect(model.moves.maintenance == model.moves.initial)
    }

    @Test func `whatever the index does, M keeps its bounds and its rates`() {
        var random = SeededGenerator(seed: 75)
        let parameters = MarginModelParameters.ether
        var model = MarginModel(parameters)
        var dollars = 3_000.0
        var now = start
        var rises: [(time: Timestamp, from: Ratio, to: Ratio)] = []
        for _ in 0..<20_000 {
            now = now.advanced(by: .seconds(UInt64.random(in: 1...2_400, using: &random)))
            if Int.random(in: 0..<500, using: &random) == 0 { now = now.advanced(by: .day) }
            let size = Int.random(in: 0..<50, using: &random) == 0 ? 0.3 : 0.01
            dollars *= 1 + size * Double.random(in: -1...1, using: &random)
            dollars = min(1e6, max(1, dollars))
            let before = model.moves
            let change = model.follow(price(dollars), at: now)
            let moves = model.moves
            #expect(change.isMoved == (moves != before))
            #expect(moves.maintenance >= parameters.floor && moves.initial <= parameters.cap)
            #expect(moves.maintenance <= moves.initial)
            if moves.maintenance > before.maintenance {
                if let last = rises.last {
                    #expect(now.elapsed(since: last.time) >= .seconds(3_540))
                }
                #expect(moves.maintenance.units <= before.maintenance.units * 11 / 10)
                #expect(change.isHourClosed)
                rises.append((now, before.maintenance, moves.maintenance))
            }
        }
        #expect(rises.count > 10)
    }

    @Test func `a price that stands still, or none, moves nothing and counts as a gap`() {
        var frozen = MarginModel(.bitcoin)
        calm(&frozen, hours: 0..<50)
        var silent = frozen
        for minute in (60 * 49 + 1)..<(60 * 60) {
            #expect(frozen.follow(price(50_005), at: time(minute)) == .none)
        }
        #expect(frozen == silent)
        _ = frozen.follow(price(51_000), at: time(60 * 60))
        _ = silent.follow(price(51_000), at: time(60 * 60))
        #expect(frozen == silent)
        // The same move in one hour is a larger one.
        var moved = MarginModel(.bitcoin)
        calm(&moved, hours: 0..<50)
        _ = moved.follow(price(51_000), at: time(60 * 50))
        #expect(moved.estimator.volatility.perStep > frozen.estimator.volatility.perStep)
    }

    @Test func `who holds the index still for a month buys no margin below the floor`() {
        var model = MarginModel(.bitcoin)
        calm(&model, hours: 0..<720)
        #expect(model.moves == MarginMoves(Ratio(basisPoints: 600)))
        #expect(model.report.volatility < Ratio(basisPoints: 5))
        // The stressed part stands, whatever the last month was like.
        #expect(model.report.stressed == Ratio(basisPoints: 1_200))
    }

    @Test func `who jumps the index again and again reaches the cap, and maintenance late`() {
        var model = MarginModel(.bitcoin)
        calm(&model, hours: 0..<100)
        for hour in 100..<104 {
            _ = model.follow(price(hour % 2 == 0 ? 30_000 : 50_000), at: time(60 * hour))
        }
        #expect(model.moves.initial == Ratio(basisPoints: 2_400))
        // 6 % times 1.1⁴.
        #expect(model.moves.maintenance <= Ratio(basisPoints: 880))
    }

    @Test func `it reads as it was written, in two parts`() throws {
        var model = MarginModel(.bitcoin)
        calm(&model, hours: 0..<60)
        _ = model.follow(price(45_000), at: time(60 * 59 + 30))
        var (current, history) = (CanonicalEncoder(), CanonicalEncoder())
        model.encodeCurrent(into: &current)
        model.encodeHistory(into: &history)
        #expect(current.count < 300)
        #expect(history.count < 4_200)
        var read = MarginModel(.bitcoin)
        var decoder = CanonicalDecoder(current.bytes)
        try read.decodeCurrent(from: &decoder)
        try decoder.finish()
        decoder = CanonicalDecoder(history.bytes)
        try read.decodeHistory(from: &decoder)
        try decoder.finish()
        #expect(read == model)
        // M beyond the bounds of the genesis is none of its.
        var narrow = MarginModelParameters.bitcoin
        narrow.cap = narrow.floor
        var stranger = MarginModel(narrow)
        decoder = CanonicalDecoder(current.bytes)
        #expect(throws: DecodingFault.self) { try stranger.decodeCurrent(from: &decoder) }
    }
}
