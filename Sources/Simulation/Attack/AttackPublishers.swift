/// The publishers of a scenario: each reads one source, of every underlying that has prices there,
/// and signs what it sees, or what a fault makes it say.

import Canonical
import Documents
import FixedPoint
import Ledger
import Oracle

struct AttackPublishers {
    /// In the place of keys that a forger does not have.
    private static let strangersSeed: UInt64 = 0x5ca1ab1e
    private static let ten: Int128 = 10

    private let scenario: AttackScenario
    /// By publisher: its source.
    private let sources: [Int]
    private let stranger = LabKeys(seed: AttackPublishers.strangersSeed)

    init(_ scenario: AttackScenario) {
        self.scenario = scenario
        sources = scenario.sources.enumerated().flatMap { place, source in
            [Int](repeating: place, count: source.publishers)
        }
    }

    /// The signed bundles of a second.
    func bundles(at time: Int64, now: Timestamp, chain: Digest, keys: LabKeys)
        -> [ObservationBundle]
    {
        sources.enumerated().compactMap { publisher, source in
            var observations: [Observation] = []
            var age: Int64 = 0
            var isForged = false
            for underlying in scenario.underlyings.indices {
                guard let path = path(of: underlying, at: source),
                    let said = said(path, at: source, time)
                else { continue }
                age = max(age, said.age)
                isForged = isForged || said.isForged
                observations.append(
                    Observation(
                        underlying: UnderlyingIdentifier(UInt16(underlying)),
                        price: IndexPrice(micros: said.price),
                        source: SourceIdentifier(UInt16(source)), confidence: path.confidence,
                        depthBelow: path.depthBelow, depthAbove: path.depthAbove))
            }
            guard !observations.isEmpty else { return nil }
            let bundle = ObservationBundle(
                publisher: PublisherIdentifier(UInt16(publisher)),
                time: Timestamp(
                    nanoseconds: now.nanoseconds - UInt64(age) * TimeText.second),
                observations: observations, signature: LabKeys.unsigned)
            return (isForged ? stranger : keys).sign(bundle, chain: chain)
        }
    }

    /// The prices of an underlying at a source.
    func path(of underlying: Int, at source: Int) -> AttackPath? {
        scenario.paths.first { $0.underlying == underlying && $0.source == source }
            ?? scenario.paths.first { $0.underlying == underlying && $0.source == nil }
    }

    /// What the publishers of a source say; nil where they are silent.
    private func said(
        _ path: AttackPath, at source: Int, _ time: Int64
    ) -> (price: Int64, age: Int64, isForged: Bool)? {
        guard var price = path.price(at: time) else { return nil }
        var age: Int64 = 0
        var isForged = false
        for fault in scenario.faults where fault.isActive(at: time) {
            guard fault.source ?? source == source,
                fault.underlying ?? path.underlying == path.underlying
            else { continue }
            switch fault.kind {
            case .silent: return nil
            case .frozen: price = path.price(at: fault.from) ?? price
            case .zero: price = 0
            case .negative: price = -price
            case .shifted(let power): price = AttackPublishers.shift(price, by: power)
            case .says(let made): price = made
            case .forged(let made):
                price = made
                isForged = true
            case .late(let seconds):
                age = seconds
                price = path.price(at: max(0, time - seconds)) ?? price
            case .pause: break
            }
        }
        return (price, age, isForged)
    }

    private static func shift(_ price: Int64, by power: Int64) -> Int64 {
        var shifted = Int128(price)
        for _ in 0..<abs(power) {
            shifted = power > 0 ? min(shifted * ten, Int128(Int64.max)) : shifted / ten
        }
        return Int64(clamping: shifted)
    }
}
