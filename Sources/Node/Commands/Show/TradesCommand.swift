/// `rampart trades`: the last trades of a market, or with an API key one's own fills.

import Canonical
import JSON

/// Lists trades.
enum TradesCommand {
    static let shape = CommandShape(
        "trades", "List the last trades of a market, or your own", rest: "[INSTRUMENT]",
        flags: [
            CommandFlag("--mine", nil, "your own fills, of all markets if none is named"),
            CommandFlag("--count", "N", "how many, 1 to 1000; 20 if not given"),
            ShowFlags.json,
        ] + RemoteFlags.all,
        details: """
            Who has traded is nobody else's business, so --mine needs an API key: RAMPART_CLIENT_ID
            and RAMPART_CLIENT_SECRET as 'rampart credentials new' prints them, or RAMPART_TOKEN.
            They are never flags, which every user of the machine can read.

              rampart trades BTC_USDC-PERPETUAL --count 5
              rampart trades --mine --json
            """)

    private static let usualCount: UInt64 = 20

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let isOwn = arguments.has("--mine")
        let names = arguments.operands
        guard names.count <= 1 else {
            throw .usage("'\(names[1])' is one word too many: name one market, or none with --mine")
        }
        guard isOwn || names.count == 1 else {
            throw .usage(
                "trades needs INSTRUMENT ('rampart markets' lists them), or --mine for your own")
        }
        let count = try arguments.number("--count", in: 1...1_000) ?? usualCount
        let node = try RemoteFlags.node(arguments, context)
        var parameters = [JSON.Member("count", .number(JSON.Number(Int64(count))))]
        let method: String
        if let name = names.first {
            parameters.append(JSON.Member("instrument_name", .string(name)))
            method =
                isOwn
                ? "private/get_user_trades_by_instrument"
                : "public/get_last_trades_by_instrument"
        } else {
            parameters.append(JSON.Member("currency", .string("any")))
            method = "private/get_user_trades_by_currency"
        }
        let speaker = isOwn ? try CredentialLogin.speaker(for: node, context) : node
        let answer = try speaker.result(method, parameters)
        guard let trades = answer["trades"]?.elements else {
            throw RemoteNode.strange(method, lacking: "trades")
        }
        if arguments.has("--json") {
            context.write(JSON.Value.array(trades.map { json($0, isOwn) }).indentedText + "\n")
        } else if trades.isEmpty {
            context.write(isOwn ? "you have not traded here yet\n" : "nothing has traded yet\n")
        } else {
            context.write(table(trades, isOwn).text(on: context.screen()))
        }
        return ExitCode.done
    }

    private static func table(_ trades: [JSON.Value], _ isOwn: Bool) -> TerminalTable {
        var columns: [TerminalTable.Column] = [
            .words("TIME UTC", rank: 2), .words("INSTRUMENT", rank: isOwn ? 0 : 4), .words("SIDE"),
            .numbers("AMOUNT"), .numbers("PRICE"),
        ]
        if isOwn {
            columns += [.numbers("FEE", rank: 3), .numbers("ORDER", rank: 1)]
        }
        var table = TerminalTable(columns)
        for trade in trades {
            let side = trade.shown("direction")
            var cells = [
                TableCell(time(trade), .quiet), TableCell(trade.shown("instrument_name")),
                TableCell(side, side == "buy" ? .good : .bad), TableCell(trade.shown("amount")),
                TableCell(trade.shown("price")),
            ]
            if isOwn {
                cells += [TableCell(trade.shown("fee")), TableCell(trade.shown("order_id"))]
            }
            table.add(cells)
        }
        return table
    }

    private static func time(_ trade: JSON.Value) -> String {
        trade["timestamp"]?.number?.integer.map { ClockText.dayAndTime(milliseconds: $0) } ?? "–"
    }

    private static func json(_ trade: JSON.Value, _ isOwn: Bool) -> JSON.Value {
        let common = [
            "trade_id", "timestamp", "instrument_name", "direction", "amount", "price",
        ]
        let own = ["fee", "order_id", "liquidity", "label", "profit_loss"]
        return .object((common + (isOwn ? own : [])).map { JSON.Member($0, trade[$0] ?? .null) })
    }
}

/// How the API's private methods are spoken to from the terminal.
enum CredentialLogin {
    static let identifierVariable = "RAMPART_CLIENT_ID"
    static let secretVariable = "RAMPART_CLIENT_SECRET"

    /// The node, spoken to with the credential of the environment.
    ///
    /// - Throws: `CommandFault` where there is none, and where the node does not take it.
    static func speaker(
        for node: RemoteNode, _ context: CommandContext
    ) throws(CommandFault) -> RemoteNode {
        if context.environment[RemoteFlags.tokenVariable] != nil { return node }
        guard let identifier = context.environment[identifierVariable],
            let secret = context.environment[secretVariable]
        else {
            throw CommandFault(
                "this needs an API key: set \(identifierVariable) and \(secretVariable) to what "
                    + "'rampart credentials new' printed, or \(RemoteFlags.tokenVariable)",
                exit: ExitCode.noPermission)
        }
        let answer = try node.call(
            "public/auth",
            [
                JSON.Member("grant_type", .string("client_credentials")),
                JSON.Member("client_id", .string(identifier)),
                JSON.Member("client_secret", .string(secret)),
            ])
        guard case .result(let value) = answer, let token = value["access_token"]?.text else {
            throw CommandFault(
                "the node does not take the API key of \(identifierVariable); is it of this venue, "
                    + "and has the account's owner allowed it? 'rampart credentials list' shows "
                    + "what the node knows after its next start", exit: ExitCode.noPermission)
        }
        return node.speaking(with: token)
    }
}
