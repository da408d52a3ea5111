/// The command line of `blindspots`: what is taken, and every way to refuse it.
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> BlindSpotOptions {
    try BlindSpotOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func blindSpotsTakesAPresetANumberASeedAndAPage() throws {
    let taken = try options("--preset=span --portfolios 5 --seed 7 --html p.html")
    #expect(taken.preset == "span" && taken.portfolios == 5)
    #expect(taken.seed == 7 && taken.html == "p.html")
    let none = try options("")
    #expect(none.preset == nil && none.portfolios == 1_000 && none.seed == 1)
    #expect(try options("--portfolios 1000000").portfolios == 1_000_000)
    #expect(
        try LabCommand(arguments: ["blindspots", "--seed", "2"])
            == .blindSpots(options("--seed 2")))
}

@Test(arguments: [
    ("x", "unknown flag 'x'; known are --preset, --portfolios, --seed, --html"),
    ("--json a", "unknown flag '--json'; known are --preset, --portfolios, --seed, --html"),
    ("--seed 1 --seed 2", "--seed is given twice; it may be given once"),
    ("--html", "--html needs a value: the name of a file"),
    ("--html --seed", "--html needs a value: the name of a file"),
    ("--html=", "--html needs a value: the name of a file"),
    ("--portfolios 0", "--portfolios is '0', not a whole number from 1 to 1000000"),
    ("--portfolios 1000001", "--portfolios is '1000001', not a whole number from 1 to 1000000"),
    ("--portfolios x", "--portfolios is 'x', not a whole number from 1 to 1000000"),
    ("--seed -1", "--seed is '-1', not a whole number from 0 to 18446744073709551615"),
    (
        "--preset x",
        "--preset is 'x', not one of rampart, deribit, paradex, derive-pmrm-2, span"
    ),
])
func blindSpotsRefusesWithTheReason(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}
