/// The command line: what is taken, and every way to refuse it.
import Canonical
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> ReplayOptions {
    try ReplayOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func withoutFlagsTheBuiltInDayRunsWithSeedOne() throws {
    let options = try options("")
    #expect(options.prices == [] && options.genesis == nil && options.seed == 1)
    #expect(options.html == nil && options.json == nil)
    #expect(options.repeatingArguments == ["replay", "--seed", "1"])
}

@Test func allFlagsAreTakenInAnyOrderAndForm() throws {
    let options = try options(
        "--prices a b --seed=18446744073709551615 --html=p.html --prices c --json j --genesis g")
    #expect(options.prices == ["a", "b", "c"])
    #expect(options.seed == UInt64.max)
    #expect(options.html == "p.html" && options.json == "j" && options.genesis == "g")
    #expect(
        options.repeatingArguments == [
            "replay", "--genesis", "g", "--prices", "a", "--prices", "b", "--prices", "c", "--seed",
            "18446744073709551615",
        ])
}

private let known =
    "known are --genesis, --prices, --orders, --seed, --html, --json, --blocks, --audit, --quote, "
    + "--without, --certificates"

@Test(arguments: [
    ("--price a", "unknown flag '--price'; \(known)"),
    ("-s 1", "unknown flag '-s'; \(known)"),
    ("a.csv", "'a.csv' belongs to no flag; price files follow --prices"),
    ("--seed 1 2", "'2' belongs to no flag; price files follow --prices"),
    ("--seed", "--seed needs a value: a whole number from 0 to 18446744073709551615"),
    ("--seed=", "--seed needs a value: a whole number from 0 to 18446744073709551615"),
    ("--html --json j", "--html needs a value: the name of a file"),
    ("--prices", "--prices needs a value: the name of a file"),
    ("--genesis=", "--genesis needs a value: the name of a file"),
    ("--seed 1 --seed 2", "--seed is given twice; it may be given once"),
    ("--html a --html=b", "--html is given twice; it may be given once"),
    ("--seed x", "--seed is 'x', not a whole number from 0 to 18446744073709551615"),
    ("--seed -1", "--seed is '-1', not a whole number from 0 to 18446744073709551615"),
    ("--seed +1", "--seed is '+1', not a whole number from 0 to 18446744073709551615"),
    ("--seed 1.5", "--seed is '1.5', not a whole number from 0 to 18446744073709551615"),
    (
        "--seed 18446744073709551616",
        "--seed is '18446744073709551616', not a whole number from 0 to 18446744073709551615"
    ),
    ("--prices a a", "--prices names 'a' twice"),
    ("--prices a --html a", "--html would overwrite the input 'a'"),
    ("--genesis g --json g", "--json would overwrite the input 'g'"),
    ("--html a --json a", "two outputs name the same file 'a'"),
    ("--quote usd", "--quote is 'usd', not a currency in capital letters, such as USD"),
    ("--quote USD --quote EUR", "--quote is given twice; it may be given once"),
])
func everyWrongCommandLineIsRefusedByName(text: String, message: String) {
    #expect(throws: UsageFault(message)) { try options(text) }
}

@Test func theCommandIsReplayOrHelp() throws {
    #expect(try LabCommand(arguments: ["--help"]) == .help)
    #expect(try LabCommand(arguments: ["replay", "--seed", "x", "-h"]) == .help)
    #expect(try LabCommand(arguments: ["help"]) == .help)
    #expect(
        throws: UsageFault(
            "no command given; "
                + "known are demo, replay, genesis, surface, margin, blindspots, attack, "
                + "deleveraging, stress, backtest, collusion")
    ) {
        try LabCommand(arguments: [])
    }
    #expect(
        throws: UsageFault(
            "unknown command 'run'; "
                + "known are demo, replay, genesis, surface, margin, blindspots, attack, "
                + "deleveraging, stress, backtest, collusion")
    ) {
        try LabCommand(arguments: ["run"])
    }
}

@Test func theHelpNamesEveryFlagAndExitCode() {
    for flag in ["--genesis", "--prices", "--seed", "--html", "--json", "--preset", "--help"] {
        #expect(LabCommand.helpText.contains("  \(flag)"))
    }
    for code in [Lab.Exit.usage, Lab.Exit.badInput, Lab.Exit.cannotWrite] {
        #expect(LabCommand.helpText.contains("\(code) "))
    }
    #expect(LabCommand.helpText.split(separator: "\n").allSatisfy { $0.count <= 100 })
}

@Test func ordersTakeThePlaceOfPrices() throws {
    let options = try options("--orders flow.csv --json out.json --seed 3")
    #expect(options.orders == "flow.csv" && options.json == "out.json")
    #expect(options.repeatingArguments == ["replay", "--orders", "flow.csv", "--seed", "3"])
}

@Test(
    arguments: [
        "--prices a.csv", "--genesis g.json", "--html p.html", "--audit", "--quote USD",
        "--without quorum",
    ])
func ordersExcludeWhatBelongsToPrices(other: String) {
    let flag = other.split(separator: " ")[0]
    #expect(throws: UsageFault("--orders and \(flag) exclude each other")) {
        try options("--orders flow.csv " + other)
    }
}

@Test func `defences are switched off by name, several at once or again`() throws {
    let options = try options("--without outlierCut quorum --quote USD --without sanity")
    #expect(options.without == [.outlierCut, .quorum, .sanity])
    #expect(options.quote == "USD")
    #expect(
        options.repeatingArguments == [
            "replay", "--quote", "USD", "--without", "outlierCut", "--without", "quorum",
            "--without", "sanity", "--seed", "1",
        ])
}

@Test func `a defence that nobody knows is refused with the names of all`() {
    #expect {
        try options("--without luck")
    } throws: { error in
        let message = (error as? UsageFault)?.message ?? ""
        return message.hasPrefix("--without is 'luck', not one of staleness, outlierCut, ")
    }
}
