/// The ranges of the parameters on both sides of each limit, and the encodings of this room.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Oracle

private struct OracleRow: Sendable {
    let field: String?
    let change: @Sendable (inout OracleParameters) -> Void
}

@Test(arguments: [
    OracleRow(field: nil) { _ in },
    OracleRow(field: "quorum") { $0.quorum = Ratio(billionths: 500_000_000) },
    OracleRow(field: nil) { $0.quorum = Ratio(billionths: 500_000_001) },
    OracleRow(field: nil) { $0.quorum = .one },
    OracleRow(field: "quorum") { $0.quorum = Ratio(billionths: 1_000_000_001) },
    OracleRow(field: "liquidationAge") { $0.liquidationAge = .zero },
    OracleRow(field: nil) { $0.liquidationAge = Duration(nanoseconds: 1) },
    OracleRow(field: nil) { $0.liquidationAge = .seconds(15) },
    OracleRow(field: "reduceOnlyAge") { $0.liquidationAge = Duration(nanoseconds: 15_000_000_001) },
    OracleRow(field: nil) { $0.haltAge = .seconds(15) },
    OracleRow(field: "haltAge") { $0.haltAge = Duration(nanoseconds: 14_999_999_999) },
    OracleRow(field: "stableHourlyMove") { $0.stableHourlyMove = .zero },
    OracleRow(field: nil) { $0.stableHourlyMove = Ratio(billionths: 1) },
    OracleRow(field: nil) { $0.stableHourlyMove = .one },
    OracleRow(field: "stableHourlyMove") { $0.stableHourlyMove = Ratio(billionths: 1_000_000_001) },
])
private func theFirstFaultyOracleFieldIsNamed(_ row: OracleRow) throws {
    var parameters = OracleFixture.parameters
    row.change(&parameters)
    #expect(parameters.faultyField.map { "\($0)" } == row.field)
    #expect(try OracleParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
}

private struct PerpetualRow: Sendable {
    let field: String?
    let change: @Sendable (inout PerpetualParameters) -> Void
}

@Test(arguments: [
    PerpetualRow(field: nil) { _ in },
    PerpetualRow(field: "premiumClamp") { $0.premiumClamp = Ratio(billionths: -1) },
    PerpetualRow(field: nil) { $0.premiumClamp = .zero },
    PerpetualRow(field: nil) { $0.premiumClamp = Ratio(billionths: 100_000_000) },
    PerpetualRow(field: "premiumClamp") { $0.premiumClamp = Ratio(billionths: 100_000_001) },
    PerpetualRow(field: "premiumAveraging") { $0.premiumAveraging = .zero },
    PerpetualRow(field: nil) { $0.premiumAveraging = .day },
    PerpetualRow(field: "premiumAveraging") { $0.premiumAveraging = .seconds(86_401) },
    PerpetualRow(field: "impactNotional") { $0.impactNotional = .zero },
    PerpetualRow(field: nil) { $0.impactNotional = Amount(microunits: 1 << 49) },
    PerpetualRow(field: "impactNotional") { $0.impactNotional = Amount(microunits: 1 << 49 + 1) },
    PerpetualRow(field: nil) { $0.interest = Ratio(billionths: -100_000_000) },
    PerpetualRow(field: "interest") { $0.interest = Ratio(billionths: -100_000_001) },
    PerpetualRow(field: nil) { $0.interest = Ratio(billionths: 100_000_000) },
    PerpetualRow(field: "interest") { $0.interest = Ratio(billionths: 100_000_001) },
    PerpetualRow(field: "interestClamp") { $0.interestClamp = Ratio(billionths: -1) },
    PerpetualRow(field: nil) { $0.interestClamp = .zero },
    PerpetualRow(field: "interestClamp") { $0.interestClamp = Ratio(billionths: 100_000_001) },
    PerpetualRow(field: "fundingCap") { $0.fundingCap = Ratio(billionths: -1) },
    PerpetualRow(field: nil) { $0.fundingCap = Ratio(billionths: 40_000_000) },
    PerpetualRow(field: "fundingCap") { $0.fundingCap = Ratio(billionths: 40_000_001) },
])
private func theFirstFaultyPerpetualFieldIsNamed(_ row: PerpetualRow) throws {
    var parameters = OracleFixture.perpetual
    row.change(&parameters)
    #expect(parameters.faultyField.map { "\($0)" } == row.field)
    #expect(try PerpetualParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
}

private func bundle(_ underlyings: [UInt16]) -> ObservationBundle {
    ObservationBundle(
        publisher: PublisherIdentifier(3), time: OracleFixture.second(7),
        observations: underlyings.map {
            Observation(underlying: UnderlyingIdentifier($0), price: IndexPrice(micros: 5))
        }, signature: Signature(r: Bytes32(), s: Bytes32()))
}

@Test func aBundleSurvivesItsEncodingAndMustAscend() throws {
    for underlyings in [[], [9], [0, 1, 65_535], Array(0..<64)] {
        let bundle = bundle(underlyings.map { UInt16($0) })
        #expect(try ObservationBundle(canonicalBytes: bundle.canonicalBytes) == bundle)
    }
    for underlyings in [[UInt16(1), 1], [2, 1]] {
        #expect(throws: DecodingFault(.outOfOrder, at: 10)) {
            try ObservationBundle(canonicalBytes: bundle(underlyings).canonicalBytes)
        }
    }
    #expect(throws: DecodingFault(.tooMany, at: 10)) {
        try ObservationBundle(canonicalBytes: bundle(Array(0..<65)).canonicalBytes)
    }
}

@Test func whatIsSignedDependsOnEveryField() {
    let chain = Digest(Bytes32([UInt8](repeating: 1, count: 32)))
    let signed = bundle([1, 2]).signedBytes(chain: chain)
    #expect(signed != bundle([1, 2]).signedBytes(chain: .zero))
    #expect(signed != bundle([1, 3]).signedBytes(chain: chain))
    #expect(signed != bundle([1]).signedBytes(chain: chain))
    var other = bundle([1, 2])
    other.signature = Signature(r: chain.storage, s: chain.storage)
    #expect(signed == other.signedBytes(chain: chain))
    #expect(signed == Array(chain.canonicalBytes + bundle([1, 2]).canonicalBytes.dropLast(64)))
}

@Test func aPublisherSurvivesItsEncoding() throws {
    for publisher in OracleFixture.publishers([1, 1_000_000, .max]) {
        #expect(try Publisher(canonicalBytes: publisher.canonicalBytes) == publisher)
    }
}
