/// Certificates of breakers as stretches of a level.

import Breakers
import Canonical
import Catalogue
import FixedPoint
@testable import Ledger
@testable import Simulation
import Testing

private let scope = BreakerScope.underlying(UnderlyingIdentifier(0))
private let second: Int64 = 1_000_000_000

private func certificate(
    _ trigger: BreakerTrigger, _ change: BreakerChange, from: MarketLevel, to: MarketLevel,
    measured: Int64? = nil, threshold: Int64 = 0
) -> BreakerCertificate {
    BreakerCertificate(
        scope: scope, trigger: trigger, change: change, measured: measured, threshold: threshold,
        from: from, to: to, until: .epoch)
}

@Test func `each level is a stretch with what put it there`() throws {
    let catalogue = try ReplayPlan(
        ReplayInputs(
            histories: BuiltInDay.histories(), genesis: nil, seed: 1), keys: LabKeys(seed: 1)
    ).genesis.catalogue
    var recorder = BreakerRecorder(underlyings: ["BTC/USD"], catalogue: catalogue)
    recorder.add(
        certificate(
            .minuteMove, .tripped, from: .normal, to: .auctionOnly, measured: 91_000_000,
            threshold: 80_000_000), at: 10, catalogue)
    // A second trigger of the same level changes nothing.
    recorder.add(
        certificate(.fiveMinuteMove, .tripped, from: .auctionOnly, to: .auctionOnly), at: 12,
        catalogue)
    recorder.add(
        certificate(
            .staleIndex, .tripped, from: .auctionOnly, to: .reduceOnly, measured: 16 * second,
            threshold: 15 * second), at: 20, catalogue)
    recorder.add(
        certificate(.staleIndex, .cooled, from: .reduceOnly, to: .auctionOnly), at: 30, catalogue)
    recorder.add(
        certificate(.minuteMove, .expired, from: .auctionOnly, to: .normal), at: 40, catalogue)
    recorder.add(
        certificate(.deadIndex, .tripped, from: .normal, to: .halted), at: 50, catalogue)
    let stretches = recorder.finished(at: 60)
    #expect(stretches.map(\.level) == ["auctionOnly", "reduceOnly", "auctionOnly", "halted"])
    #expect(stretches.map(\.severity) == [1, 2, 1, 3])
    #expect(stretches.map(\.start) == [10, 20, 30, 50])
    #expect(stretches.map(\.end) == [20, 30, 40, 60])
    #expect(stretches.map(\.market).allSatisfy { $0 == "BTC/USD index" })
    #expect(stretches[0].measure == "9.10 %, trips at 8.00 %")
    #expect(stretches[1].measure == "16.0 s, trips at 15.0 s")
    #expect(stretches[2].trigger == "index stale (down)")
}
