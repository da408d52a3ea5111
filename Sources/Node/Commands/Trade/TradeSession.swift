/// One transaction of an account, from words to what its block made of it.

import Canonical
import JSON
import Ledger

/// What a block did with the commands of a transaction.
struct TradeOutcome {
    /// What the block says of one command.
    struct Receipt: Equatable {
        let isAccepted: Bool
        /// The reason of a refusal, by name.
        let reason: String?
        let order: String?
        /// All that the node says of it.
        let json: JSON.Value
    }

    let height: JSON.Number
    let receipts: [Receipt]
    let withdrawals: [JSON.Value]
}

/// Signs and submits for the account of the flags.
struct TradeSession {
    let arguments: CommandArguments
    let context: CommandContext
    let node: RemoteNode
    let terms: TransactionSender.Terms
    let directory: VenueDirectory
    private let now: UInt64

    /// - Throws: `CommandFault` where a flag is missing or wrong.
    init(_ arguments: CommandArguments, _ context: CommandContext) throws(CommandFault) {
        self.arguments = arguments
        self.context = context
        terms = try TradeFlags.terms(arguments, context)
        node = try RemoteFlags.node(arguments, context)
        directory = VenueDirectory(genesis: nil, node: node)
        now = context.now()
    }

    /// The command that words say, as `rampart send` reads them.
    ///
    /// - Throws: `CommandFault`.
    func command(_ words: [String]) throws(CommandFault) -> Command {
        let commands = try CommandParser(directory: directory, now: now).commands(words)
        guard commands.count == 1, let command = commands.first else {
            throw .usage("'then' joins the commands of 'rampart send'; this takes one at a time")
        }
        return command
    }

    /// Signs, submits and waits for the block.
    ///
    /// - Throws: `CommandFault` where the transaction does not come into a block, with what to do.
    func submit(_ commands: [Command]) throws(CommandFault) -> TradeOutcome {
        let bytes = try TransactionSender(directory: directory, context: context, now: now)
            .signed(commands, terms)
        let answer = try node.call(
            TransactionSender.method,
            [
                JSON.Member("transaction", .string(HexText.text(bytes))),
                JSON.Member("details", .boolean(true)),
            ])
        switch answer {
        case .error(let code, let message, let data):
            throw refused(code: code, message: message, data: data)
        case .result(let value): return try outcome(value)
        }
    }

    private func refused(code: String, message: String, data: JSON.Value?) -> CommandFault {
        let reason = data?["reason"]?.text ?? (message.isEmpty ? "no reason" : message)
        if let wait = data?["wait"]?.number?.text {
            return CommandFault(
                "the node takes no more just now; try again in \(wait) ms (\(code))".printable,
                exit: ExitCode.refused)
        }
        return CommandFault(
            RefusalAdvice.text(reason, code: code, signer: terms.signer), exit: ExitCode.refused)
    }

    private func outcome(_ value: JSON.Value) throws(CommandFault) -> TradeOutcome {
        guard let height = value["height"]?.number, let list = value["receipts"]?.elements else {
            throw RemoteNode.strange(TransactionSender.method, lacking: "height and receipts")
        }
        let receipts = list.map { json in
            TradeOutcome.Receipt(
                isAccepted: json["accepted"]?.boolean == true, reason: json["reason"]?.text,
                order: json["order_id"]?.text, json: json)
        }
        guard !receipts.isEmpty else {
            throw RemoteNode.strange(TransactionSender.method, lacking: "receipt")
        }
        return TradeOutcome(
            height: height, receipts: receipts, withdrawals: value["withdrawals"]?.elements ?? [])
    }

    /// Writes an answer as JSON: what every trading command says, then its own.
    func write(_ outcome: TradeOutcome, _ own: [JSON.Member]) {
        let refused = outcome.receipts.first { !$0.isAccepted }
        var members = [
            JSON.Member("accepted", .boolean(refused == nil)),
            JSON.Member("height", .number(outcome.height)),
        ]
        members.append(JSON.Member("reason", refused?.reason.map { .string($0) } ?? .null))
        members.append(
            JSON.Member(
                "next",
                refused?.reason.map { .string(RefusalAdvice.next($0)) } ?? .null))
        context.write(JSON.Value.object(members + own).indentedText + "\n")
    }

    /// The fault of a command that its block refused.
    func fault(_ receipt: TradeOutcome.Receipt) -> CommandFault {
        CommandFault(
            RefusalAdvice.text(
                receipt.reason ?? "no reason given",
                code: receipt.json["refusal"]?.compactText ?? "–", signer: terms.signer),
            exit: ExitCode.refused)
    }
}
