/// The command line of `margin`: what is taken, and every way to refuse it.
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> MarginOptions {
    try MarginOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func aPortfolioAloneIsMarginedByRampartsRules() throws {
    let options = try options("p.json")
    #expect(options.portfolio == "p.json" && options.preset == "rampart")
    #expect(options.html == nil && options.json == nil)
}

@Test func optionsOfMarginAreTakenInAnyOrderAndForm() throws {
    let options = try options("--html=p.html p.json --preset rampart --json j")
    #expect(options.portfolio == "p.json" && options.preset == "rampart")
    #expect(options.html == "p.html" && options.json == "j")
    #expect(
        try LabCommand(arguments: ["margin", "p.json", "--json", "j", "--html", "p.html"])
            == .margin(options))
}

private let names = MarginOptions.presets.joined(separator: ", ")

@Test(arguments: [
    ("", "margin needs one portfolio file, not 0"),
    ("a b", "margin needs one portfolio file, not 2"),
    ("p --seed 1", "unknown flag '--seed'; known are --preset, --html, --json"),
    ("p --html", "--html needs a value: the name of a file"),
    ("p --html --json j", "--html needs a value: the name of a file"),
    ("p --preset=", "--preset needs a value: one of \(names)"),
    ("p --preset cme", "--preset is 'cme', not one of \(names)"),
    ("p --json a --json b", "--json is given twice; it may be given once"),
    ("p --html p", "--html would overwrite the input 'p'"),
    ("p --html a --json a", "two outputs name the same file 'a'"),
])
func everyWrongCommandLineOfMarginIsRefusedByName(text: String, message: String) {
    #expect(throws: UsageFault(message)) { try options(text) }
}
