/// What a node proves is shown, and whatever it changes on the way is found out.
import Canonical
import Foundation
import JSON
import Ledger
import Testing

@testable import Node

private let market = "BTC_USDC-PERPETUAL"

/// A venue where account 0 has an order.
private func venue() throws -> TradingBench {
    let day = try TradingBench()
    #expect(day.maker("order", "buy", market, "0.1", "96000").exit == ExitCode.done)
    return day
}

/// Replaces the digit of a text's hexadecimal member by another.
private func flipped(_ answer: String, _ member: String, _ occurrence: Int = 1) -> String {
    var parts = answer.components(separatedBy: "\"\(member)\":\"")
    guard parts.count > occurrence else { return answer }
    let first = parts[occurrence].removeFirst()
    // The last digits of a value are as much of it as the first.
    parts[occurrence] = (first == "0" ? "1" : "0") + parts[occurrence]
    return parts.joined(separator: "\"\(member)\":\"")
}

@Test func aProofIsKeptAndCheckedWithoutANode() throws {
    let day = try venue()
    let file = day.bench.path("proof.json")
    let run = day.bench.run("proof", "order", "1", "--save", file, "--json")
    #expect(run.exit == ExitCode.done, "\(run.notes)")
    let json = try day.json(run)
    #expect(json["proven"]?.boolean == true && json["root_is_trusted"]?.boolean == false)
    let root = try #require(json["root"]?.text)
    day.bench.node = { body throws(CommandFault) in
        throw CommandFault("nobody is asked", exit: ExitCode.unavailable)
    }
    let checked = day.bench.run("verify", "proof", file, "--root", root)
    #expect(checked.exit == ExitCode.done, "\(checked.notes)")
    #expect(checked.output.hasPrefix("order 1: proven\n"))
    #expect(checked.output.contains("remaining   1000 lots"))
    #expect(checked.notes.contains("the one that you trust"))
    try FileAccess.write(day.node.lastHeaders.canonicalBytes, to: day.bench.path("headers"))
    let header = day.bench.run("verify", "proof", file, "--headers", day.bench.path("headers"))
    #expect(header.exit == ExitCode.done, "\(header.notes)")
    let other = String(repeating: "0", count: 64)
    expectRefusal(
        day.bench.run("verify", "proof", file, "--root", other), ExitCode.refused,
        "the node lies")
    expectRefusal(
        day.bench.run("verify", "proof", file, "--root", "12"), ExitCode.usage,
        "not 64 hexadecimal digits")
    expectRefusal(
        day.bench.run(
            "verify", "proof", file, "--root", root, "--headers", day.bench.path("headers")),
        ExitCode.usage, "give one of them")
}

@Test func headersOfAnotherBlockAreNotCompared() throws {
    let day = try venue()
    try FileAccess.write(day.node.lastHeaders.canonicalBytes, to: day.bench.path("headers"))
    day.publish()
    expectRefusal(
        day.bench.run("proof", "chain", "--headers", day.bench.path("headers")), ExitCode.refused,
        "take the header of block")
}

@Test(arguments: ["value", "sibling", "root"])
func aSavedProofThatWasChangedConvincesNobody(_ member: String) throws {
    let day = try venue()
    let file = day.bench.path("proof.json")
    #expect(day.bench.run("proof", "account", "0", "--save", file).exit == ExitCode.done)
    let text = try day.bench.text("proof.json").replacing("\": \"", with: "\":\"")
    try day.bench.write(flipped(text, member), to: "proof.json")
    expectRefusal(
        day.bench.run("verify", "proof", file), ExitCode.refused, "does not lead to the root")
}

@Test func whatIsNoProofIsRefused() throws {
    let bench = try CommandBench()
    for (text, words) in [
        ("", "is no JSON"), ("{}", "no key, value and proof"),
        ("{\"key\":\"ff\",\"value\":\"00\",\"proof\":[]}", "not the name of a leaf"),
        ("{\"key\":\"00\",\"value\":\"00\",\"proof\":[{}]}", "no side and sibling"),
        ("{\"key\":\"00\",\"value\":\"00\",\"proof\":[]}", "no height and root"),
    ] {
        try bench.write(text, to: "p")
        expectRefusal(bench.run("verify", "proof", bench.path("p")), ExitCode.badInput, words)
    }
    expectRefusal(bench.run("verify", "proof", bench.path("none")), ExitCode.noInput, "no such")
}

@Test(arguments: [
    (["accuont"], "did you mean 'account'?"), (["account"], "proof account needs NUMBER"),
    (["account", "x"], "NUMBER is 'x'"), (["account", "4294967296"], "NUMBER is"),
    (["chain", "1"], "one word too many"), (["order", "1", "2"], "one word too many"),
    (["underlying", "65536"], "from 0 to 65535"),
])
func whatIsNoLeafIsRefused(_ words: [String], _ message: String) throws {
    expectRefusal(try CommandBench().run(["proof"] + words), ExitCode.usage, message)
}

@Test func everyKindOfLeafIsProven() throws {
    let day = try venue()
    for words in [
        ["chain"], ["account", "0"], ["keys", "0"], ["order", "1"], ["instrument", market],
        ["instrument", "0"], ["underlying", "0"], ["compartment", "0"], ["price", "0"],
    ] {
        let run = day.bench.run(["proof"] + words)
        #expect(run.exit == ExitCode.done, "\(words): \(run.notes)")
        #expect(run.output.contains(": proven\n"))
    }
    expectRefusal(day.bench.run("proof", "order", "9"), ExitCode.refused, "no leaf of order 9")
}

@Test(arguments: ["value", "sibling"])
func aNodeThatChangesALeafIsFoundOut(_ member: String) throws {
    let day = try venue()
    for occurrence in [1, 2, 3] where member == "value" || occurrence == 1 {
        day.node.lie = { flipped($1, member, $0 == "public/get_account" ? occurrence : 99) }
        for command in ["positions", "orders", "account"] {
            expectRefusal(
                day.bench.run(command, "--account", "0"), ExitCode.refused,
                "does not lead to the root", "ask another node")
        }
    }
}

@Test func aNodeThatShowsAnotherAccountIsFoundOut() throws {
    let day = try venue()
    var other = ""
    day.node.lie = { method, answer in
        if method == "public/get_account" { other = answer }
        return answer
    }
    #expect(day.bench.run("account", "--account", "1").exit == ExitCode.done)
    let kept = other
    day.node.lie = { $0 == "public/get_account" ? kept : $1 }
    expectRefusal(
        day.bench.run("orders", "--account", "0"), ExitCode.refused, "is not of account 0")
}

@Test func aRootThatIsNotTheTrustedOneIsRefused() throws {
    let day = try venue()
    let root = HexText.text(day.node.machine.root.storage.bytes)
    let trusted = day.bench.run("orders", "--account", "0", "--root", root)
    #expect(trusted.exit == ExitCode.done, "\(trusted.notes)")
    #expect(trusted.notes.contains("the root that you trust"))
    expectRefusal(
        day.bench.run(
            "account", "--account", "0", "--root", String(repeating: "0", count: 64)),
        ExitCode.refused, "the node lies")
}

@Test func anAnswerWithoutLeavesIsRefused() throws {
    let day = try venue()
    for (answer, exit, words) in [
        ("{\"result\":{}}", ExitCode.badInput, "no height and root"),
        (
            "{\"result\":{\"height\":1,\"root\":\"\(String(repeating: "0", count: 64))\"}}",
            ExitCode.protocolFault, "no leaves"
        ),
        (
            """
            {"result":{"height":1,"root":"\(String(repeating: "0", count: 64))","leaves":[]}}
            """, ExitCode.protocolFault, "leaf of the account itself"
        ),
    ] {
        day.node.lie = { $0 == "public/get_account" ? answer : $1 }
        expectRefusal(day.bench.run("account", "--account", "0"), exit, words)
    }
    day.node.lie = { $1 }
    expectRefusal(
        day.bench.run("account", "--account", "77"), ExitCode.refused, "no account 77",
        "numbered from 0")
}

@Test func anAccountIsShownWithItsMargin() throws {
    let day = try venue()
    let run = day.bench.run("account", "--account", "0")
    #expect(run.exit == ExitCode.done, "\(run.notes)")
    #expect(run.output.hasPrefix("account 0 · USDC\n"), "\(run.output)")
    #expect(run.output.contains("cash                100000.00\n"))
    #expect(run.output.contains("0 positions, 1 open orders, 0 agents\n"))
    let json = try day.json(day.bench.run("account", "--account", "0", "--json"))
    #expect(json.shown("cash") == "100000")
    #expect(json["in_liquidation"]?.boolean == false)
    #expect(json["orders"]?.number?.integer == 1)
    let empty = day.bench.run("positions", "--account", "1")
    #expect(empty.output == "account 1 has no positions\n")
}
