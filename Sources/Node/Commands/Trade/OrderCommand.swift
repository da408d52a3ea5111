/// `rampart order`: buys or sells, and says what came of it.

import Canonical
import JSON
import Ledger

/// Places one order.
enum OrderCommand {
    static let shape = CommandShape(
        "order", "Buy or sell, and see what came of it",
        operands: ["buy|sell", "INSTRUMENT", "AMOUNT"], rest: "[PRICE|market] [TERM]…",
        flags: [
            CommandFlag("--post-only", nil, "rest, or be refused"),
            CommandFlag("--reduce-only", nil, "never open or turn a position"),
            CommandFlag("--ioc", nil, "what does not fill at once is cancelled"),
            CommandFlag("--fok", nil, "all at once, or nothing"),
            CommandFlag("--label", "TEXT", "a name for 'rampart cancel --label'"),
            CommandFlag("--client", "N", "your own number for it, unique among open ones"),
        ] + TradeFlags.all,
        details: """
            AMOUNT is in units of the underlying, PRICE in the quote asset; without one the order
            takes what the book offers within the price band, and cancels the rest. The answer
            comes when its block is on disk.

              rampart order buy BTC_USDC-PERPETUAL 0.1 96500 --post-only
              rampart order sell BTC_USDC-PERPETUAL 0.1 market --reduce-only

            \(Profile.details)

            \(TradeFlags.exitCodes)
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let words = try words(arguments)
        let session = try TradeSession(arguments, context)
        let outcome = try session.submit([try session.command(words)])
        let receipt = outcome.receipts[0]
        if arguments.has("--json") {
            let fields = [
                "order_id", "order_state", "cancel_reason", "filled_amount", "average_price", "fee",
            ]
            session.write(outcome, fields.map { JSON.Member($0, receipt.json[$0] ?? .null) })
            return receipt.isAccepted ? ExitCode.done : ExitCode.refused
        }
        guard receipt.isAccepted else { throw session.fault(receipt) }
        context.write(
            OrderReport(words, receipt).text(on: context.screen()) + "\n")
        context.note("in block \(outcome.height.text)\n")
        return ExitCode.done
    }

    /// The words of `rampart send` that the command line means.
    static func words(_ arguments: CommandArguments) throws(CommandFault) -> [String] {
        let operands = arguments.operands
        guard ["buy", "sell"].contains(operands[0]) else {
            throw .usage(
                "'\(operands[0])' is not buy or sell"
                    + NearestWord.hint(["buy", "sell"], for: operands[0]))
        }
        var words = Array(operands.prefix(3))
        var rest = operands.dropFirst(3)
        if let next = rest.first, next == "market" || next.first?.isNumber == true {
            words.append(next)
            rest.removeFirst()
        } else {
            words.append("market")
        }
        words += rest
        for term in ["post-only", "reduce-only", "ioc", "fok"] where arguments.has("--\(term)") {
            words.append(term)
        }
        if let label = arguments["--label"] { words.append("label=\(label)") }
        if let number = try arguments.number("--client", in: 1...UInt64.max) {
            words.append("client=\(number)")
        }
        return words
    }
}

/// What became of an order, in a sentence.
struct OrderReport {
    private let words: [String]
    private let receipt: TradeOutcome.Receipt

    /// - Parameter words: side, instrument, amount, price, as they were sent.
    init(_ words: [String], _ receipt: TradeOutcome.Receipt) {
        self.words = words
        self.receipt = receipt
    }

    func text(on screen: Screen) -> String {
        let (side, name, amount) = (words[0], words[1], words[2])
        let order = receipt.order.map { "order \($0)" } ?? "the order"
        let filled = receipt.json["filled_amount"]?.number
        let hasFill = filled.map { $0.scaled(by: ExactDecimal.sizeDigits) != 0 } ?? false
        let tone: Tone = side == "buy" ? .good : .bad
        var text = ""
        if hasFill, let filled {
            let verb = screen.painted(side == "buy" ? "bought" : "sold", tone)
            let isAll = receipt.json["order_state"]?.text == "filled"
            text = "\(verb) \(FigureText.trimmed(filled.text))"
            text += "\(isAll ? "" : " of \(amount)") \(name.printable)"
            text += " at \(receipt.json.shown("average_price"))"
            text += ", fee \(receipt.json.shown("fee"))"
            if isAll { return text + " (\(order))" }
            text += "; "
        }
        switch receipt.json["order_state"]?.text {
        case "open":
            text += hasFill ? "the rest stands as \(order)" : "\(order) stands: \(summary)"
        case "cancelled":
            let reason = receipt.json.shown("cancel_reason").replacing("_", with: " ").printable
            text +=
                hasFill ? "the rest was cancelled: \(reason)" : "\(order) was cancelled: \(reason)"
        case "untriggered": text += "\(order) waits for its trigger"
        default: text += "\(order) is accepted"
        }
        return text
    }

    private var summary: String {
        "\(words[0]) \(words[2]) \(words[1].printable) at \(words[3].printable)"
    }
}
