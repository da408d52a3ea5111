/// What did not count, gathered by source and reason.

import Canonical
import FixedPoint
import Ledger
import Oracle
@testable import Simulation
import Testing

private let underlying = UnderlyingIdentifier(0)
private let first = PublisherIdentifier(0)
private let second = PublisherIdentifier(1)

private func recorder() -> PriceCutRecorder {
    var recorder = PriceCutRecorder(
        underlyings: ["BTC/USD"], sources: ["a", "b"], publishers: 2)
    recorder.hear(
        [(first, 0, 100), (second, 1, 200)].map { publisher, source, price in
            ObservationBundle(
                publisher: publisher, time: .epoch,
                observations: [
                    Observation(
                        underlying: underlying, price: IndexPrice(micros: price),
                        source: SourceIdentifier(UInt16(source)))
                ], signature: LabKeys.unsigned)
        })
    return recorder
}

@Test func `a price that is cut twice counts twice, with its first and last time`() {
    var recorder = recorder()
    recorder.judge(first, on: underlying, .priceOutlier, at: 10)
    recorder.judge(first, on: underlying, nil, at: 15)
    recorder.judge(first, on: underlying, .priceOutlier, at: 40)
    recorder.judge(first, on: underlying, .priceFrozen, at: 60)
    recorder.judge(second, on: underlying, .priceZero, at: 70)
    let cuts = recorder.finished(at: 100)
    #expect(cuts.map(\.source) == ["a", "a", "b"])
    #expect(cuts.map(\.reason) == ["frozen", "outlier", "zero"])
    #expect(cuts.map(\.count) == [1, 2, 1])
    #expect(cuts.map(\.first) == [60, 10, 70])
    #expect(cuts.map(\.last) == [100, 60, 100])
    #expect(cuts.map(\.time) == [40, 25, 30])
    #expect(cuts.map(\.price) == [100, 100, 200])
}

@Test func `the condition of an index is counted from where it begins to where it ends`() {
    var recorder = recorder()
    var condition = IndexCondition()
    condition.lacksVenues = true
    recorder.judge(underlying, condition, at: 5)
    condition.isClamped = true
    recorder.judge(underlying, condition, at: 9)
    recorder.judge(underlying, IndexCondition(), at: 12)
    let cuts = recorder.finished(at: 20)
    #expect(cuts.map(\.reason) == ["clamped", "too few venues"])
    #expect(cuts.map(\.count) == [1, 1])
    #expect(cuts.map(\.time) == [3, 7])
    #expect(cuts.allSatisfy { $0.source.isEmpty && $0.price == 0 })
}
