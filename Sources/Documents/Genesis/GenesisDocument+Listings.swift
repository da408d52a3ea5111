/// Reads the listing rules of a genesis file: what is listed by itself, on which calendars and at
/// which strikes. `futures` and `options` may each be left out of a rule.

import Canonical
import Catalogue
import FixedPoint
import Oracle

extension GenesisDocument {
    private static let plan = [
        "days", "weeks", "months", "quarters", "compartment", "tickSize", "lotSize",
        "maximumPrice", "maximumOrderQuantity", "positionLimit", "openInterestLimit", "priceBand",
    ]

    func listingRule(_ node: JSONNode, _ place: Int) throws(InputFault) -> ListingRule {
        let name = "listing \(place + 1)"
        let fields = try JSONFields(
            node, name: name, file: file, known: ["underlying", "futures", "options"])
        let underlying = try named("underlying", of: fields, among: underlyings.map(\.symbol))
        var futures: ListingRule.Futures?
        if fields.has("futures") {
            let plan = try JSONFields(
                try fields.value("futures"), name: "'futures' of \(name)", file: file,
                known: GenesisDocument.plan)
            futures = ListingRule.Futures(calendar: try calendar(plan), terms: try terms(plan))
        }
        var options: ListingRule.Options?
        if fields.has("options") {
            let plan = try JSONFields(
                try fields.value("options"), name: "'options' of \(name)", file: file,
                known: GenesisDocument.plan + ["strikeStep", "strikesEachSide"])
            options = ListingRule.Options(
                calendar: try calendar(plan), terms: try terms(plan),
                strikeStep: try plan.indexPrice("strikeStep"),
                strikesEachSide: UInt8(try plan.whole("strikesEachSide", in: 0...255)))
        }
        return ListingRule(
            underlying: UnderlyingIdentifier(UInt16(underlying)), futures: futures,
            options: options)
    }

    private func calendar(_ fields: JSONFields) throws(InputFault) -> ExpiryCalendar {
        func count(_ key: String) throws(InputFault) -> UInt8 {
            UInt8(try fields.whole(key, in: 0...Int64(ExpiryCalendar.limit)))
        }
        return ExpiryCalendar(
            days: try count("days"), weeks: try count("weeks"), months: try count("months"),
            quarters: try count("quarters"))
    }

    /// The grid and the limits that an instrument and a listing rule state alike.
    func terms(_ fields: JSONFields) throws(InputFault) -> ContractTerms {
        let compartment = try named("compartment", of: fields, among: compartments.map(\.symbol))
        let tick = try fields.decimal("tickSize", digits: 6)
        let lot = try fields.decimal("lotSize", digits: 9)
        func lots(_ key: String) throws(InputFault) -> Quantity {
            Quantity(
                lots: try fields.count(key, digits: 9, of: lot, named: "lots of 'lotSize'"))
        }
        return ContractTerms(
            compartment: CompartmentIdentifier(UInt16(compartment)),
            tickSize: IndexPrice(micros: tick), lotSize: lot,
            maximumPrice: Price(
                ticks: try fields.count(
                    "maximumPrice", digits: 6, of: tick, named: "ticks of 'tickSize'")),
            maximumOrderQuantity: try lots("maximumOrderQuantity"),
            positionLimit: try lots("positionLimit"),
            openInterestLimit: try lots("openInterestLimit"),
            priceBand: try fields.ratio("priceBand"))
    }

    /// How the expiries of an underlying are settled.
    func settlement(of oracle: JSONFields) throws(InputFault) -> SettlementParameters {
        let fields = try JSONFields(
            try oracle.value("settlement"), name: "'settlement' of an oracle", file: file,
            known: ["windowSeconds", "coverage", "observationSeconds"])
        return SettlementParameters(
            window: try fields.seconds("windowSeconds"), coverage: try fields.ratio("coverage"),
            observationWeight: try fields.seconds("observationSeconds"))
    }
}
