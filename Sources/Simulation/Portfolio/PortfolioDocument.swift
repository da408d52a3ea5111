/// Reads a portfolio file (docs/portfolio.md): JSON, decimals exact, nothing unknown. Every refusal
/// names the line and the field.

import Documents
import Catalogue
import FixedPoint
import Risk

/// A portfolio file on its way into a `Portfolio`.
struct PortfolioDocument {
    let file: String
    let time: Timestamp
    var underlyings: [PortfolioUnderlying] = []
    var positions: [PortfolioPosition] = []

    private static let known = ["time", "cash", "collateralPrice", "underlyings", "positions"]

    /// What a file states.
    ///
    /// - Throws: `InputFault` with the line of the first fault.
    static func portfolio(_ source: GenesisFile) throws(InputFault) -> Portfolio {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONDocument.root(of: source.bytes)
        } catch {
            throw InputFault(file: source.path, line: error.line, reason: error.reason)
        }
        let root = try JSONFields(
            node, name: "the portfolio", file: source.path, known: PortfolioDocument.known)
        var document = PortfolioDocument(file: source.path, time: try time(root))
        for (place, node) in try root.items("underlyings", in: PortfolioLimits.underlyings)
            .enumerated()
        {
            try document.readUnderlying(node, place)
        }
        for (place, node) in try root.items("positions", in: PortfolioLimits.positions).enumerated()
        {
            try document.readPosition(node, place)
        }
        return Portfolio(
            file: source.path, time: document.time,
            cash: try root.quantity("cash", digits: 6, in: PortfolioLimits.cash) ?? .zero,
            collateralPrice: try root.quantity(
                "collateralPrice", digits: 9, in: PortfolioLimits.collateralPrice) ?? .one,
            underlyings: document.underlyings, positions: document.positions)
    }

    private static func time(_ root: JSONFields) throws(InputFault) -> Timestamp {
        let text: String
        switch try root.value("time").content {
        case .number(let number): text = number
        case .text(let quoted): text = quoted
        default: throw root.fault("time", "is not a time")
        }
        let bytes = Array(text.utf8)
        guard let nanoseconds = TimeText.nanoseconds(bytes, bytes.indices) else {
            throw root.fault(
                "time",
                "is '\(text)', not a time such as 2026-01-15T12:00:00Z or seconds since 1970"
            )
        }
        return Timestamp(nanoseconds: nanoseconds)
    }

    // MARK: Underlyings

    private mutating func readUnderlying(_ node: JSONNode, _ place: Int) throws(InputFault) {
        let name = "underlying \(place + 1)"
        let fields = try JSONFields(
            node, name: name, file: file,
            known: [
                "symbol", "index", "stable", "lot", "funding", "move", "dailyVolatility",
                "dailyVolume", "haircut", "maintenanceHaircut", "expiries",
            ])
        let symbol = try fields.symbol("symbol").text
        guard !symbol.contains("-") else {
            throw fields.fault(
                "symbol", "is '\(symbol)', which holds the '-' that ends it in names")
        }
        guard !underlyings.contains(where: { $0.symbol == symbol }) else {
            throw fields.fault("symbol", "is '\(symbol)', which stands twice")
        }
        let index: IndexPrice = try fields.required("index", digits: 6, in: PortfolioLimits.index)
        var expiries: [PortfolioExpiry] = []
        if fields.has("expiries") {
            for (place, node) in try fields.items("expiries", in: PortfolioLimits.expiries)
                .enumerated()
            {
                let name = "expiry \(place + 1) of \(symbol)"
                expiries.append(try expiry(node, name, index: index, after: expiries))
            }
        }
        underlyings.append(
            PortfolioUnderlying(
                symbol: symbol, index: index,
                stable: try fields.quantity(
                    "stable", digits: 6, in: PortfolioLimits.around(index, PortfolioLimits.near))
                    ?? index,
                lotSize: try fields.quantity("lot", digits: 9, in: PortfolioLimits.lot)?.units
                    ?? PortfolioLimits.usualLot,
                funding: try fields.quantity("funding", digits: 9, in: PortfolioLimits.funding)
                    ?? .zero,
                move: try fields.quantity("move", digits: 9, in: PortfolioLimits.move),
                concentration: try concentration(fields),
                initialHaircut: try fields.quantity(
                    "haircut", digits: 9, in: PortfolioLimits.share) ?? PortfolioLimits.haircut,
                maintenanceHaircut: try fields.quantity(
                    "maintenanceHaircut", digits: 9, in: PortfolioLimits.share)
                    ?? PortfolioLimits.maintenanceHaircut,
                expiries: expiries, line: node.line))
    }

    private func concentration(_ fields: JSONFields) throws(InputFault) -> Concentration {
        for (key, other) in [
            ("dailyVolume", "dailyVolatility"), ("dailyVolatility", "dailyVolume"),
        ] where fields.has(key) && !fields.has(other) {
            throw fields.fault(key, "stands without '\(other)'")
        }
        let volume: Amount? = try fields.quantity(
            "dailyVolume", digits: 6, in: PortfolioLimits.volume)
        let volatility: Ratio? = try fields.quantity(
            "dailyVolatility", digits: 9, in: PortfolioLimits.dailyVolatility)
        guard let volume, let volatility else { return .none }
        return Concentration(
            dailyVolatility: volatility, dailyVolume: volume,
            from: PortfolioLimits.concentrationFrom)
    }

    private func expiry(
        _ node: JSONNode, _ name: String, index: IndexPrice, after earlier: [PortfolioExpiry]
    ) throws(InputFault) -> PortfolioExpiry {
        let fields = try JSONFields(
            node, name: name, file: file,
            known: ["expiry", "forward", "rate", "average", "volatility", "smile"])
        let text = try fields.text("expiry")
        guard let time = PortfolioName.expiry(text) else {
            throw fields.fault("expiry", "is '\(text)', not a date such as 27MAR26")
        }
        guard time > self.time else {
            throw fields.fault("expiry", "is '\(text)', which has expired at 08:00 UTC")
        }
        guard time.elapsed(since: self.time) <= Bounds.farthestExpiry else {
            throw fields.fault("expiry", "is '\(text)', more than three years ahead")
        }
        guard !earlier.contains(where: { $0.time == time }) else {
            throw fields.fault("expiry", "is '\(text)', which stands twice")
        }
        let near = PortfolioLimits.around(index, PortfolioLimits.near)
        let forward: IndexPrice = try fields.required("forward", digits: 6, in: near)
        let average: IndexPrice? = try fields.quantity("average", digits: 6, in: near)
        guard average == nil || time.elapsed(since: self.time) < PortfolioLimits.window else {
            throw fields.fault(
                "average", "stands before the settlement window: it opens 30 minutes ahead")
        }
        return PortfolioExpiry(
            time: time, forward: forward,
            rate: try fields.quantity("rate", digits: 9, in: PortfolioLimits.rate) ?? .zero,
            average: average ?? index, smile: try smile(fields, index: index))
    }

    private func smile(
        _ fields: JSONFields, index: IndexPrice
    ) throws(InputFault) -> [SmilePoint] {
        let flat: Ratio? = try fields.quantity(
            "volatility", digits: 9, in: PortfolioLimits.volatility)
        guard fields.has("smile") else {
            return flat.map { [SmilePoint(strike: index, volatility: $0)] } ?? []
        }
        guard flat == nil else { throw fields.fault("smile", "stands beside 'volatility'") }
        var points: [SmilePoint] = []
        for node in try fields.items("smile", in: PortfolioLimits.smilePoints) {
            guard case .list(let pair) = node.content, pair.count == 2 else {
                throw fields.fault(
                    "smile", at: node,
                    "holds what is not a pair of a strike and a "
                        + "volatility")
            }
            let strike: IndexPrice = try fields.quantity(
                "smile", at: pair[0], digits: 6,
                in: PortfolioLimits.around(index, PortfolioLimits.far))
            if let last = points.last, last.strike >= strike {
                throw fields.fault("smile", at: node, "is not ascending by strike")
            }
            let volatility: Ratio = try fields.quantity(
                "smile", at: pair[1], digits: 9, in: PortfolioLimits.volatility)
            points.append(SmilePoint(strike: strike, volatility: volatility))
        }
        return points
    }
}
