/// What each kind of instrument says of itself, and its encoding.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Testing

private let expiry = CatalogueFixture.expiry(day: 3)

private func option(_ right: OptionRight) -> InstrumentKind {
    .option(OptionSeries(expiry: expiry, strike: IndexPrice(micros: 100), right: right))
}

@Test(arguments: [
    InstrumentKind.perpetual, .future(expiry: expiry), option(.call), option(.put), .spot,
])
func aKindSurvivesItsEncoding(kind: InstrumentKind) throws {
    #expect(try InstrumentKind(canonicalBytes: kind.canonicalBytes) == kind)
    let instrument = CatalogueFixture.instrument(kind: kind)
    #expect(try Instrument(canonicalBytes: instrument.canonicalBytes) == instrument)
    #expect(instrument.expiry == (kind == .perpetual || kind == .spot ? nil : expiry))
    #expect(instrument.isPaidAtFill == (kind.series != nil || kind == .spot))
}

@Test func whatIsNoKindIsNoEncoding() {
    #expect(throws: DecodingFault(.unknownTag, at: 0)) { try InstrumentKind(canonicalBytes: [4]) }
    var bytes = option(.put).canonicalBytes
    bytes[bytes.count - 1] = 2
    #expect(throws: DecodingFault(.unknownTag, at: 0)) { try InstrumentKind(canonicalBytes: bytes) }
}

@Test(arguments: [
    (Int64(99), Int64(0), Int64(1)), (100, 0, 0), (101, 1, 0), (1, 0, 99), (1_000, 900, 0),
])
func anOptionIsWorthItsIntrinsicValueAtExpiry(price: Int64, call: Int64, put: Int64) {
    let index = IndexPrice(micros: price)
    #expect(option(.call).series?.intrinsicValue(at: index).units == call)
    #expect(option(.put).series?.intrinsicValue(at: index).units == put)
}
