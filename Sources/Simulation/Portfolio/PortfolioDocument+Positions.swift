/// Reads the positions of a portfolio file: each must name something of which the file knows the
/// prices.

import Documents
import Catalogue
import FixedPoint

extension PortfolioDocument {
    mutating func readPosition(_ node: JSONNode, _ place: Int) throws(InputFault) {
        let fields = try JSONFields(
            node, name: "position \(place + 1)", file: file,
            known: ["instrument", "quantity", "price", "mark"])
        let text = try fields.text("instrument")
        guard let name = PortfolioName(text) else {
            throw fields.fault(
                "instrument",
                "is '\(text)', not a name such as BTC-PERP, BTC-27MAR26, "
                    + "BTC-27MAR26-100000-C or BTC-SPOT")
        }
        guard let underlying = underlyings.firstIndex(where: { $0.symbol == name.underlying })
        else {
            throw fields.fault(
                "instrument", "is on '\(name.underlying)', no underlying of the file")
        }
        let owner = underlyings[underlying]
        let expiry = try expiry(of: name.kind, owner, fields)
        let written = PortfolioName.text(of: name.kind, on: owner.symbol)
        guard !positions.contains(where: { $0.name == written }) else {
            throw fields.fault("instrument", "is '\(written)', which stands twice")
        }
        guard written.utf8.count <= PortfolioLimits.nameLength else {
            throw fields.fault(
                "instrument", "is '\(written)', longer than \(PortfolioLimits.nameLength)")
        }
        positions.append(
            PortfolioPosition(
                name: written, underlying: underlying, expiry: expiry, kind: name.kind,
                quantity: try quantity(fields, name.kind, lotSize: owner.lotSize),
                entry: try price("price", fields, name.kind, owner),
                mark: try price("mark", fields, name.kind, owner), line: node.line))
    }

    /// The place of the expiry that a contract has, among those of its underlying.
    private func expiry(
        of kind: InstrumentKind, _ owner: PortfolioUnderlying, _ fields: JSONFields
    ) throws(InputFault) -> Int? {
        guard let time = kind.expiry else { return nil }
        let date = PortfolioName.text(of: time)
        guard time > self.time else {
            throw fields.fault("instrument", "has expired on \(date) at 08:00 UTC")
        }
        guard let place = owner.expiries.firstIndex(where: { $0.time == time }) else {
            throw fields.fault("instrument", "expires on \(date), no expiry of \(owner.symbol)")
        }
        guard let series = kind.series else { return place }
        guard !owner.expiries[place].smile.isEmpty else {
            throw fields.fault("instrument", "is an option, and \(date) has no volatility")
        }
        let range = PortfolioLimits.around(owner.index, PortfolioLimits.far)
        guard range.contains(series.strike) else {
            throw fields.fault(
                "instrument",
                "has a strike that is not between a hundredth and a hundred times "
                    + "the index")
        }
        return place
    }

    private func quantity(
        _ fields: JSONFields, _ kind: InstrumentKind, lotSize: Int64
    ) throws(InputFault) -> Quantity {
        let units = try fields.decimal("quantity", digits: 9)
        guard units != 0 else { throw fields.fault("quantity", "is zero") }
        guard units > 0 || kind != .spot else {
            throw fields.fault("quantity", "is negative, and a holding never is")
        }
        guard units % lotSize == 0 else {
            let lot = JSONFields.text(of: lotSize, digits: 9)
            throw fields.fault("quantity", "is not a whole number of lots of \(lot)")
        }
        let lots = Quantity(lots: units / lotSize)
        guard lots.magnitude <= PortfolioLimits.quantity else {
            throw fields.fault(
                "quantity", "is more than \(PortfolioLimits.quantity.units) lots")
        }
        return lots
    }

    /// The price of a unit: near the index, or of an option not above what it can be worth.
    private func price(
        _ key: String, _ fields: JSONFields, _ kind: InstrumentKind, _ owner: PortfolioUnderlying
    ) throws(InputFault) -> IndexPrice? {
        guard let series = kind.series else {
            return try fields.quantity(
                key, digits: 6, in: PortfolioLimits.around(owner.index, PortfolioLimits.near))
        }
        let near = PortfolioLimits.around(owner.index, PortfolioLimits.near)
        return try fields.quantity(
            key, digits: 6,
            in: .zero...(series.right == .call ? near.upperBound : series.strike))
    }
}
