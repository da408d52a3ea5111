/// The venue on which accounts act together: one thin market with makers who follow the index,
/// and others who hold leveraged positions both ways. A plan becomes a scenario file of
/// docs/scenarios.md, so that what the search finds can be replayed and read by anybody.

import Canonical
import Documents
import Economics
import FixedPoint

/// One thin market.
package struct CollusionVenue: Sendable {
    /// Blocks of a run, and from block to block in seconds.
    static let blocks: Int64 = 120
    static let blockSeconds: Int64 = 20
    /// Micro-units.
    private static let price: Int64 = 10_000_000
    private static let sources = 5
    /// The sources that together have more than half of the weight.
    private static let majority = 3
    /// Dollars within 2 % at each source, and of a thin market.
    private static let wholeDepth: Int64 = 400_000
    private static let thinDepth: Int64 = 8_000
    /// The share of it that is believed to be there.
    private static let believed = 0.2
    private static let replenishment = 600.0
    /// What a gap of a quarter costs on all that may be open.
    private static let fund: Int64 = 105_000
    /// What it may pay in a day, in dollars.
    static let fundDaily = fund / 20
    /// The group whose gain is sought.
    static let group = "colluders"

    /// Dollars within 2 % at each source.
    private let depth: Int64

    /// - Parameter isThin: whether moving the index costs a fiftieth.
    package init(isThin: Bool = false) {
        depth = isThin ? CollusionVenue.thinDepth : CollusionVenue.wholeDepth
    }

    var cost: CollusionCost {
        CollusionCost(
            depth: Double(majorityDepth) * CollusionVenue.believed,
            replenishment: CollusionVenue.replenishment,
            blockSeconds: Double(CollusionVenue.blockSeconds))
    }

    /// The scenario of a plan.
    ///
    /// - Throws: `InputFault` where a scenario file may not say what the plan does.
    func scenario(of plan: CollusionPlan) throws(InputFault) -> AttackScenario {
        try AttackScenario.read(
            GenesisFile(path: "collusion.json", bytes: Array(text(of: plan).utf8)))
    }

    /// The scenario file of a plan.
    package func text(of plan: CollusionPlan) -> String {
        JSONWriter.text(
            of: .object(
                [
                    ("title", .text("Accounts that act together, found by a search")),
                    (
                        "facts",
                        .text(
                            "Made by rampart-lab collusion. The index moves where they pay for it; "
                                + "what that costs is in what the first of them spends elsewhere.")
                    ),
                    ("start", .text("2026-01-05T12:00:00Z")),
                    ("seconds", .integer(CollusionVenue.blocks * CollusionVenue.blockSeconds)),
                    ("blockSeconds", .integer(CollusionVenue.blockSeconds)),
                    (
                        "compartments",
                        .list([
                            .object([
                                ("name", .text("MAIN")),
                                ("insurance", .integer(CollusionVenue.fund)),
                            ])
                        ])
                    ),
                    (
                        "markets",
                        .list([
                            .object([
                                ("instrument", .text("COIN-PERP")), ("underlying", .text("COIN")),
                                ("parameters", .text("long-tail")),
                                ("price", .micro(CollusionVenue.price)),
                                ("highest", .micro(4 * CollusionVenue.price)),
                            ])
                        ])
                    ),
                    (
                        "sources",
                        .list(
                            (1...CollusionVenue.sources).map {
                                .object([("name", .text("venue-\($0)"))])
                            })
                    ),
                    ("prices", prices(plan)), ("accounts", accounts(plan)),
                    ("makers", makers), ("without", .list([])), ("expect", expectations),
                    ("genesis", genesis),
                ] + actions(plan)))
    }

    private func prices(_ plan: CollusionPlan) -> JSONValue {
        var steps: [JSONValue] = []
        var last: Int64?
        for block in 0...CollusionVenue.blocks {
            let move = plan.move(in: block)
            guard move != last else { continue }
            last = move
            steps.append(
                .list([
                    .integer(block * CollusionVenue.blockSeconds),
                    .micro(CollusionVenue.moved(by: move)),
                ]))
        }
        return .object([
            (
                "COIN",
                .object([
                    (
                        "*",
                        .object([
                            ("steps", .list(steps)),
                            ("depthBelow", .integer(depth)),
                            ("depthAbove", .integer(depth)),
                        ])
                    )
                ])
            )
        ])
    }

    /// The price moved by hundredths of a percent.
    private static func moved(by move: Int64) -> Int64 { price / 10_000 * (10_000 + move) }

    private static func name(_ account: Int) -> String { "colluder-\(account + 1)" }

    private func accounts(_ plan: CollusionPlan) -> JSONValue {
        let spent = Int64(cost.cost(of: plan, blocks: CollusionVenue.blocks).rounded(.up))
        func account(_ name: String, _ group: String, _ cash: Int64, spent: Int64 = 0) -> JSONValue
        {
            .object(
                [
                    ("name", .text(name)), ("group", .text(group)), ("cash", .integer(cash)),
                ] + (spent > 0 ? [("spent", .integer(spent))] : []))
        }
        return .list(
            plan.cash.enumerated().map { place, cash in
                account(
                    CollusionVenue.name(place), CollusionVenue.group, cash,
                    spent: place == 0 ? spent : 0)
            } + CollusionVenue.makers.map { account($0, "others", 2_000_000) }
                + ["long", "short"].map { account($0, "others", 30_000) })
    }

    /// What a maker shows on each side, in dollars.
    private static let shown: Int64 = 40_000

    private static let makers = (1...5).map { "maker-\($0)" }

    private var makers: JSONValue {
        .list(
            CollusionVenue.makers.map { name in
                .object([
                    ("account", .text(name)), ("instrument", .text("COIN-PERP")),
                    ("around", .text("index")), ("halfSpread", .number("0.004")),
                    ("worth", .integer(CollusionVenue.shown)),
                    ("every", .integer(CollusionVenue.blockSeconds)), ("pulls", .boolean(true)),
                ])
            })
    }

    /// That they gain nothing.
    private var expectations: JSONValue {
        let nothing = JSONValue.list([
            .object([("profit", .text(CollusionVenue.group)), ("most", .integer(0))])
        ])
        return .object([("with", nothing), ("without", nothing)])
    }

    /// The market has been there for long: as much may be open as its depth allows.
    private var genesis: JSONValue {
        .object([
            (
                "safeguards",
                .object([
                    (
                        "economics",
                        .object([
                            (
                                "COIN",
                                .object([
                                    ("openingDepth", .integer(majorityDepth)),
                                    ("leastCap", .integer(cap)),
                                ])
                            )
                        ])
                    )
                ])
            )
        ])
    }

    private var majorityDepth: Int64 { Int64(CollusionVenue.majority) * depth }

    /// What may be open, in dollars, by the formula over owners of docs/economics.md.
    private var cap: Int64 {
        let amount = Amount(microunits: 1_000_000_000_000)
        let rule = EconomicParameters.longTail(
            baseMargin: .zero, hardLimit: amount, leastCap: amount, openingDepth: amount)
        let owner =
            100 * CollusionVenue.believed * Double(majorityDepth)
            * Double(rule.tradingCost.units) / Double(rule.safety.units)
        return Int64(owner * Double(Ratio.one.units) / Double(rule.ownerShare.units))
    }

    // MARK: What accounts do

    private func actions(_ plan: CollusionPlan) -> [(key: String, value: JSONValue)] {
        var lists: [(key: String, items: [JSONValue])] = [
            ("orders", honest), ("cancels", []), ("deposits", []), ("withdrawals", []),
            ("transfers", []),
        ]
        for deed in plan.deeds {
            let (list, members) = action(deed)
            lists[list].items.append(
                .object(
                    [
                        ("at", .integer(deed.block * CollusionVenue.blockSeconds)),
                        ("account", .text(CollusionVenue.name(deed.account))),
                    ] + members))
        }
        return lists.map { ($0.key, .list($0.items)) }
    }

    /// Both sides of the market hold positions before anybody attacks.
    private var honest: [JSONValue] {
        [("long", "buy"), ("short", "sell")].map { account, side in
            .object([
                ("at", .integer(2 * CollusionVenue.blockSeconds)), ("account", .text(account)),
                ("instrument", .text("COIN-PERP")), ("side", .text(side)),
                ("worth", .integer(25_000)), ("through", .number("0.02")),
                ("type", .text("immediate")),
            ])
        }
    }

    private func action(
        _ deed: CollusionDeed
    ) -> (list: Int, members: [(key: String, value: JSONValue)]) {
        switch deed.act {
        case .trade(let isBuy, let worth, let limit, let rests, let reduceOnly):
            return (
                0,
                [
                    ("instrument", .text("COIN-PERP")), ("side", .text(isBuy ? "buy" : "sell")),
                    ("worth", .integer(worth)),
                    ("limit", .micro(CollusionVenue.moved(by: limit))),
                    ("type", .text(rests ? "limit" : "immediate")),
                    ("reduceOnly", .boolean(reduceOnly)),
                ]
            )
        case .cancel: return (1, [])
        case .topUp(let amount): return (2, [("amount", .integer(amount))])
        case .withdraw: return (3, [("amount", .text("all"))])
        case .transfer(let target):
            return (4, [("amount", .text("all")), ("to", .text(CollusionVenue.name(target)))])
        }
    }
}
