/// The judge that the index is held against, and the stretches it calls frozen.

@testable import Simulation
import Testing

private func verdicts(_ prices: [Double?], frozen: [Int] = []) -> [VenueVerdict] {
    SoundJudge(
        prices.enumerated().map { VenueSight(price: $1, isFrozen: frozen.contains($0)) }
    ).verdicts
}

@Test func `a venue five in a hundred off the median is sound, one farther off is not`() {
    #expect(verdicts([100, 100, 105]) == [.sound, .sound, .sound])
    #expect(verdicts([100, 100, 105.01]) == [.sound, .sound, .off])
    #expect(verdicts([94.99, 100, 100]) == [.off, .sound, .sound])
}

@Test func `of two venues that differ by more than two in a hundred neither is sound`() {
    #expect(verdicts([99, 101]) == [.sound, .sound])
    #expect(verdicts([98.9, 101.1]) == [.off, .off])
    #expect(SoundJudge([VenueSight(price: 98.9), VenueSight(price: 101.1)]).truth == nil)
}

@Test func `a frozen venue and one without trades say nothing on the others`() {
    #expect(verdicts([50, 100, 101, nil], frozen: [0]) == [.frozen, .sound, .sound, .absent])
    #expect(verdicts([70]) == [.sound])
    #expect(verdicts([nil]) == [.absent])
}

@Test func `the truth is the median of the sound venues`() {
    let sights = [100, 102, 101, 300].map { VenueSight(price: $0) }
    #expect(SoundJudge(sights).truth == 101)
    #expect(SoundJudge(Array(sights.prefix(2))).truth == 101)
    #expect(SoundJudge([]).truth == nil)
}

private let minute: UInt64 = 60_000_000_000

private func bars(_ prices: [Int64], each duration: UInt64) -> [PriceBar] {
    prices.enumerated().map { place, price in
        PriceBar(
            start: UInt64(place) * duration, duration: duration, open: price, high: price,
            low: price, close: price, volume: nil)
    }
}

@Test func `ten flat bars of half an hour are frozen, nine or a shorter time are not`() {
    let flat = [Int64](repeating: 7, count: 10)
    #expect(
        SoundJudge.frozenStretches(of: bars([5] + flat + [6], each: 3 * minute))
            == [3 * minute..<33 * minute])
    #expect(
        SoundJudge.frozenStretches(of: bars([5] + flat.dropLast() + [6], each: 3 * minute)) == [])
    #expect(SoundJudge.frozenStretches(of: bars([5] + flat + [6], each: 2 * minute)) == [])
    #expect(SoundJudge.frozenStretches(of: []) == [])
}

@Test func `bars that move are not frozen though they close at one price`() {
    let moving = bars([Int64](repeating: 7, count: 40), each: minute).map { bar in
        PriceBar(
            start: bar.start, duration: bar.duration, open: 7, high: 8, low: 6, close: 7,
            volume: nil)
    }
    #expect(SoundJudge.frozenStretches(of: moving) == [])
}
