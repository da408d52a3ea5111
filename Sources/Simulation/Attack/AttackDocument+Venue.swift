/// The venue of a scenario file: compartments, markets, sources, their prices, and what fails.

import Canonical
import Documents
import FixedPoint

extension AttackDocument {
    private static let usualCompartment = "MAIN"
    /// The highest price of a grid, in multiples of the highest that a path shows.
    private static let headroom: Int64 = 4
    private static let everySource = "*"
    /// Powers of ten that a price may be shifted by.
    private static let shifts: ClosedRange<Int64> = -12...12

    mutating func readCompartments() throws(InputFault) {
        guard root.has("compartments") else {
            compartments = [
                AttackCompartment(name: AttackDocument.usualCompartment, insurance: .zero)
            ]
            return
        }
        for (place, node) in try root.list("compartments").enumerated() {
            let fields = try JSONFields(
                node, name: "compartment \(place + 1)", file: file, known: ["name", "insurance"])
            compartments.append(
                AttackCompartment(
                    name: try newName("name", of: fields, among: compartments.map(\.name)),
                    insurance: try amount("insurance", of: fields)))
        }
        guard !compartments.isEmpty else { throw root.fault("compartments", "is empty") }
    }

    // MARK: Markets

    mutating func readMarkets() throws(InputFault) {
        for (place, node) in try root.list("markets").enumerated() {
            let fields = try JSONFields(
                node, name: "market \(place + 1)", file: file,
                known: [
                    "instrument", "kind", "underlying", "parameters", "compartment", "price",
                    "highest",
                ])
            markets.append(try market(fields, line: node.line))
        }
        guard !markets.isEmpty else { throw root.fault("markets", "is empty") }
    }

    private enum InstrumentKind: String, CaseIterable { case perpetual, spot }

    private mutating func market(
        _ fields: JSONFields, line: Int
    ) throws(InputFault) -> AttackMarket {
        let underlying = try fields.symbol("underlying").text
        let kind: InstrumentKind = try choice("kind", of: fields, otherwise: .perpetual)
        let price = try positive("price", of: fields, digits: 6)
        let highest =
            fields.has("highest") ? try positive("highest", of: fields, digits: 6) : 0
        guard highest == 0 || highest >= price else {
            throw fields.fault("highest", "is below 'price'")
        }
        if !underlyings.contains(underlying) { underlyings.append(underlying) }
        return AttackMarket(
            instrument: try newName("instrument", of: fields, among: markets.map(\.instrument)),
            isSpot: kind == .spot, underlying: underlyings.firstIndex(of: underlying) ?? 0,
            kind: try choice("parameters", of: fields, otherwise: .longTail),
            compartment: fields.has("compartment")
                ? try place("compartment", of: fields, among: compartments.map(\.name)) : 0,
            price: price, highest: highest, line: line)
    }

    // MARK: Sources and prices

    mutating func readSources() throws(InputFault) {
        for (number, node) in try root.list("sources").enumerated() {
            let fields = try JSONFields(
                node, name: "source \(number + 1)", file: file,
                known: ["name", "venue", "quote", "publishers", "weight"])
            let name = try newName("name", of: fields, among: sources.map(\.name))
            sources.append(
                AttackSource(
                    name: name,
                    venue: fields.has("venue")
                        ? UInt16(try fields.whole("venue", in: 0...65_535)) : UInt16(number),
                    quote: fields.has("quote")
                        ? try place("quote", of: fields, among: underlyings) : nil,
                    publishers: fields.has("publishers")
                        ? Int(try fields.whole("publishers", in: 1...64)) : 1,
                    weight: fields.has("weight")
                        ? UInt32(try fields.whole("weight", in: 1...1_000_000)) : 1))
        }
        guard !sources.isEmpty else { throw root.fault("sources", "is empty") }
    }

    mutating func readPrices() throws(InputFault) {
        let fields = try JSONFields(
            try root.value("prices"), name: "the prices", file: file, known: underlyings)
        for (underlying, symbol) in underlyings.enumerated() {
            let name = "the prices of \(symbol)"
            let known = [AttackDocument.everySource] + sources.map(\.name)
            let node = try fields.value(symbol)
            let ofSources = try JSONFields(node, name: name, file: file, known: known)
            for (place, source) in known.enumerated() where ofSources.has(source) {
                paths.append(
                    try path(
                        source, of: ofSources, underlying: underlying,
                        source: place == 0 ? nil : place - 1))
            }
            guard paths.contains(where: { $0.underlying == underlying }) else {
                throw fields.fault(symbol, "is empty")
            }
        }
        raiseGrids()
    }

    private func path(
        _ key: String, of fields: JSONFields, underlying: Int, source: Int?
    ) throws(InputFault) -> AttackPath {
        let node = try fields.value(key)
        if case .list(let items) = node.content {
            return AttackPath(
                underlying: underlying, source: source,
                points: try points(items, "prices", of: fields, at: node), isStepped: false,
                confidence: .zero, depthBelow: .zero, depthAbove: .zero)
        }
        let own = try JSONFields(
            node, name: "the prices of \(underlyings[underlying]) at '\(key)'", file: file,
            known: ["points", "steps", "confidence", "depthBelow", "depthAbove"])
        let shape = own.has("steps") ? "steps" : "points"
        guard !(own.has("steps") && own.has("points")) else {
            throw own.fault("points", "stands beside 'steps'")
        }
        return AttackPath(
            underlying: underlying, source: source,
            points: try points(try own.list(shape), shape, of: own, at: try own.value(shape)),
            isStepped: shape == "steps",
            confidence: IndexPrice(micros: try amount("confidence", of: own).units),
            depthBelow: try amount("depthBelow", of: own),
            depthAbove: try amount("depthAbove", of: own))
    }

    private func points(
        _ items: [JSONNode], _ key: String, of fields: JSONFields, at whole: JSONNode
    ) throws(InputFault) -> [AttackPath.Point] {
        var points: [AttackPath.Point] = []
        for item in items {
            guard case .list(let pair) = item.content, pair.count == 2 else {
                throw fields.fault(
                    key, at: item, "holds what is not a pair of a second and a price")
            }
            let time = try fields.decimal(pair[0], of: key, digits: 0)
            guard time > points.last?.time ?? -1, time <= length else {
                throw fields.fault(
                    key, at: pair[0],
                    "holds the second \(time), which is not later than the last "
                        + "one and within the scenario")
            }
            let price = try fields.decimal(pair[1], of: key, digits: 6)
            guard price > 0 else { throw fields.fault(key, at: pair[1], "holds no price above 0") }
            points.append(AttackPath.Point(time: time, price: price))
        }
        guard !points.isEmpty else { throw fields.fault(key, at: whole, "holds no point") }
        return points
    }

    /// Grids that say nothing hold several times what the paths reach.
    private mutating func raiseGrids() {
        for (place, market) in markets.enumerated() where market.highest == 0 {
            let seen = paths.filter { $0.underlying == market.underlying }
                .flatMap(\.points).map(\.price)
            markets[place] = AttackMarket(
                instrument: market.instrument, isSpot: market.isSpot,
                underlying: market.underlying, kind: market.kind,
                compartment: market.compartment, price: market.price,
                highest: max(market.price, seen.max() ?? 0) * AttackDocument.headroom,
                line: market.line)
        }
    }

    // MARK: Faults

    func readFaults() throws(InputFault) -> [AttackFault] {
        var faults: [AttackFault] = []
        for (number, node) in try entries("faults").enumerated() {
            let fields = try JSONFields(
                node, name: "fault \(number + 1)", file: file,
                known: [
                    "kind", "source", "underlying", "from", "to", "power", "price", "seconds",
                ])
            let (from, to) = try span(of: fields)
            faults.append(
                AttackFault(
                    kind: try faultKind(fields),
                    source: fields.has("source")
                        ? try place("source", of: fields, among: sources.map(\.name)) : nil,
                    underlying: fields.has("underlying")
                        ? try place("underlying", of: fields, among: underlyings) : nil,
                    from: from, to: to))
        }
        return faults
    }

    private func faultKind(_ fields: JSONFields) throws(InputFault) -> AttackFault.Kind {
        let word = try fields.text("kind")
        let needs: String? =
            switch word {
            case "shifted": "power"
            case "says", "forged": "price"
            case "late": "seconds"
            default: nil
            }
        for key in ["power", "price", "seconds"] where fields.has(key) && key != needs {
            throw fields.fault(key, "means nothing for the kind '\(word)'")
        }
        switch word {
        case "silent": return .silent
        case "frozen": return .frozen
        case "zero": return .zero
        case "negative": return .negative
        case "pause": return .pause
        case "shifted":
            return .shifted(try fields.whole("power", in: AttackDocument.shifts))
        case "says": return .says(try positive("price", of: fields, digits: 6))
        case "forged": return .forged(try positive("price", of: fields, digits: 6))
        case "late":
            return .late(try fields.whole("seconds", in: 1...AttackDocument.longest))
        default:
            throw fields.fault(
                "kind",
                "is '\(word)', not one of silent, frozen, zero, negative, shifted, says, "
                    + "forged, late, pause")
        }
    }
}
