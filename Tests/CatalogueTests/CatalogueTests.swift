/// What a valid catalogue offers: its encoding, its look-ups, and the exactness of what one tick
/// and one lot are worth. The refusals are in `CatalogueFaultTests`.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import TestKit
import Testing

@Test func aCatalogueSurvivesItsEncoding() throws {
    let catalogue = try CatalogueFixture.catalogue()
    let bytes = catalogue.canonicalBytes
    #expect(try Catalogue(canonicalBytes: bytes) == catalogue)
    #expect(throws: DecodingFault(.truncated, at: bytes.count - 4)) {
        try Catalogue(canonicalBytes: Array(bytes.dropLast()))
    }
    #expect(throws: DecodingFault(.trailingBytes, at: bytes.count)) {
        try Catalogue(canonicalBytes: bytes + [0])
    }
}

@Test func aWellFormedCatalogueThatBreaksARuleIsNoEncoding() throws {
    var encoder = CanonicalEncoder()
    encoder.append(CatalogueFixture.compartments)
    encoder.append(CatalogueFixture.underlyings)
    encoder.append([CatalogueFixture.instrument(underlying: 2)])
    encoder.append(CatalogueFixture.feeTiers)
    encoder.append([ListingRule]())
    #expect(throws: DecodingFault(.outOfRange, at: 0)) {
        try Catalogue(canonicalBytes: encoder.bytes)
    }
}

@Test func mutatedCataloguesAreRefusedOrOtherCatalogues() throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    let valid = try CatalogueFixture.catalogue().canonicalBytes
    var refused = 0
    for round in 0..<3_000 {
        var bytes = valid
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            bytes[.random(in: 0..<bytes.count, using: &random)] = .random(
                in: 0...255, using: &random)
        }
        do {
            let other = try Catalogue(canonicalBytes: bytes)
            #expect(other.canonicalBytes == bytes, "seed \(seed), round \(round)")
        } catch {
            refused += 1
        }
    }
    #expect(refused > 300, "seed \(seed)")
}

@Test func identifiersOutsideTheCatalogueNameNothing() throws {
    let catalogue = try CatalogueFixture.catalogue()
    #expect(catalogue.instrument(InstrumentIdentifier(2)) == CatalogueFixture.instruments[2])
    #expect(catalogue.instrument(InstrumentIdentifier(3)) == nil)
    #expect(catalogue.compartment(CompartmentIdentifier(1)) == CatalogueFixture.compartments[1])
    #expect(catalogue.compartment(CompartmentIdentifier(2)) == nil)
}

@Test func notionalIsTicksTimesLotsTimesTickValue() throws {
    // 100,000 ticks of $0.1 are $10,000; 3 lots of 0.0001 BTC are 0.0003 BTC: $3.
    let instrument = CatalogueFixture.instrument()
    #expect(instrument.tickValue == 10)
    let price = Price(ticks: 100_000)
    #expect(
        try instrument.notional(price: price, quantity: Quantity(lots: 3)).units == 3_000_000)
    #expect(
        try instrument.notional(price: price, quantity: Quantity(lots: -3)).units == -3_000_000)
    #expect(throws: ArithmeticFault.overflow) {
        try instrument.notional(price: .max, quantity: Quantity(lots: 1))
    }
}

@Test func tickValueIsExactForEveryAdmittedGrid() throws {
    let seed: UInt64 = 12
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let value = Int64.random(in: 1...1_000, using: &random)
        // value · 10⁹ = tick · lot for every power of ten.
        var tick = value
        for _ in 0..<Int.random(in: 0...9, using: &random) { tick *= 10 }
        let lot = value * 1_000_000_000 / tick
        let instrument = CatalogueFixture.instrument(tick: tick, lot: lot)
        guard lot * tick == value * 1_000_000_000 else { continue }
        #expect(instrument.tickValue == value, "seed \(seed)")
        let price = Price(ticks: .random(in: 1...1_000_000, using: &random))
        let worth = try instrument.lotValue(at: instrument.indexPrice(of: price), fractionBits: 8)
        #expect(
            worth == (try instrument.notional(price: price, quantity: Quantity(lots: 1))).units
                << 8,
            "seed \(seed)")
    }
}

@Test func lotValueRoundsDownAndTicksAsAsked() throws {
    let instrument = CatalogueFixture.instrument()
    // 0.0001 BTC at $0.000019 is 0.0019 µ: 0.4864 of 2⁻⁸ µ.
    #expect(try instrument.lotValue(at: IndexPrice(micros: 19), fractionBits: 8) == 0)
    #expect(try instrument.lotValue(at: IndexPrice(micros: 40), fractionBits: 8) == 1)
    let between = IndexPrice(micros: 250_000)
    #expect(try instrument.ticks(at: between, rounding: .down) == Price(ticks: 2))
    #expect(try instrument.ticks(at: between, rounding: .up) == Price(ticks: 3))
    #expect(try instrument.indexPrice(of: Price(ticks: 3)) == IndexPrice(micros: 300_000))
}

/// A lot of 10⁻⁴ units with eight fraction bits: 39.0625 quote a unit are the least that counts as
/// $1.
@Test(arguments: [(39_062_500, true), (39_062_499, false), (1, false)])
private func aLotIsWorthADollarAtListingFractionBitsCounted(listing: Int64, isListed: Bool) {
    var fault: CatalogueFault?
    do throws(CatalogueFault) {
        _ = try Catalogue(
            compartments: CatalogueFixture.compartments,
            underlyings: [CatalogueFixture.underlying(listing: listing)],
            instruments: [CatalogueFixture.instrument()], feeTiers: CatalogueFixture.feeTiers)
    } catch {
        fault = error
    }
    #expect(fault == (isListed ? nil : CatalogueFault(.instruments, 0, .lotSize, .lotTooSmall)))
}
