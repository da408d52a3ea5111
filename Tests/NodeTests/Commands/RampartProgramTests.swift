/// The program as a whole: what it knows, and what it says where it does not.
import Testing

@testable import Node

@Test func withoutACommandTheProgramSaysWhatToBeginWith() throws {
    expectRefusal(try CommandBench().run(), ExitCode.usage, "rampart init FOLDER", "rampart help")
}

@Test(
    arguments: [
        (["inot"], "did you mean 'init'?"), (["nod"], "did you mean 'node'?"),
        (["vresion"], "did you mean 'version'?"), (["zzzzzz"], "known are init, doctor, node"),
        (["keys"], "needs one of new, show"), (["keys", "shwo"], "did you mean 'show'?"),
        (["verify", "chian"], "did you mean 'chain'?"),
        (["credentials", "x"], "known are new, list, revoke"),
    ])
func anUnknownCommandIsNamedWithTheNearest(_ words: [String], _ hint: String) throws {
    expectRefusal(try CommandBench().run(words), ExitCode.usage, words[0], hint)
}

@Test(
    arguments: [
        (["init"], "init needs FOLDER"), (["init", "a", "b"], "'b' is one word too many"),
        (["init", "a", "--nmae", "b"], "no flag '--nmae'; did you mean '--name'?"),
        (["init", "a", "--name", "b", "--name", "c"], "--name is given twice"),
        (["init", "a", "--name"], "--name needs a value"),
        (["init", "a", "--name", "--force"], "--name needs a value"),
        (["init", "a", "--name="], "--name needs a value"),
        (["init", "a", "--force=yes"], "--force takes no value"),
        (["init", "a", "--publishers", "+1"], "--publishers is '+1'"),
        (["init", "a", "--publishers", "0"], "from 1 to 16"),
        (["init", "a", "--publishers", "17"], "from 1 to 16"),
        (["node", "--api.lisen", "x"], "did you mean '--api.listen'?"),
        (["node", "extra"], "one word too many"),
    ])
func wrongUsageSaysWhatIsWrong(_ words: [String], _ message: String) throws {
    expectRefusal(
        try CommandBench().run(words), ExitCode.usage, message, "See: rampart help \(words[0])")
}

@Test func everyCommandHasItsHelp() throws {
    let bench = try CommandBench()
    let overview = bench.run("help")
    #expect(overview.exit == ExitCode.done)
    for shape in RampartProgram.shapes {
        #expect(overview.output.contains("  \(shape.name) "))
        let words = shape.name.split(separator: " ").map(String.init)
        let help = bench.run(["help"] + words)
        #expect(help.exit == ExitCode.done)
        #expect(help.output.contains("Usage: rampart \(shape.name)"))
        for flag in shape.flags { #expect(help.output.contains(flag.name)) }
        if !shape.takesSettings {
            #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        }
        #expect(bench.run(words + ["--help"]).output == help.output)
    }
    expectRefusal(bench.run("help", "nod"), ExitCode.usage, "did you mean 'node'?")
    #expect(bench.run("help", "keys").output.contains("keys show"))
}

@Test func theHelpOfANodeHasEverySetting() throws {
    let help = try CommandBench().run("help", "node").output
    for setting in Setting.allCases { #expect(help.contains("--\(setting.rawValue)")) }
}

@Test func theVersionIsALine() throws {
    let run = try CommandBench().run("--version")
    #expect(run.exit == ExitCode.done)
    #expect(run.output == "rampart \(RampartProgram.version)\n")
}

@Test(
    arguments: [
        ("node", "node", 0), ("nod", "node", 1), ("ndoe", "node", 1), ("", "node", 4),
        ("kitten", "sitting", 3), ("ab", "ba", 1), ("abc", "", 3),
    ])
func slipsAreCounted(_ left: String, _ right: String, _ slips: Int) {
    #expect(NearestWord.slips(Array(left.utf8), Array(right.utf8)) == slips)
    #expect(NearestWord.slips(Array(right.utf8), Array(left.utf8)) == slips)
}

@Test func whatIsFarFromEverythingHasNoNearest() {
    #expect(NearestWord.among(["init", "node"], to: "transmogrify") == nil)
    #expect(NearestWord.among(["init", "node"], to: "") == nil)
    #expect(NearestWord.among(["credentials"], to: "cred") == "credentials")
}
