/// The part of a genesis file that says what an attack on a market costs and how much may be open
/// (docs/economics.md): an entry for each underlying, in any order; without any there are no caps
/// but those of the instruments.

import Canonical
import Catalogue
import Economics
import FixedPoint
import Ledger

extension GenesisDocument {
    /// The economics of all underlyings, in their order.
    func readEconomics(_ safeguards: JSONFields) throws(InputFault) -> [EconomicParameters] {
        var found = [EconomicParameters?](repeating: nil, count: underlyings.count)
        for (number, node) in try safeguards.list("economics").enumerated() {
            let fields = try JSONFields(
                node, name: "economics \(number + 1)", file: file,
                known: [
                    "underlying", "depthShare", "replenishmentSeconds", "windowSeconds", "safety",
                    "tradingCost", "ownerShare", "baseMargin", "gapLoss", "hardLimit", "leastCap",
                    "dailyVolume", "float", "openingDepth", "hourlyFall", "hourlyRise",
                ])
            let place = try named("underlying", of: fields, among: underlyings.map(\.symbol))
            guard found[place] == nil else {
                throw fields.fault("underlying", "has economics already")
            }
            let entry = try economics(fields)
            if let field = entry.faultyField {
                throw fields.fault("\(field)".inFile, "is out of range")
            }
            found[place] = entry
        }
        var result: [EconomicParameters] = []
        for (place, entry) in found.enumerated() {
            guard let entry else {
                throw safeguards.fault(
                    "economics", "says nothing of '\(underlyings[place].symbol.text)'")
            }
            result.append(entry)
        }
        return result
    }

    private func economics(_ fields: JSONFields) throws(InputFault) -> EconomicParameters {
        var result = EconomicParameters(
            tradingCost: try fields.ratio("tradingCost"),
            ownerShare: try fields.ratio("ownerShare"),
            baseMargin: try fields.ratio("baseMargin"), gapLoss: try fields.ratio("gapLoss"),
            hardLimit: try fields.amount("hardLimit"), leastCap: try fields.amount("leastCap"),
            dailyVolume: try fields.amount("dailyVolume"), float: try fields.amount("float"),
            openingDepth: try fields.amount("openingDepth"))
        result.depthShare = try fields.ratio("depthShare")
        result.replenishment = try fields.seconds("replenishmentSeconds")
        result.window = try fields.seconds("windowSeconds")
        result.safety = try fields.ratio("safety")
        result.hourlyFall = try fields.ratio("hourlyFall")
        result.hourlyRise = try fields.ratio("hourlyRise")
        return result
    }
}

extension String {
    /// A field's name as the file has it: spans of time say their unit.
    fileprivate var inFile: String {
        self == "replenishment" || self == "window" ? self + "Seconds" : self
    }
}

extension Genesis {
    /// An entry as `readEconomics` reads it.
    func economicsJSON(_ place: Int) -> JSONValue {
        let entry = safeguards.economics[place]
        return .object([
            ("underlying", .text(catalogue.underlyings[place].symbol.text)),
            ("depthShare", .ratio(entry.depthShare)),
            ("replenishmentSeconds", .unsigned(entry.replenishment.nanoseconds / TimeText.second)),
            ("windowSeconds", .unsigned(entry.window.nanoseconds / TimeText.second)),
            ("safety", .ratio(entry.safety)), ("tradingCost", .ratio(entry.tradingCost)),
            ("ownerShare", .ratio(entry.ownerShare)), ("baseMargin", .ratio(entry.baseMargin)),
            ("gapLoss", .ratio(entry.gapLoss)), ("hardLimit", .micro(entry.hardLimit.units)),
            ("leastCap", .micro(entry.leastCap.units)),
            ("dailyVolume", .micro(entry.dailyVolume.units)),
            ("float", .micro(entry.float.units)),
            ("openingDepth", .micro(entry.openingDepth.units)),
            ("hourlyFall", .ratio(entry.hourlyFall)), ("hourlyRise", .ratio(entry.hourlyRise)),
        ])
    }
}
