/// Which valuations a price update makes anew: none where it confirms what was known, so that no
/// account's lanes need to be made again.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Testing

@testable import Risk

/// ETH, the one underlying of the fixture with a single instrument, at the venue's first price.
private let ether = InstrumentIdentifier(1)
private let mark = IndexPrice(micros: 3_000_000_000)
private let fundingRate = Ratio(billionths: 100_000)

private func all(_ catalogue: Catalogue) -> UnderlyingSet {
    var set = UnderlyingSet()
    for place in catalogue.underlyings.indices {
        set.insert(UnderlyingIdentifier(UInt16(place)))
    }
    return set
}

private func only(_ underlying: UnderlyingIdentifier) -> UnderlyingSet {
    var set = UnderlyingSet()
    set.insert(underlying)
    return set
}

@Test func aConfirmedPriceRevaluesNothing() throws {
    var venue = RiskVenue(accounts: 1)
    let every = all(venue.catalogue)
    #expect(venue.risk.takeRevalued(among: every) == every)
    try venue.risk.reprice(ether, mark: mark, stable: mark, fundingRate: fundingRate)
    #expect(venue.risk.takeRevalued(among: every).isEmpty)
}

@Test func eachChangeOfPriceRevaluesItsUnderlyingOnce() throws {
    var venue = RiskVenue(accounts: 1)
    let every = all(venue.catalogue)
    let own = only(venue.catalogue.instruments[1].underlying)
    _ = venue.risk.takeRevalued(among: every)
    let higher = mark + IndexPrice(micros: 1)
    try venue.risk.reprice(ether, mark: higher, stable: mark, fundingRate: fundingRate)
    #expect(venue.risk.takeRevalued(among: every) == own)
    try venue.risk.reprice(ether, mark: higher, stable: higher, fundingRate: fundingRate)
    #expect(venue.risk.takeRevalued(among: every) == own)
    try venue.risk.reprice(ether, mark: higher, stable: higher, fundingRate: .zero)
    #expect(venue.risk.takeRevalued(among: every) == own)
    #expect(venue.risk.takeRevalued(among: every).isEmpty)
}

@Test func whatNobodyAskedAboutIsKept() throws {
    var venue = RiskVenue(accounts: 1)
    let every = all(venue.catalogue)
    let own = only(venue.catalogue.instruments[1].underlying)
    let other = only(venue.catalogue.instruments[0].underlying)
    _ = venue.risk.takeRevalued(among: every)
    try venue.risk.reprice(ether, mark: mark, stable: mark, fundingRate: .zero)
    #expect(venue.risk.takeRevalued(among: other).isEmpty)
    #expect(venue.risk.takeRevalued(among: own) == own)
}

@Test func aListedOrRetiredInstrumentHasItsUnderlyingValuedAgain() throws {
    var venue = RiskVenue(accounts: 1)
    let every = all(venue.catalogue)
    let own = only(venue.catalogue.instruments[1].underlying)
    _ = venue.risk.takeRevalued(among: every)
    venue.risk.list(venue.catalogue.instruments[1])
    #expect(venue.risk.takeRevalued(among: every) == own)
    venue.risk.retire(InstrumentIdentifier(UInt16(venue.catalogue.instruments.count)))
    #expect(venue.risk.takeRevalued(among: every) == own)
}
