/// `rampart withdraw`: money out of the vault, and when it leaves.

import Canonical
import JSON
import Ledger

/// Withdraws, or takes a withdrawal back that waits.
enum WithdrawCommand {
    static let shape = CommandShape(
        "withdraw", "Withdraw money, and see when it leaves", rest: "[AMOUNT DESTINATION]",
        flags: [
            CommandFlag("--cancel", nil, "take back what waits to leave")
        ] + TradeFlags.all,
        details: """
            DESTINATION is an Ethereum address behind 0x, or 64 hexadecimal digits. A withdrawal
            leaves with its block, unless the vault has paid out much lately: then the rest waits,
            stays the account's money, and is let go pro rata once a minute. An account with an
            allow-list pays out to its destinations only, each a day after it was added:

              rampart send --key my.key --as account:0 allow-destination 0x…

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
            session.write(outcome, [JSON.Member("withdrawals", .array(outcome.withdrawals))])
            return receipt.isAccepted ? ExitCode.done : ExitCode.refused
        }
        guard receipt.isAccepted else { throw session.fault(receipt) }
        for movement in outcome.withdrawals { context.write(sentence(movement) + "\n") }
        if outcome.withdrawals.isEmpty { context.write("the withdrawal is accepted\n") }
        context.note("in block \(outcome.height.text)\n")
        let isStopped = outcome.withdrawals.contains { $0["state"]?.text == "cancelled" }
        return isStopped && !arguments.has("--cancel") ? ExitCode.refused : ExitCode.done
    }

    static func words(_ arguments: CommandArguments) throws(CommandFault) -> [String] {
        if arguments.has("--cancel") {
            guard arguments.operands.isEmpty else {
                throw .usage("--cancel takes back all that waits; leave AMOUNT and DESTINATION out")
            }
            return ["cancel-withdrawal"]
        }
        guard arguments.operands.count >= 2 else {
            throw .usage(
                "withdraw needs AMOUNT and DESTINATION, such as 'rampart withdraw 100 0x…'; "
                    + "'rampart account' says what is free to withdraw")
        }
        return ["withdraw"] + arguments.operands
    }

    private static func sentence(_ movement: JSON.Value) -> String {
        let amount = movement.shown("amount")
        switch movement["state"]?.text {
        case "sent": return "\(amount) has left the account for its destination"
        case "queued":
            return "\(amount) waits for room in the vault: it is let go pro rata once a minute, "
                + "'rampart account' shows what still waits, --cancel takes it back"
        default:
            return "\(amount) stays in the account: it may not leave any more, or was taken back"
        }
    }
}
