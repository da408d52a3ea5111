/// How many sources become one index, as a genesis file states it: `aggregation` of each oracle. A
/// rule whose number is zero is not asked; `bounds` may be left out.

import Canonical
import FixedPoint
import Ledger
import Oracle

extension GenesisDocument {
    func aggregation(of oracle: JSONFields) throws(InputFault) -> AggregationParameters {
        let fields = try JSONFields(
            try oracle.value("aggregation"), name: "'aggregation' of an oracle", file: file,
            known: [
                "minimumVenues", "venueCap", "outlierFactor", "outlierFloor", "secondMove",
                "minuteMove", "widestConfidence", "frozenSeconds", "frozenMove", "unitTolerance",
                "bounds",
            ])
        var result = AggregationParameters.plain
        result.minimumVenues = UInt16(try fields.whole("minimumVenues", in: 1...65_535))
        result.venueCap = try fields.ratio("venueCap")
        result.outlierFactor = try fields.ratio("outlierFactor")
        result.outlierFloor = try fields.ratio("outlierFloor")
        result.secondMove = try fields.ratio("secondMove")
        result.minuteMove = try fields.ratio("minuteMove")
        result.widestConfidence = try fields.ratio("widestConfidence")
        result.frozenAge = try fields.seconds("frozenSeconds")
        result.frozenMove = try fields.ratio("frozenMove")
        result.unitTolerance = try fields.ratio("unitTolerance")
        if fields.has("bounds") { result.bounds = try bounds(of: fields) }
        return result
    }

    /// What sources are known to be able to state, in the order of the sources.
    private func bounds(of aggregation: JSONFields) throws(InputFault) -> [SourceBound] {
        let names = try sourceNames()
        var bounds: [SourceBound] = []
        for node in try aggregation.list("bounds") {
            let fields = try JSONFields(
                node, name: "a bound of an oracle", file: file,
                known: ["source", "lowest", "highest"])
            let place = try named("source", of: fields, among: names)
            bounds.append(
                SourceBound(
                    source: SourceIdentifier(UInt16(clamping: place)),
                    lowest: fields.has("lowest") ? try fields.indexPrice("lowest") : .zero,
                    highest: fields.has("highest") ? try fields.indexPrice("highest") : .max))
        }
        return bounds.sorted { $0.source < $1.source }
    }
}

extension Genesis {
    /// An aggregation as `GenesisDocument.aggregation` reads it.
    func aggregation(_ rules: AggregationParameters) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("minimumVenues", .integer(Int64(rules.minimumVenues))),
            ("venueCap", .ratio(rules.venueCap)),
            ("outlierFactor", .ratio(rules.outlierFactor)),
            ("outlierFloor", .ratio(rules.outlierFloor)),
            ("secondMove", .ratio(rules.secondMove)), ("minuteMove", .ratio(rules.minuteMove)),
            ("widestConfidence", .ratio(rules.widestConfidence)),
            ("frozenSeconds", .seconds(rules.frozenAge)),
            ("frozenMove", .ratio(rules.frozenMove)),
            ("unitTolerance", .ratio(rules.unitTolerance)),
        ]
        if !rules.bounds.isEmpty { members.append(("bounds", .list(rules.bounds.map(bound)))) }
        return .object(members)
    }

    private func bound(_ bound: SourceBound) -> JSONValue {
        let name = safeguards.sources[Int(bound.source.number)].name
        var members: [(String, JSONValue)] = [("source", .text(name.text))]
        if bound.lowest.isPositive { members.append(("lowest", .micro(bound.lowest.units))) }
        if bound.highest < .max { members.append(("highest", .micro(bound.highest.units))) }
        return .object(members)
    }
}
