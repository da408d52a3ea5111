/// `rampart markets`: what can be traded, and where it stands.

import JSON

/// Lists markets.
enum MarketsCommand {
    static let shape = CommandShape(
        "markets", "List what can be traded, with prices",
        flags: [
            CommandFlag("--kind", "future|option|spot", "perpetuals are futures"),
            CommandFlag("--currency", "NAME", "what settles in it or follows it, such as BTC"),
            CommandFlag("--names", nil, "the names alone, a line each"),
            ShowFlags.json,
        ] + RemoteFlags.all,
        details: """
            Exit codes: 0 listed · 1 the node has no such currency · 69 no node there
            """)

    private static let kinds = ["future", "option", "spot"]
    private static let method = "public/get_book_summary_by_currency"

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        if let kind = arguments["--kind"], !kinds.contains(kind) {
            throw .usage(
                "--kind is '\(kind)', not " + kinds.joined(separator: ", ")
                    + "; leave it out for all")
        }
        let node = try RemoteFlags.node(arguments, context)
        let answer = try node.result(
            method,
            [
                JSON.Member("currency", .string(arguments["--currency"] ?? "any")),
                JSON.Member("kind", .string(arguments["--kind"] ?? "any")),
            ])
        guard let markets = answer.elements else {
            throw RemoteNode.strange(method, lacking: "list")
        }
        if arguments.has("--names") {
            context.write(
                markets.map { $0.shown("instrument_name").printable + "\n" }.joined())
        } else if arguments.has("--json") {
            context.write(JSON.Value.array(markets.map(json)).indentedText + "\n")
        } else if markets.isEmpty {
            context.write("no market is listed\n")
        } else {
            context.write(table(markets).text(on: context.screen()))
        }
        return ExitCode.done
    }

    private static func table(_ markets: [JSON.Value]) -> TerminalTable {
        var table = TerminalTable([
            .words("INSTRUMENT"), .numbers("BID", rank: 1), .numbers("ASK", rank: 1),
            .numbers("LAST", rank: 3), .numbers("24H %", rank: 2), .numbers("MARK"),
            .numbers("VOLUME", rank: 5), .numbers("OPEN INTEREST", rank: 4),
            .numbers("FUNDING 8H %", rank: 6),
        ])
        for market in markets {
            let change = market["price_change"]?.number.map { FigureText.trimmed($0.text) }
            let funding = market["funding_8h"]?.number?.scaled(by: ExactDecimal.sizeDigits)
            table.add([
                TableCell(market.shown("instrument_name")),
                TableCell(market.shown("bid_price"), .good),
                TableCell(market.shown("ask_price"), .bad),
                TableCell(market.shown("last")),
                TableCell(
                    change ?? "–",
                    change.map { $0.hasPrefix("-") ? .bad : $0 == "0" ? .plain : .good } ?? .plain),
                TableCell(market.shown("mark_price"), .strong),
                TableCell(market.shown("volume")), TableCell(market.shown("open_interest")),
                TableCell(
                    funding.map {
                        FigureText.exact(Int128($0), digits: ExactDecimal.percentDigits)
                    } ?? "–"),
            ])
        }
        return table
    }

    /// The node's fields, those that matter and in an order that stays.
    private static func json(_ market: JSON.Value) -> JSON.Value {
        .object(
            [
                "instrument_name", "bid_price", "ask_price", "last", "price_change", "mark_price",
                "volume", "open_interest", "funding_8h",
            ].map { JSON.Member($0, market[$0] ?? .null) })
    }
}
