/// The command line of `collusion`: what is taken, and every way to refuse it.
import Simulation
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> CollusionOptions {
    try CollusionOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func collusionTakesNumbersAFlagAndAFile() throws {
    let taken = try options("--starts 3 --steps=4 --seed 5 --ablate --save worst.json")
    #expect(taken.starts == 3 && taken.steps == 4 && taken.seed == 5)
    #expect(taken.isAblating && taken.save == "worst.json")
    let usual = try options("")
    #expect(usual.starts == CollusionReport.standardStarts && usual.save == nil)
    #expect(usual.steps == CollusionSearch.standardSteps && !usual.isAblating)
    #expect(try options("--starts 1000000 --seed 18446744073709551615").starts == 1_000_000)
    #expect(
        try LabCommand(arguments: ["collusion", "--ablate"]) == .collusion(options("--ablate")))
}

@Test(arguments: [
    ("x", "unknown flag 'x'; known are --starts, --steps, --seed, --ablate, --save"),
    ("--seed 1 --seed 2", "--seed is given twice; it may be given once"),
    ("--ablate=1", "--ablate takes no value"),
    ("--save", "--save needs a value: the name of a file"),
    ("--starts", "--starts needs a value: a whole number from 1 to 1000000"),
    ("--starts 0", "--starts is '0', not a whole number from 1 to 1000000"),
    ("--steps 1000001", "--steps is '1000001', not a whole number from 1 to 1000000"),
    ("--steps 1.5", "--steps is '1.5', not a whole number from 1 to 1000000"),
    ("--seed x", "--seed is 'x', not a whole number from 0 to 18446744073709551615"),
])
func collusionRefusesWithTheReason(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}
