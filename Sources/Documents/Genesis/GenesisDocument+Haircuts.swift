/// The part of a genesis file that says how haircuts respond to depth and peg: the block `haircuts`
/// of the safeguards, which may be left out; then haircuts are fixed (docs/protection.md).

import Canonical
import Catalogue
import Economics
import FixedPoint
import Ledger

extension HaircutParameters {
    fileprivate static var fields: [(name: String, path: WritableKeyPath<HaircutParameters, Ratio>)]
    {
        [
            ("depthCharge", \.depthCharge), ("pegThreshold", \.pegThreshold),
            ("pegFactor", \.pegFactor), ("initialFactor", \.initialFactor), ("most", \.most),
            ("hourlyRise", \.hourlyRise),
            ("hourlyFall", \.hourlyFall),
        ]
    }
}

extension GenesisDocument {
    /// `pegged` and `quotePeg` may be left out.
    func readHaircuts(_ safeguards: JSONFields) throws(InputFault) -> HaircutParameters {
        let fields = try JSONFields(
            try safeguards.value("haircuts"), name: "the haircuts", file: file,
            known: HaircutParameters.fields.map(\.name) + ["pegged", "quotePeg"])
        var rules = HaircutParameters.standard
        for field in HaircutParameters.fields {
            rules[keyPath: field.path] = try fields.ratio(field.name)
        }
        let symbols = underlyings.map(\.symbol)
        if fields.has("pegged") {
            for node in try fields.list("pegged") {
                guard case .text(let name) = node.content,
                    let place = symbols.firstIndex(where: { $0.text == name })
                else { throw fields.fault("pegged", at: node, "names no underlying of the file") }
                rules.pegged.append(UnderlyingIdentifier(UInt16(place)))
            }
            rules.pegged.sort()
        }
        if fields.has("quotePeg") {
            let place = try named("quotePeg", of: fields, among: symbols)
            rules.quotePeg = UnderlyingIdentifier(UInt16(place))
        }
        return rules
    }
}

extension Genesis {
    /// What `readHaircuts` reads.
    func json(of rules: HaircutParameters) -> JSONValue {
        func name(_ underlying: UnderlyingIdentifier) -> JSONValue {
            .text(catalogue.underlyings[Int(underlying.number)].symbol.text)
        }
        var members: [(String, JSONValue)] = HaircutParameters.fields.map {
            ($0.name, .ratio(rules[keyPath: $0.path]))
        }
        if !rules.pegged.isEmpty { members.append(("pegged", .list(rules.pegged.map(name)))) }
        if let quotePeg = rules.quotePeg { members.append(("quotePeg", name(quotePeg))) }
        return .object(members)
    }
}
