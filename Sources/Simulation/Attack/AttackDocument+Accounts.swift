/// The accounts of a scenario file, the makers among them, and what everyone does.

import Canonical
import Documents
import FixedPoint

extension AttackDocument {
    private static let usualGroup = "others"
    /// A transaction holds so many commands; a ladder needs one a level and side, and its cancel.
    private static let mostLevels: Int64 = 20
    private static let mostTimes: Int64 = 100_000

    mutating func readAccounts() throws(InputFault) {
        for (number, node) in try root.list("accounts").enumerated() {
            let fields = try JSONFields(
                node, name: "account \(number + 1)", file: file,
                known: ["name", "owner", "group", "compartment", "cash", "holdings", "spent"])
            let name = try newName("name", of: fields, among: accounts.map(\.name))
            let owner = fields.has("owner") ? try fields.text("owner") : name
            if !owners.contains(owner) { owners.append(owner) }
            accounts.append(
                AttackAccount(
                    name: name, owner: owners.firstIndex(of: owner) ?? 0,
                    group: fields.has("group")
                        ? try fields.symbol("group").text : AttackDocument.usualGroup,
                    compartment: fields.has("compartment")
                        ? try place("compartment", of: fields, among: compartments.map(\.name))
                        : 0,
                    cash: try amount("cash", of: fields), holdings: try holdings(fields),
                    spent: try amount("spent", of: fields)))
        }
        guard !accounts.isEmpty else { throw root.fault("accounts", "is empty") }
    }

    private func holdings(_ account: JSONFields) throws(InputFault) -> [AttackAccount.Holding] {
        guard account.has("holdings") else { return [] }
        var holdings: [AttackAccount.Holding] = []
        for node in try account.list("holdings") {
            let fields = try JSONFields(
                node, name: "a holding", file: file,
                known: ["instrument", "quantity", "cost", "at"])
            let market = try place("instrument", of: fields, among: markets.map(\.instrument))
            guard markets[market].isSpot else {
                throw fields.fault("instrument", "is no spot market")
            }
            holdings.append(
                AttackAccount.Holding(
                    market: market, quantity: try positive("quantity", of: fields, digits: 9),
                    cost: try amount("cost", of: fields),
                    at: try second("at", of: fields, otherwise: 0)))
        }
        return holdings
    }

    // MARK: Makers

    func readMakers() throws(InputFault) -> [AttackMaker] {
        var makers: [AttackMaker] = []
        for (number, node) in try entries("makers").enumerated() {
            let fields = try JSONFields(
                node, name: "maker \(number + 1)", file: file,
                known: [
                    "account", "instrument", "around", "sides", "halfSpread", "spacing", "levels",
                    "size", "worth", "from", "to", "every", "pulls",
                ])
            makers.append(try maker(fields))
        }
        return makers
    }

    private enum Sides: String, CaseIterable { case both, buy, sell }

    private func maker(_ fields: JSONFields) throws(InputFault) -> AttackMaker {
        let sides: Sides = try choice("sides", of: fields, otherwise: .both)
        let (from, to) = try span(of: fields)
        let halfSpread = try share("halfSpread", of: fields)
        let spacing = fields.has("spacing") ? try share("spacing", of: fields) : halfSpread
        guard let size = try size(of: fields), size != .position else {
            throw fields.fault("size", "is missing, or not a quantity")
        }
        return AttackMaker(
            account: try place("account", of: fields, among: accounts.map(\.name)),
            market: try place("instrument", of: fields, among: markets.map(\.instrument)),
            reference: try reference(fields), buys: sides != .sell, sells: sides != .buy,
            halfSpread: halfSpread, spacing: spacing,
            levels: fields.has("levels")
                ? Int(try fields.whole("levels", in: 1...AttackDocument.mostLevels)) : 1,
            size: size, from: from, to: to,
            every: fields.has("every") ? try fields.whole("every", in: 1...length) : 1,
            pulls: try flag("pulls", of: fields))
    }

    private func reference(_ fields: JSONFields) throws(InputFault) -> AttackMaker.Reference {
        guard fields.has("around") else { return .mark }
        let names = ["mark", "index"] + sources.map(\.name)
        switch try place("around", of: fields, among: names) {
        case 0: return .mark
        case 1: return .index
        case let place: return .source(place - 2)
        }
    }

    /// A share in `0 ..< 1`.
    private func share(_ key: String, of fields: JSONFields) throws(InputFault) -> Ratio {
        let share = try fields.ratio(key)
        guard !share.isNegative, share < .one else { throw fields.fault(key, "is not in 0 … 1") }
        return share
    }

    /// The size that one of two fields gives; nil where neither stands.
    private func size(of fields: JSONFields) throws(InputFault) -> AttackSize? {
        guard !(fields.has("size") && fields.has("worth")) else {
            throw fields.fault("worth", "stands beside 'size'")
        }
        if fields.has("worth") {
            return .worth(try positive("worth", of: fields, digits: 6))
        }
        guard fields.has("size") else { return nil }
        if case .text("position") = try fields.value("size").content { return .position }
        return .units(try positive("size", of: fields, digits: 9))
    }

    // MARK: Actions

    mutating func readActions() throws(InputFault) {
        try readActions(
            "orders", "order",
            [
                "instrument", "side", "size", "worth", "limit", "through", "type", "reduceOnly",
            ]
        ) { document, fields throws(InputFault) in .order(try document.order(fields)) }
        try readActions("cancels", "cancel", []) { _, _ throws(InputFault) in .cancelAll }
        try readActions("deposits", "deposit", ["amount"]) {
            document, fields throws(InputFault) in
            .deposit(
                Amount(microunits: try document.positive("amount", of: fields, digits: 6)))
        }
        try readActions("withdrawals", "withdrawal", ["amount"]) {
            document, fields throws(InputFault) in
            .withdraw(try document.amountOrAll(fields))
        }
        try readActions("transfers", "transfer", ["amount", "to"]) {
            document, fields throws(InputFault) in
            .transfer(
                try document.amountOrAll(fields),
                to: try document.place(
                    "to", of: fields, among: document.accounts.map(\.name)))
        }
    }

    private mutating func readActions(
        _ key: String, _ name: String, _ known: [String],
        _ deed: (AttackDocument, JSONFields) throws(InputFault) -> AttackAction.Deed
    ) throws(InputFault) {
        for (number, node) in try entries(key).enumerated() {
            let fields = try JSONFields(
                node, name: "\(name) \(number + 1)", file: file,
                known: ["at", "every", "times", "account"] + known)
            let times =
                fields.has("times")
                ? try fields.whole("times", in: 1...AttackDocument.mostTimes)
                : fields.has("every") ? AttackDocument.mostTimes : 1
            guard times == 1 || fields.has("every") else {
                throw fields.fault("times", "stands without 'every'")
            }
            actions.append(
                AttackAction(
                    account: try place("account", of: fields, among: accounts.map(\.name)),
                    at: try second("at", of: fields),
                    every: fields.has("every") ? try fields.whole("every", in: 1...length) : 1,
                    times: times, deed: try deed(self, fields)))
        }
    }

    private func amountOrAll(_ fields: JSONFields) throws(InputFault) -> Amount? {
        if case .text("all") = try fields.value("amount").content { return nil }
        return Amount(microunits: try positive("amount", of: fields, digits: 6))
    }

    private enum SideName: String, CaseIterable { case buy, sell }

    private func order(_ fields: JSONFields) throws(InputFault) -> AttackAction.Order {
        _ = try fields.text("side")
        let side: SideName = try choice("side", of: fields, otherwise: .buy)
        let kind: AttackAction.OrderKind = try choice("type", of: fields, otherwise: .limit)
        guard let size = try size(of: fields) else {
            throw fields.fault("size", "is missing")
        }
        let limit: AttackAction.Limit =
            if fields.has("limit") {
                .price(try positive("limit", of: fields, digits: 6))
            } else if fields.has("through") {
                .through(try share("through", of: fields))
            } else {
                .none
            }
        guard !(fields.has("limit") && fields.has("through")) else {
            throw fields.fault("through", "stands beside 'limit'")
        }
        guard (kind == .market) == (limit == .none) else {
            throw fields.fault(
                kind == .market ? (fields.has("limit") ? "limit" : "through") : "limit",
                kind == .market ? "means nothing for a market order" : "is missing")
        }
        return AttackAction.Order(
            market: try place("instrument", of: fields, among: markets.map(\.instrument)),
            isBuy: side == .buy, size: size, limit: limit, kind: kind,
            reduceOnly: try flag("reduceOnly", of: fields))
    }
}
