/// The command line of `surface`: what is taken, and every way to refuse it.
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> SurfaceOptions {
    try SurfaceOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func surfaceTakesFilesAPageAndASeed() throws {
    let taken = try options("a.gz --html p.html b.gz --seed 7")
    #expect(taken.files == ["a.gz", "b.gz"] && taken.html == "p.html" && taken.seed == 7)
    #expect(try options("a").seed == 1)
    #expect(try LabCommand(arguments: ["surface", "a"]) == .surface(options("a")))
}

@Test(arguments: [
    ("", "surface needs at least one file"),
    ("--seed 1", "surface needs at least one file"),
    ("a --json b", "unknown flag '--json'; known are --html, --seed"),
    ("a a", "'a' is given twice"),
    ("a --seed 1 --seed 2", "--seed is given twice; it may be given once"),
    ("a --seed", "--seed needs a value"),
    ("a --html --seed 1", "--html needs a value"),
    ("a --seed x", "--seed is 'x', not a whole number"),
    ("a --seed -1", "--seed is '-1', not a whole number"),
    ("a --html a", "--html would overwrite the input 'a'"),
])
func surfaceRefusesWithTheReason(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}
