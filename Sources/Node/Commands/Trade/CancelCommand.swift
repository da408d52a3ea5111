/// `rampart cancel`: takes orders out of the book.

import Canonical
import JSON
import Ledger

/// Cancels orders.
enum CancelCommand {
    static let shape = CommandShape(
        "cancel", "Cancel orders", rest: "[ORDER]…",
        flags: [
            CommandFlag("--all", nil, "every open order of the account"),
            CommandFlag("--instrument", "INSTRUMENT", "every open order of one market"),
            CommandFlag("--label", "TEXT", "every open order of a label"),
            CommandFlag("--client", "N", "the order of your own number"),
        ] + TradeFlags.all,
        details: """
            Name orders by the numbers that 'rampart orders' shows, or one of the flags; nothing is
            cancelled by default.

              rampart cancel 17 18
              rampart cancel --instrument BTC_USDC-PERPETUAL

            \(TradeFlags.exitCodes)
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let requests = try requests(arguments)
        let session = try TradeSession(arguments, context)
        var commands: [Command] = []
        for request in requests { commands.append(try session.command(request)) }
        let outcome = try session.submit(commands)
        let isAccepted = outcome.receipts.allSatisfy(\.isAccepted)
        if arguments.has("--json") {
            let results = zip(requests, outcome.receipts).map { request, receipt in
                JSON.Value.object([
                    JSON.Member("request", .string(request.joined(separator: " "))),
                    JSON.Member("accepted", .boolean(receipt.isAccepted)),
                    JSON.Member("reason", receipt.reason.map { .string($0) } ?? .null),
                ])
            }
            session.write(outcome, [JSON.Member("results", .array(results))])
            return isAccepted ? ExitCode.done : ExitCode.refused
        }
        for (request, receipt) in zip(requests, outcome.receipts) where receipt.isAccepted {
            context.write(words(request).printable + "\n")
        }
        context.note("in block \(outcome.height.text)\n")
        for (request, receipt) in zip(requests, outcome.receipts) where !receipt.isAccepted {
            context.note(
                "\(request.joined(separator: " ").printable): \(session.fault(receipt).message)\n")
        }
        return isAccepted ? ExitCode.done : ExitCode.refused
    }

    /// What is to be cancelled, in the words of `rampart send`.
    static func requests(_ arguments: CommandArguments) throws(CommandFault) -> [[String]] {
        let names = ["--all", "--instrument", "--label", "--client"].filter(arguments.has)
        guard names.count + (arguments.operands.isEmpty ? 0 : 1) == 1 else {
            throw .usage(
                names.isEmpty && arguments.operands.isEmpty
                    ? "name what to cancel: ORDER as 'rampart orders' shows it, --instrument, "
                        + "--label, --client, or --all"
                    : "name orders, or one of --all, --instrument, --label, --client; not both")
        }
        if let label = arguments["--label"] { return [["cancel-label", label]] }
        if let name = arguments["--instrument"] { return [["cancel-all", name]] }
        if let number = try arguments.number("--client", in: 1...UInt64.max) {
            return [["cancel", "client=\(number)"]]
        }
        guard !arguments.has("--all") else { return [["cancel-all"]] }
        guard arguments.operands.count <= Transaction.commandLimit else {
            throw .usage("at most \(Transaction.commandLimit) orders at a time, or --all")
        }
        return arguments.operands.map { ["cancel", $0] }
    }

    private static func words(_ request: [String]) -> String {
        switch (request[0], request.count) {
        case ("cancel-all", 1): "all open orders are cancelled"
        case ("cancel-all", _): "all open orders in \(request[1]) are cancelled"
        case ("cancel-label", _): "all open orders labelled \(request[1]) are cancelled"
        default: "order \(request[1].replacing("client=", with: "of client number ")) is cancelled"
        }
    }
}
