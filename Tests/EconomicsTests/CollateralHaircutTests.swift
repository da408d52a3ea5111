/// The arithmetic of haircuts that respond: both sides of each rate and bound.

import Canonical
import Economics
import FixedPoint
import Testing

@Suite struct CollateralHaircutTests {
    private let rules = HaircutParameters.standard
    private let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    private func dollars(_ count: Int64) -> Amount { Amount(microunits: count * 1_000_000) }

    private func target(
        held: Int64 = 0, lasting: Int64? = nil, present: Int64? = nil, price: Int64? = nil
    ) -> HaircutTarget {
        HaircutTarget(
            held: dollars(held), lasting: lasting.map { dollars($0) },
            present: present.map { dollars($0) }, price: price.map { Ratio(basisPoints: $0) },
            rules)
    }

    @Test func `each depth that is held adds one per cent, rounded up to basis points`() {
        #expect(target(held: 300, lasting: 100).maintenance == Ratio(basisPoints: 300))
        #expect(target(held: 301, lasting: 100).maintenance == Ratio(basisPoints: 301))
        #expect(
            HaircutTarget(
                held: Amount(microunits: 300_000_001), lasting: dollars(100), present: nil,
                price: nil, rules
            ).maintenance == Ratio(basisPoints: 301))
        #expect(target(held: 1_000_000, lasting: 100).maintenance == Ratio(basisPoints: 5_000))
        #expect(target(held: 0, lasting: 100).maintenance == .zero)
        #expect(target(held: 100, lasting: 0).maintenance == .zero)
    }

    @Test func `a depth of the moment tightens new risk alone`() {
        let thin = target(held: 300, lasting: 100, present: 10)
        // Half as much again as the thirty per cent of maintenance.
        #expect(thin.initial == Ratio(basisPoints: 4_500))
        #expect(thin.maintenance == Ratio(basisPoints: 300))
        let deep = target(held: 300, lasting: 100, present: 1_000)
        #expect(deep.initial == Ratio(basisPoints: 450))
    }

    @Test func `below the threshold four times what is missing is added`() {
        #expect(target(price: 9_950).initial == .zero)
        #expect(target(price: 9_949).initial == Ratio(basisPoints: 6))
        #expect(target(price: 8_800).maintenance == Ratio(basisPoints: 4_600))
        #expect(target(price: 8_000).maintenance == Ratio(basisPoints: 5_000))
        #expect(target(price: 8_800).initial == Ratio(basisPoints: 5_000))
        #expect(target(held: 300, lasting: 100, price: 9_900).initial == Ratio(basisPoints: 750))
    }

    @Test func `initial rises at once, maintenance by its rate, both fall slowly`() {
        var haircut = CollateralHaircut(start: start)
        #expect(!haircut.isDue(at: start.advanced(by: .seconds(59))))
        #expect(haircut.isDue(at: start.advanced(by: .seconds(60))))
        var now = start
        let steep = target(price: 9_450)
        for _ in 0..<60 {
            now = now.advanced(by: .minute)
            let isMoved = haircut.follow(steep, now: now, rules)
            #expect(isMoved && haircut.initial == Ratio(basisPoints: 3_000))
        }
        #expect(haircut.maintenance > Ratio(basisPoints: 999))
        #expect(haircut.maintenance <= Ratio(basisPoints: 1_000))
        for _ in 0..<60 {
            now = now.advanced(by: .minute)
            _ = haircut.follow(target(price: 10_000), now: now, rules)
        }
        #expect(haircut.initial >= Ratio(basisPoints: 2_800))
        #expect(haircut.initial < Ratio(basisPoints: 2_801))
        #expect(haircut.maintenance >= Ratio(basisPoints: 799))
        #expect(haircut.maintenance < Ratio(basisPoints: 801))
    }

    @Test func `an outage is not caught up with`() {
        var haircut = CollateralHaircut(start: start)
        _ = haircut.follow(target(price: 8_800), now: start.advanced(by: .day), rules)
        #expect(haircut.maintenance <= Ratio(basisPoints: 34))
    }

    @Test func `the quote asset is never worth more than par`() {
        var peg = QuotePeg(start: start)
        let isMoved = peg.follow(
            Ratio(basisPoints: 10_100), now: start.advanced(by: .minute), rules)
        #expect(!isMoved && peg.price == .one)
    }

    @Test func `each field of the rules is refused beyond its range`() {
        func fault(_ change: (inout HaircutParameters) -> Void) -> String? {
            var changed = rules
            change(&changed)
            return changed.faultyField(underlyings: 2).map { "\($0)" }
        }
        let above = Ratio(billionths: 1_000_000_001)
        let below = Ratio(billionths: -1)
        #expect(fault { _ in } == nil)
        #expect(fault { $0.depthCharge = above } == "depthCharge")
        #expect(fault { $0.depthCharge = below } == "depthCharge")
        #expect(fault { $0.pegThreshold = above } == "pegThreshold")
        #expect(fault { $0.pegFactor = Ratio(basisPoints: 80_001) } == "pegFactor")
        #expect(fault { $0.pegFactor = Ratio(basisPoints: 80_000) } == nil)
        #expect(fault { $0.initialFactor = Ratio(billionths: 999_999_999) } == "initialFactor")
        #expect(fault { $0.initialFactor = .one } == nil)
        #expect(fault { $0.most = above } == "most")
        #expect(fault { $0.hourlyRise = .zero } == "hourlyRise")
        #expect(fault { $0.hourlyFall = above } == "hourlyFall")
        #expect(fault { $0.pegged = [UnderlyingIdentifier(2)] } == "pegged")
        #expect(
            fault { $0.pegged = [UnderlyingIdentifier(1), UnderlyingIdentifier(0)] } == "pegged")
        #expect(fault { $0.quotePeg = UnderlyingIdentifier(2) } == "quotePeg")
        #expect(fault { $0.quotePeg = UnderlyingIdentifier(1) } == nil)
    }

    @Test func `what is written is read back`() throws {
        var changed = rules
        changed.pegged = [UnderlyingIdentifier(0), UnderlyingIdentifier(3)]
        changed.quotePeg = UnderlyingIdentifier(2)
        #expect(try HaircutParameters(canonicalBytes: changed.canonicalBytes) == changed)
        var haircut = CollateralHaircut(start: start)
        _ = haircut.follow(target(price: 8_800), now: start.advanced(by: .minute), rules)
        #expect(try CollateralHaircut(canonicalBytes: haircut.canonicalBytes) == haircut)
    }
}
