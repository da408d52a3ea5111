/// The command line of `backtest`: what is taken, and every way to refuse it.
import FixedPoint
import Simulation
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> BackTestOptions {
    try BackTestOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func backTestTakesFilesAssetsASeedAPageAndJSON() throws {
    let taken = try options("a.csv --asset BTC,1INCH b.csv --asset=ETH --seed 7 --html p --json j")
    #expect(taken.files == ["a.csv", "b.csv"] && taken.assets == ["BTC", "1INCH", "ETH"])
    #expect(taken.seed == 7 && taken.html == "p" && taken.json == "j")
    let least = try options("a.csv")
    #expect(least.assets.isEmpty && least.seed == 1)
    #expect(least.html == nil && least.json == nil)
    #expect(least.tuning == .none)
    let tuned = try options("a.csv --memory 0.94 --window=500").tuning
    #expect(tuned == BackTestTuning(memory: Ratio(basisPoints: 9_400), window: 500))
    #expect(
        try LabCommand(arguments: ["backtest", "a.csv", "--seed", "2"])
            == .backTest(options("a.csv --seed 2")))
}

@Test(arguments: [
    ("", "backtest needs at least one price file"),
    ("--seed 1", "backtest needs at least one price file"),
    ("a a", "'a' is given twice"),
    ("a --x", "unknown flag '--x'; known are --asset, --memory, --window, --seed, --html, --json"),
    ("a --seed 1 --seed 2", "--seed is given twice; it may be given once"),
    ("a --html", "--html needs a value: the name of a file"),
    ("a --json --seed", "--json needs a value: the name of a file"),
    ("a --json=", "--json needs a value: the name of a file"),
    ("a --seed -1", "--seed is '-1', not a whole number from 0 to 18446744073709551615"),
    ("a --seed x", "--seed is 'x', not a whole number from 0 to 18446744073709551615"),
    (
        "a --asset btc",
        "--asset is 'btc', not an asset in capital letters, such as BTC, or several with commas"
    ),
    (
        "a --asset BTC,",
        "--asset is 'BTC,', not an asset in capital letters, such as BTC, or several with commas"
    ),
    ("a --memory 1", "--memory is '1', not a decimal from 0.5 to below 1"),
    ("a --memory 0.49", "--memory is '0.49', not a decimal from 0.5 to below 1"),
    ("a --memory x", "--memory is 'x', not a decimal from 0.5 to below 1"),
    ("a --window 400", "--window is '400', not a number of hundreds from 500 to 2000"),
    ("a --window 2100", "--window is '2100', not a number of hundreds from 500 to 2000"),
    ("a --window 550", "--window is '550', not a number of hundreds from 500 to 2000"),
    ("a --window 99999", "--window is '99999', not a number of hundreds from 500 to 2000"),
    ("a --html a", "--html would overwrite the input 'a'"),
    ("a --json a", "--json would overwrite the input 'a'"),
    ("a --html p --json p", "two outputs name the same file 'p'"),
])
func backTestRefusesWithTheReason(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}
