/// The command line of `deleveraging`: what is taken, and every way to refuse it.
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> DeleveragingOptions {
    try DeleveragingOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func deleveragingTakesTwoFilesShortfallsAndOutputs() throws {
    let taken = try options(
        "--users u.csv --coins=c.csv --shortfall 5 --shortfall 1000000000 --html p --json j")
    #expect(taken.users == "u.csv" && taken.coins == "c.csv")
    #expect(taken.shortfalls == [5, 1_000_000_000])
    #expect(taken.html == "p" && taken.json == "j")
    #expect(try options("--users u --coins c").shortfalls.isEmpty)
    #expect(
        try LabCommand(arguments: ["deleveraging", "--users", "u", "--coins", "c"])
            == .deleveraging(options("--users u --coins c")))
}

@Test(arguments: [
    ("x", "unknown flag 'x'; known are --users, --coins, --shortfall, --html, --json"),
    ("--users u --users v", "--users is given twice; it may be given once"),
    ("--users", "--users needs a value: the name of a file"),
    ("--shortfall", "--shortfall needs a value: whole dollars from 1 to 1000000000"),
    ("--shortfall 0", "--shortfall is '0', not whole dollars from 1 to 1000000000"),
    (
        "--shortfall 1000000001",
        "--shortfall is '1000000001', not whole dollars from 1 to 1000000000"
    ),
    ("--shortfall 1.5", "--shortfall is '1.5', not whole dollars from 1 to 1000000000"),
    ("--coins c", "deleveraging needs --users FILE"),
    ("--users u", "deleveraging needs --coins FILE"),
])
func deleveragingRefusesWithTheReason(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}
