/// `rampart book`: the order book of a market, once, or live over a WebSocket until it is ended.

import JSON

/// Shows a book.
enum BookCommand {
    static let shape = CommandShape(
        "book", "Show the order book of a market, live if you like", operands: ["INSTRUMENT"],
        flags: [
            CommandFlag("--live", nil, "follow it; q or Ctrl-C ends"),
            CommandFlag("--depth", "N", "levels of each side, 1 to 20; 10 if not given"),
            ShowFlags.json,
        ] + RemoteFlags.all,
        details: """
            On a terminal --live draws in place and puts the screen back as it was. Into a pipe it
            writes a plain ladder for every change, with --json a line of JSON.

            Exit codes: 0 shown, or ended by you · 1 no such market · 69 no node there
            """)

    static let depths: ClosedRange<UInt64> = 1...20
    private static let usualDepth: UInt64 = 10
    private static let method = "public/get_order_book"

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let name = arguments.operands[0]
        let depth = Int(try arguments.number("--depth", in: depths) ?? usualDepth)
        let node = try RemoteFlags.node(arguments, context)
        // Asked first even when it is to be live: a wrong name is told in a word.
        let answer = try node.result(
            method,
            [
                JSON.Member("instrument_name", .string(name)),
                JSON.Member("depth", .number(JSON.Number(Int64(depths.upperBound)))),
            ])
        var ladder = BookLadder(name: name)
        guard ladder.take(book: answer) else {
            throw RemoteNode.strange(method, lacking: "bids and asks")
        }
        ladder.take(ticker: answer)
        let isJSON = arguments.has("--json")
        if arguments.has("--live") {
            let live = LiveBook(ladder, depth: depth, isJSON: isJSON, context)
            return try live.run(over: node)
        }
        if isJSON {
            ladder.bids = Array(ladder.bids.prefix(depth))
            ladder.asks = Array(ladder.asks.prefix(depth))
            context.write(ladder.json.indentedText + "\n")
        } else {
            let lines = ladder.lines(on: context.screen(), rows: depth)
            context.write(lines.map { $0 + "\n" }.joined())
        }
        return ExitCode.done
    }
}
