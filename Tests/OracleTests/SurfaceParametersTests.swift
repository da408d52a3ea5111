/// The parameters of a surface: both sides of every limit by name, and the encodings of what is
/// voted.
import Canonical
import FixedPoint
import Testing

@testable import Oracle

private struct LimitRow: Sendable {
    let name: String
    let inside: @Sendable (inout SurfaceParameters) -> Void
    let outside: @Sendable (inout SurfaceParameters) -> Void
}

private func points(_ basisPoints: Int64) -> Ratio { Ratio(basisPoints: basisPoints) }

/// The standard nodes with one of them elsewhere.
private func moved(_ node: Int, to basisPoints: Int64) -> [Ratio] {
    var nodes = SurfaceParameters.standard.nodes
    nodes[node] = points(basisPoints)
    return nodes
}

@Test(arguments: [
    LimitRow(
        name: "referenceVolatility", inside: { $0.referenceVolatility = points(500) },
        outside: { $0.referenceVolatility = points(499) }),
    LimitRow(
        name: "referenceVolatility", inside: { $0.referenceVolatility = points(50_000) },
        outside: { $0.referenceVolatility = points(50_001) }),
    LimitRow(
        name: "nodes", inside: { $0.nodes = moved(10, to: 80_000) },
        outside: { $0.nodes = moved(10, to: 80_001) }),
    LimitRow(
        name: "nodes", inside: { $0.nodes = moved(0, to: -80_000) },
        outside: { $0.nodes = moved(0, to: -80_001) }),
    LimitRow(
        name: "nodes", inside: { $0.nodes = moved(6, to: 2_500) },
        outside: { $0.nodes = moved(6, to: 2_499) }),
    LimitRow(
        name: "nodes", inside: { $0.nodes = moved(5, to: 0) },
        outside: { $0.nodes = moved(5, to: 1) }),
    LimitRow(name: "nodes", inside: { _ in }, outside: { $0.nodes.removeLast() }),
    LimitRow(
        name: "quorum", inside: { $0.quorum = Ratio(billionths: 500_000_001) },
        outside: { $0.quorum = Ratio(billionths: 500_000_000) }),
    LimitRow(
        name: "quorum", inside: { $0.quorum = .one },
        outside: { $0.quorum = Ratio(billionths: 1_000_000_001) }),
    LimitRow(
        name: "liquidationAge", inside: { $0.liquidationAge = Duration(nanoseconds: 1) },
        outside: { $0.liquidationAge = .zero }),
    LimitRow(
        name: "reduceOnlyAge", inside: { $0.reduceOnlyAge = .seconds(15) },
        outside: { $0.reduceOnlyAge = .seconds(14) }),
    LimitRow(
        name: "haltAge", inside: { $0.haltAge = .seconds(60) },
        outside: { $0.haltAge = .seconds(59) }),
    LimitRow(
        name: "haltAge", inside: { $0.haltAge = .day },
        outside: { $0.haltAge = .seconds(86_401) }),
    LimitRow(
        name: "minuteMove", inside: { $0.minuteMove = points(100_000) },
        outside: { $0.minuteMove = points(100_001) }),
    LimitRow(
        name: "minuteMove", inside: { $0.minuteMove = Ratio(billionths: 1) },
        outside: { $0.minuteMove = .zero }),
    LimitRow(
        name: "cut", inside: { $0.cut = .one },
        outside: { $0.cut = Ratio(billionths: 999_999_999) }),
    LimitRow(
        name: "volatilityFloor", inside: { $0.volatilityFloor = Ratio(billionths: 1) },
        outside: { $0.volatilityFloor = .zero }),
    LimitRow(
        name: "basisFloor", inside: { $0.basisFloor = .one },
        outside: { $0.basisFloor = Ratio(billionths: 1_000_000_001) }),
    LimitRow(
        name: "lowestCarry", inside: { $0.lowestCarry = .zero },
        outside: { $0.lowestCarry = Ratio(billionths: 1) }),
    LimitRow(
        name: "highestCarry", inside: { $0.highestCarry = .one },
        outside: { $0.highestCarry = Ratio(billionths: -1) }),
    LimitRow(
        name: "basisSlack", inside: { $0.basisSlack = points(1_000) },
        outside: { $0.basisSlack = points(1_001) }),
])
private func eachLimitOfASurfaceIsNamed(_ row: LimitRow) {
    var parameters = SurfaceParameters.standard
    #expect(parameters.faultyField == nil)
    row.inside(&parameters)
    #expect(parameters.faultyField == nil, "\(row.name)")
    row.outside(&parameters)
    #expect(parameters.faultyField.map { "\($0)" } == row.name)
}

@Test func theParametersAndACurveSurviveTheirEncoding() throws {
    let parameters = SurfaceParameters(referenceVolatility: points(7_000))
    #expect(try SurfaceParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
    let curve = SurfaceFixture.curve(days: 3, SurfaceFixture.smile())
    #expect(try CurveObservation(canonicalBytes: curve.canonicalBytes) == curve)
    // Underlying, expiry, forward, eleven volatilities.
    #expect(curve.canonicalBytes.count == 2 + 8 + 8 + 44)
}

private func bundle(_ curves: [CurveObservation]) -> ObservationBundle {
    ObservationBundle(
        publisher: PublisherIdentifier(1), time: SurfaceFixture.start, observations: [],
        curves: curves, signature: Signature(r: Bytes32(), s: Bytes32()))
}

@Test func theCurvesOfABundleMustAscend() throws {
    let smile = SurfaceFixture.smile()
    let curves = (1...4).map { SurfaceFixture.curve(days: $0, smile) }
    let sound = bundle(curves)
    #expect(try ObservationBundle(canonicalBytes: sound.canonicalBytes) == sound)
    #expect(sound.signedBytes(chain: Digest.zero) != bundle([]).signedBytes(chain: Digest.zero))
    for faulty in [[curves[1], curves[0]], [curves[0], curves[0]]] {
        #expect(throws: DecodingFault.self) {
            try ObservationBundle(canonicalBytes: bundle(faulty).canonicalBytes)
        }
    }
}

@Test(arguments: [(512, true), (513, false)])
func aBundleHoldsAsManyCurvesAsTheLimit(_ count: Int, _ isRead: Bool) {
    let smile = SurfaceFixture.smile()
    let curves = (0..<count).map { SurfaceFixture.curve(days: UInt64($0), smile) }
    let read = try? ObservationBundle(canonicalBytes: bundle(curves).canonicalBytes)
    #expect((read != nil) == isRead)
}

/// Found by the fuzzer: the distance of two such neighbours does not fit 64 bits.
@Test func nodesAtTheEndsOfTheRangeAreRefusedAndTrapNothing() {
    var parameters = SurfaceParameters.standard
    parameters.nodes[3] = Ratio(units: .min)
    parameters.nodes[4] = Ratio(units: .max)
    #expect(parameters.faultyField.map { "\($0)" } == "nodes")
}
