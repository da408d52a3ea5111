/// Names go both ways without ambiguity, also where two contracts would have the same.

import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import JSON
import Testing

@testable import Gateway
import Ledger

@Suite struct InstrumentNamesTests {
    @Test func everyKindHasDeribitsName() throws {
        let venue = try GatewayVenue()
        #expect(
            venue.gateway.names.names == [
                "BTC_USDC-PERPETUAL", "ETH_USDC-PERPETUAL", "BTC-SIDE", "BTC_USDC-16JUN25",
                "BTC_USDC-16JUN25-50000-C", "BTC_USDC-16JUN25-50000-P", "BTC_USDC",
            ])
        #expect(venue.gateway.names.indexes == ["btc_usd", "eth_usd"])
    }

    @Test func everyNameLeadsBack() throws {
        let venue = try GatewayVenue()
        for (place, name) in venue.gateway.names.names.enumerated() {
            #expect(
                venue.gateway.names.instrument(name) == InstrumentIdentifier(UInt16(place)))
        }
        #expect(venue.gateway.names.instrument("BTC-PERP") == nil)
        #expect(venue.gateway.names.instrument("") == nil)
    }

    @Test func aSymbolThatLooksLikeAnothersNameGetsANumber() throws {
        let catalogue = try CatalogueFixture.catalogue(instruments: [
            CatalogueFixture.instrument("BTC-PERP"),
            CatalogueFixture.instrument("BTC_USDC-PERPETUAL"),
            CatalogueFixture.instrument("BTC-OTHER"),
        ])
        let names = InstrumentNames(catalogue)
        #expect(
            names.names == ["BTC_USDC-PERPETUAL", "BTC_USDC-PERPETUAL~1", "BTC-OTHER"])
        #expect(Set(names.names).count == 3)
    }

    @Test func decimalStrikesKeepTheirLetter() throws {
        let catalogue = try CatalogueFixture.catalogue(instruments: [
            CatalogueFixture.option("BTC-16JUN25-0d625-C", .call, strike: 625_000),
            CatalogueFixture.option("BTC-16JUN25-0d625-P", .put, strike: 625_000),
        ])
        #expect(
            InstrumentNames(catalogue).names == [
                "BTC_USDC-16JUN25-0d625-C", "BTC_USDC-16JUN25-0d625-P",
            ])
    }

    @Test func amountsAndPricesLieOnTheirGrid() throws {
        let venue = try GatewayVenue()
        let instrument = venue.ledger.catalogue.instruments[0]
        func number(_ text: String) throws -> JSON.Number { try #require(JSON.Number(text)) }
        #expect(try instrument.lots(of: number("0.003"), parameter: "amount").lots == 3)
        #expect(try instrument.ticks(of: number("50000.5"), parameter: "price").ticks == 100_001)
        for text in ["0.0005", "0", "-0.001", "1e-10", "1e30"] {
            #expect(throws: APIError.self) {
                try instrument.lots(of: number(text), parameter: "amount")
            }
        }
        for text in ["50000.3", "0", "-1", "0.0000001"] {
            #expect(throws: APIError.self) {
                try instrument.ticks(of: number(text), parameter: "price")
            }
        }
        #expect(instrument.value(Quantity(lots: -7)).number?.text == "-0.007")
        #expect(instrument.value(Price(ticks: 1)).number?.text == "0.5")
    }

    @Test(arguments: [
        // Sunday, Monday, a Friday, and the last Fridays of June and December 2025.
        (20_254, "day"), (20_255, "day"), (20_259, "week"), (20_266, "month"),
        (20_448, "month"), (20_441, "week"),
    ])
    func periodsFollowTheCalendar(day: UInt64, period: String) {
        let time = Timestamp(nanoseconds: day * Duration.day.nanoseconds)
        #expect(Gateway.period(of: time) == period)
    }
}
