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

    private static let measure = Schema.object([
        .required("scope", .oneOf(["instrument", "underlying", "compartment"])),
        .required("name", .text()), .required("trigger", .text()),
        .required("level", .oneOf(levels), "What it demands when it trips."),
        .required(
            "unit", .oneOf(["share", "seconds", "quote"]), "Of all three numbers, as the trigger."),
        .required("measured", MarketShapes.price, "Null where it cannot be told now."),
        .required("threshold", MarketShapes.decimal, "It trips at this or more."),
        .required("clearing", MarketShapes.decimal, "It is clear below this."),
    ])

    static let breakers = Method(
        "public/get_breakers",
        "The level of every market, what holds it, and what is measured.",
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
                "measures", .list(measure),
                "Of every index and compartment, and of markets but options, against what trips."),
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
        fields.add("measures", .array(gateway.measures(call.ledger)))
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

    /// Every scope that may be held, instruments before underlyings before compartments.
    private func scopes(_ ledger: Ledger) -> [(scope: BreakerScope, kind: String, name: String)] {
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
        return scopes
    }

    /// What breakers were last shown, scope by scope.
    fileprivate func measures(_ ledger: Ledger) -> [JSON.Value] {
        scopes(ledger).flatMap { entry -> [JSON.Value] in
            if case .instrument(let identifier) = entry.scope,
                ledger.catalogue.instruments[Int(identifier.number)].kind.series != nil
            {
                return []
            }
            return ledger.breakerReadings(of: entry.scope).map { reading in
                let unit = reading.trigger.unit
                var fields = Fields()
                fields.add("scope", entry.kind)
                fields.add("name", entry.name)
                fields.add("trigger", "\(reading.trigger)")
                fields.add("level", "\(reading.trigger.level)")
                fields.add("unit", unit.rawValue)
                fields.add("measured", reading.measured.map(unit.value) ?? .null)
                fields.add("threshold", unit.value(reading.threshold))
                fields.add("clearing", unit.value(reading.clearing))
                return fields.value
            }
        }
    }

    /// Whatever is held.
    fileprivate func holds(_ ledger: Ledger) -> [JSON.Value] {
        scopes(ledger).compactMap { entry in
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

/// What a trigger's numbers are of, and how the API writes them.
private enum BreakerUnit: String {
    case share, seconds, quote

    func value(_ units: Int64) -> JSON.Value {
        switch self {
        case .share: Ratio(units: units).value
        case .seconds: .number(JSON.Number(Int128(units), decimals: BreakerUnit.timeDecimals))
        case .quote: Amount(microunits: units).value
        }
    }

    /// Times are in nanoseconds.
    private static let timeDecimals = 9
}

extension BreakerTrigger {
    fileprivate var unit: BreakerUnit {
        switch self {
        case .minuteMove, .fiveMinuteMove, .sourceDivergence, .guardian: .share
        case .bookDivergence, .staleIndex, .deadIndex: .seconds
        case .liquidations, .drawdown: .quote
        }
    }
}
