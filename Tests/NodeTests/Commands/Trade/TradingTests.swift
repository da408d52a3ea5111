/// A trader's day from the terminal, over the whole API and a real ledger: orders, fills,
/// positions, cancels, withdrawals, proofs; and every word that is wrong.
import Canonical
import JSON
import Ledger
import Testing

@testable import Node

private let market = "BTC_USDC-PERPETUAL"
private let wallet = "0x" + String(repeating: "ab", count: 20)

@Test func aTradersDayGoesFromOrderToWithdrawal() throws {
    let day = try TradingBench()
    let rested = day.maker("order", "sell", market, "0.5", "97010", "--post-only", "--label", "mm")
    #expect(rested.exit == ExitCode.done, "\(rested.notes)")
    #expect(rested.output == "order 1 stands: sell 0.5 \(market) at 97010\n")
    let part = day.taker("order", "buy", market, "0.2", "97010")
    #expect(part.output.hasPrefix("bought 0.2 \(market) at 97010, fee "), "\(part.notes)")
    #expect(part.output.hasSuffix("(order 2)\n"))
    let rest = day.taker("order", "buy", market, "0.4")
    #expect(rest.output.hasPrefix("bought 0.3 of 0.4 \(market) at 97010"), "\(rest.notes)")
    #expect(rest.output.hasSuffix("the rest was cancelled: not filled\n"))

    let positions = day.bench.run("positions", "--account", "1")
    #expect(positions.exit == ExitCode.done, "\(positions.notes)")
    #expect(positions.output.contains("\(market)   0.5  97010  97000  48500.00   -5.00\n"))
    #expect(positions.notes.hasPrefix("proven at block "))
    let short = try day.json(day.bench.run("positions", "--account", "0", "--json"))
    let held = try #require(short["positions"]?.elements?.first)
    #expect(held.shown("size") == "-0.5")
    #expect(held.shown("profit") == "5")
    #expect(held.shown("average_price") == "97010")

    #expect(day.maker("order", "buy", market, "0.1", "96000", "--client", "9").exit == 0)
    #expect(day.maker("order", "buy", market, "0.1", "95900", "--label", "low").exit == 0)
    let open = day.bench.run("orders", "--account", "0")
    #expect(open.output.contains("4  buy   \(market)     0.1  96000  client=9"), "\(open.output)")
    let cancelled = day.maker("cancel", "4")
    #expect(cancelled.output == "order 4 is cancelled\n", "\(cancelled.notes)")
    #expect(day.maker("cancel", "--label", "low").exit == ExitCode.done)
    #expect(day.bench.run("orders", "--account", "0").output == "account 0 has no open orders\n")
    expectRefusal(day.maker("cancel", "4"), ExitCode.refused, "unknownOrder", "rampart orders")

    let sent = day.taker("withdraw", "100", wallet)
    #expect(sent.output == "100 has left the account for its destination\n", "\(sent.notes)")
    expectRefusal(
        day.taker("withdraw", "99999", wallet), ExitCode.refused, "insufficientFunds",
        "free to withdraw")
    expectRefusal(
        day.taker("withdraw", "--cancel"), ExitCode.refused, "noQueuedWithdrawal",
        "nothing waits to leave")

    let proof = day.bench.run("proof", "account", "1", "--save", day.bench.path("proof.json"))
    #expect(proof.exit == ExitCode.done, "\(proof.notes)")
    #expect(proof.output.hasPrefix("account 1: proven\n"))
    #expect(proof.output.contains("position  instrument 0, 5000 lots"))
}

@Test func anOrderIsToldToScriptsUnderKeysThatStay() throws {
    let day = try TradingBench()
    let run = day.maker("order", "buy", market, "0.1", "96000", "--json")
    let json = try day.json(run)
    #expect(
        json.members?.map(\.name) == [
            "accepted", "height", "reason", "next", "order_id", "order_state", "cancel_reason",
            "filled_amount", "average_price", "fee",
        ])
    #expect(json["accepted"]?.boolean == true && json["order_state"]?.text == "open")
    let refused = day.maker("order", "buy", market, "10", "96000", "--reduce-only", "--json")
    #expect(refused.exit == ExitCode.refused)
    let answer = try day.json(refused)
    #expect(answer["reason"]?.text == "notReducing")
    #expect(answer["next"]?.text?.contains("rampart positions") == true)
    let cancelled = try day.json(day.maker("cancel", "--all", "--json"))
    #expect(cancelled["results"]?.elements?.first?["request"]?.text == "cancel-all")
    let withdrawn = try day.json(day.maker("withdraw", "1", wallet, "--json"))
    #expect(withdrawn["withdrawals"]?.elements?.first?["state"]?.text == "sent")
}

@Test func anAgentTradesAndDoesNotWithdraw() throws {
    let day = try TradingBench()
    let key = day.bench.run("keys", "new", day.bench.path("agent.key")).output.dropLast()
    let granted = day.bench.run(
        "send", "--key", day.bench.path("taker.key"), "--as", "account:1", "set-agent", "3",
        String(key), "trade", "30")
    #expect(granted.exit == ExitCode.done, "\(granted.notes)")
    day.bench.environment["RAMPART_KEY"] = day.bench.path("agent.key")
    day.bench.environment["RAMPART_ACCOUNT"] = "1"
    let order = day.bench.run("order", "buy", market, "0.1", "96900", "--agent", "3")
    #expect(order.exit == ExitCode.done, "\(order.notes)")
    day.bench.environment["RAMPART_AGENT"] = "3"
    expectRefusal(
        day.bench.run("withdraw", "1", wallet), ExitCode.refused, "outOfScope", "master key")
    expectRefusal(
        day.bench.run("order", "buy", market, "0.1", "--agent", "33"), ExitCode.usage,
        "--agent is '33'")
    day.bench.environment["RAMPART_AGENT"] = "x"
    expectRefusal(
        day.bench.run("order", "buy", market, "0.1"), ExitCode.usage, "RAMPART_AGENT is 'x'")
}

private let wrongWords: [(words: [String], message: String)] = [
    (["order"], "order needs buy|sell"), (["order", "buy"], "needs INSTRUMENT"),
    (["order", "buy", market], "needs AMOUNT"), (["order", "bay", market, "1"], "mean 'buy'?"),
    (["order", "buy", market, "x"], "AMOUNT is 'x'"),
    (["order", "buy", market, "0.00005"], "not a multiple of the lot"),
    (["order", "buy", market, "1", "9.5"], "not a multiple of the tick"),
    (["order", "buy", market, "1", "5", "gtc"], "no term of an order"),
    (["order", "buy", market, "1", "5", "then", "cancel-all"], "one at a time"),
    (["order", "buy", market, "1", "--label", "\u{e9}"], "printable ASCII"),
    (["order", "buy", market, "1", "--client", "0"], "--client is '0'"),
    (["order", "buy", market, "1", "--post"], "mean '--post-only'?"),
    (["order", "buy", market, "1", "--expires", "0"], "--expires is '0'"),
    (["cancel"], "name what to cancel"), (["cancel", "1", "--all"], "not both"),
    (["cancel", "--label", "a", "--all"], "not both"), (["cancel", "x"], "ORDER is 'x'"),
    (["cancel", "--client", "-1"], "--client is '-1'"),
    (["withdraw"], "withdraw needs AMOUNT and DESTINATION"),
    (["withdraw", "1"], "withdraw needs AMOUNT"), (["withdraw", "0", wallet], "not above zero"),
    (["withdraw", "1", "here"], "no destination"), (["withdraw", "1", wallet, "now"], "too many"),
    (["withdraw", "--cancel", "1"], "leave AMOUNT"),
]

@Test func whatIsNoTradeSaysHowItGoes() throws {
    let day = try TradingBench()
    for (words, message) in wrongWords {
        expectRefusal(day.trade("maker", words), ExitCode.usage, message, "See: rampart help")
    }
}

@Test func whoSignsMustBeNamed() throws {
    let bench = try CommandBench()
    expectRefusal(
        bench.run("order", "buy", market, "1", "--key", "k"), ExitCode.usage,
        "--account is missing", "RAMPART_ACCOUNT")
    expectRefusal(
        bench.run("order", "buy", market, "1", "--account", "0"), ExitCode.usage,
        "--key is missing", "rampart keys new")
    expectRefusal(
        bench.run("order", "buy", market, "1", "--account", "-1", "--key", "k"), ExitCode.usage,
        "--account is '-1'")
}

@Test func anotherKeyIsToldWhoseItIsNot() throws {
    let day = try TradingBench()
    expectRefusal(
        day.bench.run(
            "order", "buy", market, "0.1", "96000", "--account", "0", "--key",
            day.bench.path("taker.key")),
        ExitCode.refused, "badSignature of account 0", "--key is not its key")
    expectRefusal(
        day.bench.run(
            "cancel", "--all", "--account", "0", "--key", day.bench.path("none.key")),
        ExitCode.noInput, "none.key")
    day.bench.environment["RAMPART_PASSPHRASE"] = "not the one at all"
    expectRefusal(
        day.maker("cancel", "--all"), ExitCode.noPermission, "the passphrase is wrong")
}

@Test(arguments: [
    ("{\"result\":{}}", ExitCode.protocolFault, "no height and receipts"),
    ("{\"result\":{\"height\":1,\"receipts\":[]}}", ExitCode.protocolFault, "has no receipt"),
    ("{\"result\":7}", ExitCode.protocolFault, "same version"),
    (
        "{\"error\":{\"code\":10028,\"message\":\"too_many\",\"data\":{\"wait\":250}}}",
        ExitCode.refused, "try again in 250 ms"
    ),
    ("{\"error\":{\"code\":1,\"message\":\"a\\u001b[2Jb\"}}", ExitCode.refused, "a\u{fffd}[2Jb"),
])
func aStrangeAnswerToAnOrderIsRefused(_ answer: String, _ exit: Int32, _ words: String) throws {
    let day = try TradingBench()
    day.node.lie = { method, text in method == "public/submit_transaction" ? answer : text }
    expectRefusal(day.maker("cancel", "--all"), exit, words)
}

@Test func aWithdrawalThatWaitsSaysForWhat() throws {
    let day = try TradingBench()
    day.node.lie = { method, text in
        method == "public/submit_transaction"
            ? """
            {"result":{"height":9,"receipts":[{"command":0,"accepted":true}],"withdrawals":[
            {"state":"sent","amount":3},{"state":"queued","amount":4.5}]}}
            """ : text
    }
    let run = day.maker("withdraw", "7.5", wallet)
    #expect(run.exit == ExitCode.done)
    #expect(run.output.contains("3 has left"))
    #expect(run.output.contains("4.5 waits for room in the vault: it is let go pro rata"))
}

@Test func everyReasonThatATraderMeetsHasItsAdvice() {
    for reason in [
        "insufficientMargin", "outsidePriceBand", "wouldTake", "marketHalted", "throttled",
        "destinationNotAllowed", "withdrawalQueued", "reduceOnlyMarket", "priceTooOld",
        "ownerShare", "agentLossLimit", "duplicateClientOrder", "inLiquidation",
    ] {
        #expect(!RefusalAdvice.next(reason).contains("Refusal.swift"), "\(reason)")
    }
    #expect(RefusalAdvice.next("vaultFull").contains("docs/api.md"))
    #expect(RefusalAdvice.next("nonsense").contains("'nonsense'"))
}
