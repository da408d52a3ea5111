/// The part of a genesis file that keeps prices from being bought and stops markets.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle

extension GenesisDocument {
    /// The safeguards of the file. `defencesOff` may be left out, `guardian` where nobody is, and
    /// `agentOrderSeconds` where agents may sign as far ahead as they like.
    func readSafeguards() throws(InputFault) -> Safeguards {
        let fields = try JSONFields(
            try root.value("safeguards"), name: "the safeguards", file: file,
            known: [
                "defencesOff", "guardian", "sources", "pull", "economics", "breakers", "flow",
                "vaults", "agentOrderSeconds", "backstops", "makers", "haircuts",
            ])
        var safeguards = Safeguards(sources: try readSources(fields))
        if fields.has("defencesOff") {
            for node in try fields.list("defencesOff") {
                safeguards.off.insert(try defence(node, of: fields))
            }
        }
        if fields.has("guardian") { safeguards.guardian = try fields.key("guardian") }
        if fields.has("pull") {
            safeguards.pull = try readPull(fields, sources: safeguards.sources)
        }
        if fields.has("economics") { safeguards.economics = try readEconomics(fields) }
        if fields.has("agentOrderSeconds") {
            safeguards.agentOrderLife = try fields.seconds("agentOrderSeconds")
        }
        if fields.has("haircuts") { safeguards.haircuts = try readHaircuts(fields) }
        try readBreakers(fields, into: &safeguards)
        try readBackstops(fields, into: &safeguards)
        return safeguards
    }

    /// The names of the sources, in their order.
    func sourceNames() throws(InputFault) -> [Symbol] {
        let safeguards = try JSONFields(
            try root.value("safeguards"), name: "the safeguards", file: file, known: nil)
        var names: [Symbol] = []
        for (place, node) in try safeguards.list("sources").enumerated() {
            let source = try JSONFields(
                node, name: "source \(place + 1)", file: file, known: nil)
            names.append(try source.symbol("name"))
        }
        return names
    }

    private func readSources(_ fields: JSONFields) throws(InputFault) -> [PriceSource] {
        var sources: [PriceSource] = []
        for (place, node) in try fields.list("sources").enumerated() {
            let source = try JSONFields(
                node, name: "source \(place + 1)", file: file, known: ["name", "venue", "quote"])
            let quote =
                source.has("quote")
                ? try named("quote", of: source, among: underlyings.map(\.symbol)) : nil
            sources.append(
                PriceSource(
                    name: try source.symbol("name"),
                    venue: UInt16(try source.whole("venue", in: 0...65_535)),
                    quote: quote.map { UnderlyingIdentifier(UInt16($0)) }))
        }
        return sources
    }

    private func defence(_ node: JSONNode, of fields: JSONFields) throws(InputFault) -> Defence {
        guard case .text(let name) = node.content,
            let defence = Defence.allCases.first(where: { "\($0)" == name })
        else {
            let names = Defence.allCases.map { "\($0)" }.joined(separator: ", ")
            throw fields.fault("defencesOff", at: node, "names a defence that is none of \(names)")
        }
        return defence
    }
}

extension Genesis {
    /// The safeguards as `readSafeguards` reads them.
    var safeguardsJSON: JSONValue {
        var members: [(String, JSONValue)] = []
        if !safeguards.off.isEmpty {
            members.append(
                ("defencesOff", .list(safeguards.off.members.map { .text("\($0)") })))
        }
        if let guardian = safeguards.guardian {
            members.append(("guardian", .text(guardian.storage.hexadecimal)))
        }
        members.append(("sources", .list(safeguards.sources.map(source))))
        if let pull = safeguards.pull { members.append(("pull", json(of: pull))) }
        if !safeguards.economics.isEmpty {
            members.append(
                ("economics", .list(safeguards.economics.indices.map(economicsJSON))))
        }
        if safeguards.agentOrderLife > .zero {
            members.append(("agentOrderSeconds", .seconds(safeguards.agentOrderLife)))
        }
        if let haircuts = safeguards.haircuts {
            members.append(("haircuts", json(of: haircuts)))
        }
        return .object(members + safeguards.breakersJSON + safeguards.backstopsJSON)
    }

    private func source(_ source: PriceSource) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .text(source.name.text)), ("venue", .integer(Int64(source.venue))),
        ]
        if let quote = source.quote {
            members.append(
                ("quote", .text(catalogue.underlyings[Int(quote.number)].symbol.text)))
        }
        return .object(members)
    }
}
