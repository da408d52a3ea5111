/// Every command of the ledger that `rampart send` can write, as words: for the help, and for
/// messages that say how it goes.

/// The words of one command.
struct CommandSyntax: Equatable {
    let verb: String
    let operands: String
    let meaning: String

    private init(_ verb: String, _ operands: String, _ meaning: String) {
        self.verb = verb
        self.operands = operands
        self.meaning = meaning
    }

    /// The words of a verb.
    static func synopsis(of verb: String) -> String {
        groups.flatMap(\.commands).first { $0.verb == verb }
            .map { "\($0.verb) \($0.operands)" } ?? verb
    }

    static var verbs: [String] { groups.flatMap(\.commands).map(\.verb) }

    /// For the help.
    static var text: String {
        let width = groups.flatMap(\.commands).map { $0.verb.count + $0.operands.count }.max() ?? 0
        return groups.map { group in
            let lines = group.commands.map { command in
                "  " + "\(command.verb) \(command.operands)".padded(to: width + 3) + command.meaning
            }
            return "\(group.title):\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    static let groups: [(title: String, commands: [CommandSyntax])] = [
        ("By the custodian", custodian), ("By the operator", venueOperator),
        ("By the guardian", guardian),
        ("By an account's master key, or an agent where its scope holds it", account),
        ("By an account's master key alone", master),
    ]

    private static let custodian = [
        CommandSyntax("open-account", "KEY [COMPARTMENT]", "for the owner of a public key"),
        CommandSyntax("deposit", "AMOUNT ACCOUNT REFERENCE", "what has arrived in the vault"),
        CommandSyntax("deposit-insurance", "AMOUNT [COMPARTMENT]", "into the insurance fund"),
        CommandSyntax(
            "deposit-asset", "INSTRUMENT AMOUNT ACCOUNT REFERENCE", "spot that has arrived"),
    ]

    private static let venueOperator = [
        CommandSyntax("set-fee-tier", "TIER ACCOUNT", "by its place in the genesis, from 0"),
        CommandSyntax("start-auction", "INSTRUMENT SECONDS", "then the market trades on"),
        CommandSyntax("halt", "INSTRUMENT", "no more orders until an auction"),
        CommandSyntax(
            "list-contract", "UNDERLYING future|pair DATE [STRIKE]",
            "by the genesis' listing rule"),
        CommandSyntax("set-maker", "ACCOUNT yes|no", "may open while a market only reduces"),
    ]

    private static let guardian = [
        CommandSyntax(
            "raise-level", "LEVEL SCOPE NAME SECONDS", "auction|reduce|halt all|underlying|market")
    ]

    private static let account = [
        CommandSyntax(
            "buy", "INSTRUMENT AMOUNT PRICE|market [TERM]…",
            "TERM: post-only, reduce-only, ioc, fok,"),
        CommandSyntax(
            "sell", "INSTRUMENT AMOUNT PRICE|market [TERM]…", "client=NUMBER, label=TEXT"),
        CommandSyntax("amend", "ORDER INSTRUMENT AMOUNT PRICE", "what shall remain"),
        CommandSyntax("cancel", "ORDER|client=NUMBER", "one order"),
        CommandSyntax("cancel-all", "[INSTRUMENT]", "all orders"),
        CommandSyntax("cancel-label", "LABEL", "the orders of a label"),
        CommandSyntax(
            "quote", "INSTRUMENT BID AMOUNT ASK AMOUNT", "both sides, in place of the last"),
        CommandSyntax("cancel-quotes", "[INSTRUMENT]", "all quotes"),
        CommandSyntax(
            "set-protection", "UNDERLYING SECONDS SECONDS AMOUNT",
            "window, freeze, notional of fills"),
        CommandSyntax("reset-protection", "UNDERLYING", "after it has tripped"),
        CommandSyntax("transfer", "AMOUNT ACCOUNT", "in the same compartment"),
        CommandSyntax("transfer-asset", "INSTRUMENT AMOUNT ACCOUNT", "spot"),
        CommandSyntax("withdraw", "AMOUNT DESTINATION", "out of the vault"),
        CommandSyntax("withdraw-asset", "INSTRUMENT AMOUNT DESTINATION", "spot"),
        CommandSyntax("cancel-withdrawal", "", "what waits of one"),
    ]

    private static let master = [
        CommandSyntax(
            "set-agent", "SLOT KEY trade|cancel|withdraw DAYS [LIMIT]…",
            "LIMIT: band=PERCENT, loss=AMOUNT a day"),
        CommandSyntax("revoke-agent", "SLOT", "at once"),
        CommandSyntax("rotate-master", "KEY", "the account's new master"),
        CommandSyntax("allow-destination", "DESTINATION", "for withdrawals, a day later"),
        CommandSyntax("remove-destination", "DESTINATION", "at once"),
        CommandSyntax(
            "set-rescue", "TERM…",
            "before liquidation: docs/protection.md"),
        CommandSyntax(
            "clear-rescue", "", "nothing before liquidation"),
        CommandSyntax("open-subaccount", "[COMPARTMENT]", "of the same owner"),
        CommandSyntax(
            "set-backstop", "SLICE DISCOUNT MARGIN MARKET…",
            "limits as in docs/backstop.md"),
        CommandSyntax("give-backstop-notice", "", "asks to leave the backstop"),
        CommandSyntax("leave-backstop", "", "when the notice is over"),
    ]
}
