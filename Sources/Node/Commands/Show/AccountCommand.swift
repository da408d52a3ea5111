/// `rampart account`: an account at a glance, with a bar that says how much of its equity margin
/// takes.

import Accounts
import Canonical
import FixedPoint
import JSON
import Ledger

/// Shows an account.
enum AccountCommand {
    static let shape = CommandShape(
        "account", "Show the balance and margin of an account", flags: ShowFlags.proven,
        details: """
            \(ShowFlags.provenDetails)

            Cash, keys and destinations are proven; equity and margin are what the node reckons at
            its prices, and its word. At 100 % of the maintenance margin an account is liquidated.
            """)

    private static let figures = [
        "equity", "initial_margin", "maintenance_margin", "available_funds",
        "available_withdrawal_funds", "queued_withdrawal",
    ]

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let (account, _) = try ShowFlags.account(arguments, context)
        var values: [String: Int64] = [:]
        for name in figures {
            values[name] = try FigureText.units(
                account.figures, name, of: ProvenAccount.method)
        }
        if arguments.has("--json") {
            context.write(json(account, values).indentedText + "\n")
            return ExitCode.done
        }
        let currency = account.figures.shown("currency").printable
        let screen = context.screen()
        func money(_ name: String) -> String { FigureText.money(Int128(values[name] ?? 0)) }
        var lines: [(name: String, value: String)] = [
            ("cash", FigureText.money(account.account.cash)), ("equity", money("equity")),
            ("initial margin", money("initial_margin")),
            ("maintenance margin", money("maintenance_margin")),
            ("free for orders", money("available_funds")),
            ("free to withdraw", money("available_withdrawal_funds")),
        ]
        if values["queued_withdrawal"] ?? 0 > 0 {
            lines.append(("waits to leave", money("queued_withdrawal")))
        }
        let names = lines.map(\.name.count).max() ?? 0
        let width = lines.map(\.value.count).max() ?? 0
        var text = screen.painted("account \(account.number.number)", .strong)
        text += " · \(currency)\(standing(account, screen))\n"
        for line in lines {
            let blanks = String(repeating: " ", count: width - line.value.count)
            text += "  \(line.name.padded(to: names + 2))\(blanks)\(line.value)\n"
        }
        text += "\n" + bar(values, screen) + "\n"
        text += "  \(account.account.positions.count) positions, \(account.orders.count) open "
        text += "orders" + keys(account) + "\n"
        context.write(text)
        context.note(account.note)
        return ExitCode.done
    }

    private static func standing(_ account: ProvenAccount, _ screen: Screen) -> String {
        if account.account.liquidationStart != nil {
            return " · " + screen.painted("in liquidation", .bad)
        }
        return account.account.conversionStart != nil
            ? " · " + screen.painted("its collateral is being converted", .warning) : ""
    }

    private static func keys(_ account: ProvenAccount) -> String {
        let agents = account.keys.agents.filter { $0.grant != nil }.count
        let places = account.keys.destinations.count
        return ", \(agents) agents"
            + (places > 0 ? ", withdraws to \(places) destinations only" : "")
    }

    /// How much of equity maintenance margin takes, as a bar of the screen's width.
    static func bar(_ values: [String: Int64], _ screen: Screen) -> String {
        let equity = Int128(values["equity"] ?? 0)
        let needed = Int128(values["maintenance_margin"] ?? 0)
        guard needed > 0 else { return "  no margin in use" }
        guard let percent = FigureText.percent(needed, of: equity) else {
            return "  " + screen.painted("equity does not cover the margin", .bad)
        }
        let lead = "  margin used "
        let room = min(40, (screen.columns ?? 80) - lead.count - percent.count - 3)
        let length = max(4, room)
        let filled = Int(min(Int128(length), (needed * Int128(length) + equity - 1) / equity))
        let tone: Tone = needed * 10 >= equity * 9 ? .bad : needed * 2 >= equity ? .warning : .good
        return lead + screen.painted(String(repeating: "█", count: filled), tone)
            + screen.painted(String(repeating: "░", count: length - filled), .quiet) + " \(percent)"
    }

    private static func json(_ account: ProvenAccount, _ values: [String: Int64]) -> JSON.Value {
        func number(_ units: Int64) -> JSON.Value {
            .number(JSON.Number(Int128(units), decimals: ExactDecimal.priceDigits))
        }
        let agents = account.keys.agents.compactMap { slot -> JSON.Value? in
            slot.grant.map { grant in
                .object([
                    JSON.Member("slot", .number(JSON.Number(Int64(slot.number)))),
                    JSON.Member("key", .string(grant.key.text)),
                    JSON.Member("scope", .string("\(grant.scope)")),
                ])
            }
        }
        var members = account.members
        members += [
            JSON.Member("currency", .string(account.figures.shown("currency"))),
            JSON.Member("owner", .string(account.account.owner.text)),
            JSON.Member("master", .string(account.keys.master.text)),
            JSON.Member("cash", number(account.account.cash.units)),
        ]
        members += figures.map { JSON.Member($0, number(values[$0] ?? 0)) }
        members += [
            JSON.Member("in_liquidation", .boolean(account.account.liquidationStart != nil)),
            JSON.Member(
                "positions", .number(JSON.Number(Int64(account.account.positions.count)))),
            JSON.Member("orders", .number(JSON.Number(Int64(account.orders.count)))),
            JSON.Member("agents", .array(agents)),
            JSON.Member(
                "destinations",
                .array(
                    account.keys.destinations.map { .string(HexText.text($0.address.bytes)) })),
        ]
        return .object(members)
    }
}
