/// What holds markets back, and the measures beside it (docs/breakers.md).

import Breakers
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger

enum BreakerMethods {
    static let all: [Method] = [breakers]

    /// The names of levels.
    static let levels = ["normal", "auctionOnly", "reduceOnly", "halted"]

    private static let hold = Schema.object([
        .required("trigger", .text()), .required("level", .oneOf(levels)),
        .required("until", .integer(), "When it ends unless it is renewed."),
    ])

    static let breakers = Method(
        "public/get_breakers",
        "The level of every market, what holds it, and what is measured beside it.",
        result: .object([
            .required(
                "markets",
                .list(
                    .object([
                        .required("instrument_name", .text()), .required("level", .oneOf(levels)),
                        .required("toxicity", MarketShapes.decimal, "VPIN, 0 to 1."),
                        .required(
                            "imbalance", MarketShapes.decimal,
                            "What takers bought less what they sold, as a share of both."),
                    ]))),
            .required(
                "holds",
                .list(
                    .object([
                        .required("scope", .oneOf(["instrument", "underlying", "compartment"])),
                        .required("name", .text()), .required("level", .oneOf(levels)),
                        .required("triggers", .list(hold)),
                    ])), "Only what is held."),
            .required(
                "vaults",
                .list(
                    .object([
                        .required("compartment", .text()),
                        .required("outflow_1h", MarketShapes.decimal),
                        .required("outflow_24h", MarketShapes.decimal),
                    ]))),
        ])
    ) { gateway, call, writer throws(APIError) in
        var fields = Fields()
        fields.add("markets", .array(gateway.marketLevels(call.ledger)))
        fields.add("holds", .array(gateway.holds(call.ledger)))
        fields.add("vaults", .array(gateway.outflows(call.ledger)))
        writer.value(fields.value)
        return .done
    }
}

extension Gateway {
    fileprivate func marketLevels(_ ledger: Ledger) -> [JSON.Value] {
        ledger.catalogue.live.map { identifier in
            var fields = Fields()
            fields.add("instrument_name", names[identifier])
            fields.add("level", "\(ledger.level(of: identifier))")
            fields.add("toxicity", ledger.toxicity(of: identifier).value)
            fields.add("imbalance", ledger.imbalance(of: identifier).value)
            return fields.value
        }
    }

    /// Whatever is held, instruments before underlyings before compartments.
    fileprivate func holds(_ ledger: Ledger) -> [JSON.Value] {
        var scopes: [(scope: BreakerScope, kind: String, name: String)] = []
        for identifier in ledger.catalogue.live {
            scopes.append((.instrument(identifier), "instrument", names[identifier]))
        }
        for place in ledger.catalogue.underlyings.indices {
            let identifier = UnderlyingIdentifier(UInt16(place))
            scopes.append((.underlying(identifier), "underlying", names.bases[place]))
        }
        for (place, compartment) in ledger.catalogue.compartments.enumerated() {
            let identifier = CompartmentIdentifier(UInt16(place))
            scopes.append((.compartment(identifier), "compartment", compartment.symbol.text))
        }
        return scopes.compactMap { entry in
            let breaker = ledger.breaker(of: entry.scope)
            guard !breaker.isIdle else { return nil }
            var fields = Fields()
            fields.add("scope", entry.kind)
            fields.add("name", entry.name)
            fields.add("level", "\(breaker.level)")
            fields.add(
                "triggers",
                .array(
                    breaker.holds.map { hold in
                        var fields = Fields()
                        fields.add("trigger", "\(hold.trigger)")
                        fields.add("level", "\(hold.level)")
                        fields.add("until", .instant(hold.until))
                        return fields.value
                    }))
            return fields.value
        }
    }

    fileprivate func outflows(_ ledger: Ledger) -> [JSON.Value] {
        ledger.catalogue.compartments.enumerated().map { place, compartment in
            let outflow = ledger.outflow(of: CompartmentIdentifier(UInt16(place)))
            var fields = Fields()
            fields.add("compartment", compartment.symbol.text)
            fields.add("outflow_1h", outflow.hour.value)
            fields.add("outflow_24h", outflow.day.value)
            return fields.value
        }
    }
}
