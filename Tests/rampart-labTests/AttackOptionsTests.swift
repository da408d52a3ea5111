/// The command line of `attack`: what is taken, every way to refuse it, and the exit codes.
import Canonical
import Foundation
import TestKit
import Testing

@testable import rampart_lab

private func options(_ text: String) throws(UsageFault) -> AttackOptions {
    try AttackOptions(arguments: text.split(separator: " ").map(String.init))
}

@Test func `attack takes a scenario, defences and outputs`() throws {
    let taken = try options("mango-2022 --html p.html --json=j.json")
    #expect(taken.task == .run("mango-2022") && taken.without == nil)
    #expect(taken.html == "p.html" && taken.json == "j.json")
    let own = try options("--without indexClamp sanity s.json")
    #expect(own.task == .run("s.json"))
    #expect(own.without == DefenceSet([.indexClamp, .sanity]))
    #expect(try options("--list").task == .list)
    #expect(try options("--all").task == .all)
    #expect(
        try LabCommand(arguments: ["attack", "--list"]) == .attack(options("--list")))
}

@Test(arguments: [
    ("", "attack needs one scenario file or name, or --list, or --all, not 0"),
    ("a b", "attack needs one scenario file or name, or --list, or --all, not 2"),
    ("a --list", "attack needs one scenario file or name, or --list, or --all, not 2"),
    ("--seed 1", "unknown flag '--seed'; known are --list, --all, --without, --html, --json"),
    ("--list --list", "--list is given twice; it may be given once"),
    ("--all=1", "--all takes no value"),
    ("--all --html p", "--all and --html exclude each other"),
    ("a --html", "--html needs a value: the name of a file"),
    ("a --html=", "--html needs a value: the name of a file"),
    ("a --html a", "--html would overwrite the input 'a'"),
    ("a --html b --json b", "two outputs name the same file 'b'"),
])
func `attack refuses with the reason`(_ text: String, _ reason: String) {
    #expect(throws: UsageFault(reason)) { try options(text) }
}

@Test func `an unknown defence is refused with the names of all`() throws {
    do throws(UsageFault) {
        _ = try options("a --without clamp")
        Issue.record("taken")
    } catch {
        #expect(error.message.hasPrefix("--without is 'clamp', not one or more of staleness, "))
    }
}

private let scenario = """
    {
      "title": "Quiet", "facts": "Nothing.", "start": "2026-01-15T12:00:00Z", "seconds": 10,
      "blockSeconds": 2, "markets": [
        { "instrument": "BTC-PERP", "underlying": "BTC", "parameters": "bitcoin", "price": 50000 }
      ],
      "sources": [{ "name": "a" }, { "name": "b" }, { "name": "c" }, { "name": "d" }, { "name": \
    "e" }],
      "prices": { "BTC": { "*": [[0, 50000]] } },
      "accounts": [{ "name": "trader", "cash": 100 }],
      "without": ["indexClamp"],
      "expect": {
        "with": [{ "profit": "trader", "most": 0 }], "without": [{ "profit": "trader", "most": 0 }]
      }
    }
    """

@Test func `a scenario ends with zero, a false expectation with one, a malformed file with 65`()
    throws
{
    let folder = NSTemporaryDirectory() + "rampart-lab-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func run(_ text: String, _ more: [String] = []) throws -> Int32 {
        let path = folder + "/s.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return Lab.run(arguments: ["attack", path] + more)
    }
    let outputs = [folder + "/p.html", folder + "/r.json"]
    #expect(try run(scenario, ["--html", outputs[0], "--json", outputs[1]]) == 0)
    #expect(try #require(PackageFiles.text(of: outputs[0])).contains("Everything as expected"))
    let json = try JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(fileURLWithPath: outputs[1])))
    #expect((json as? [String: Any])?["isMet"] as? Bool == true)
    let wrong = scenario.replacingOccurrences(
        of: "\"with\": [{ \"profit\": \"trader\", \"most\": 0",
        with: "\"with\": [{ \"profit\": \"trader\", \"most\": -1")
    #expect(try run(wrong) == 1)
    #expect(try run("{}") == 65)
    #expect(try run(scenario, ["--html", folder + "/none/p.html"]) == 74)
    #expect(Lab.run(arguments: ["attack", folder + "/none.json"]) == 65)
    #expect(Lab.run(arguments: ["attack"]) == 2)
}
