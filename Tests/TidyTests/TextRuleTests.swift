/// Every rule must be able to fail: a text that breaks it, and its nearest neighbour that does not.
import Testing

private func file(_ text: String, _ path: String = "Sources/Canonical/A.swift") -> SourceFile {
    SourceFile(path: path, text: text)
}

private let package = """
    let floors = [
        Room(name: "Canonical", floor: 1, imports: []),
        Room(name: "Oracle", floor: 3, imports: ["Canonical"]),
        Room(
            name: "Markets", floor: 3,
            imports: ["Canonical"]),
        Room(name: "Custody", floor: 4, imports: ["Canonical", "CSodium"]),
        Room(name: "rampart-lab", floor: 8, imports: ["Oracle"]),
    ]
    let shims = [Shim(name: "CSodium", pkgConfig: "libsodium", debian: "libsodium-dev")]
    """

@Test func theFloorTableIsReadWithLinesBrokenAnywhere() {
    let table = FloorTable(package: package)
    #expect(
        table.rooms.map(\.name) == ["Canonical", "Oracle", "Markets", "Custody", "rampart-lab"])
    #expect(table.room("Markets")?.imports == ["Canonical"])
    #expect(table.shims == ["CSodium"])
    #expect(table.faults() == [])
    #expect(table.isDeterministic("Oracle") && !table.isDeterministic("Custody"))
    #expect(!table.isDeterministic("rampart-lab"))
}

@Test(arguments: [
    (#"Room(name: "A", floor: 2, imports: ["B"]), Room(name: "B", floor: 2, imports: [])"#, 1),
    (#"Room(name: "A", floor: 2, imports: ["B"]), Room(name: "B", floor: 1, imports: [])"#, 0),
    (#"Room(name: "A", floor: 7, imports: ["Nothing"])"#, 1),
    (#"Room(name: "A", floor: 2, imports: ["C"]), Shim(name: "C", pkgConfig: "c")"#, 1),
    (#"Room(name: "A", floor: 7, imports: ["C"]), Shim(name: "C", pkgConfig: "c")"#, 0),
])
func aTableWhoseImportsDoNotGoDownIsFaulty(package: String, count: Int) {
    #expect(FloorTable(package: package).faults().count == count)
}

@Test(arguments: [
    ("import Canonical", "Sources/Oracle/A.swift", 0),
    ("public import Canonical", "Sources/Oracle/A.swift", 0),
    ("@testable import struct Canonical.Digest", "Sources/Oracle/A.swift", 0),
    ("import Markets", "Sources/Oracle/A.swift", 1),
    ("import Oracle", "Sources/Canonical/A.swift", 1),
    ("package import Oracle", "Sources/Canonical/A.swift", 1),
    ("import Foundation", "Sources/Oracle/A.swift", 1),
    ("import Foundation", "Sources/Custody/A.swift", 0),
    ("import CSodium", "Sources/Custody/A.swift", 0),
    ("import CSodium", "Sources/rampart-lab/A.swift", 1),
    ("import Canonical", "Sources/rampart-lab/A.swift", 1),
    ("// import Foundation", "Sources/Oracle/A.swift", 0),
    ("import Foundation", "Tests/OracleTests/A.swift", 0),
])
func anImportThatIsNotAllowedIsFound(text: String, path: String, count: Int) {
    #expect(FloorTable(package: package).faults(of: file(text, path)).count == count)
}

@Test(arguments: [
    "let a: Dictionary<Int, Int>", "let a: Set<Int>", "let a = Set([1])", "let a: [Key: Value]",
    "let a: [Int : [Int]]", "var a = [:]", "let a: Double", "let a = Float(1)", "let a: Float32",
    "let a = Date()", "let a = UUID()", "Task { }", "func a() async {", "await b()",
    "actor Store {", "let a: any Error", "print(1)", "var a: Hasher", "func a() throws {",
    "func a() throws -> Int {", "struct A: @unchecked Sendable", "Int.random(in: 0...1)",
    "let clock = ContinuousClock()",
])
func whatDiffersBetweenRunsIsFound(text: String) {
    #expect(TextRules.undeterminedThings(in: file(text)).count >= 1)
}

@Test(arguments: [
    "let updated: Dated", "// a Dictionary in prose", "let a = \"Double\"", "func a() throws(E) {",
    "func offset(by a: Int) -> Settings", "let a: [Int]", "case a: [b]", "x ? [A(1)] : [B(2)]",
    "let company = 1", "sprint(1)", "let a = \"\"\"\n  Date\n  \"\"\"", "/* async /* x */ Task */",
    "let a = #\"say \"Task\" \"#", "TaskQueue()",
])
func whatOnlyLooksLikeItIsNot(text: String) {
    #expect(TextRules.undeterminedThings(in: file(text)) == [])
}

@Test(arguments: ["try! a()", "b as! Int", "fatalError(\"no\")", "a!.b", "list[0]! + 1", "f()!"])
func whatHidesAnErrorIsFound(text: String) {
    #expect(TextRules.carelessThings(in: file(text)).count >= 1)
}

@Test(arguments: ["a != b", "!a", "if !(a) {", "// really!", "\"now!\"", "a ? !b : c"])
func anExclamationMarkElsewhereIsFine(text: String) {
    #expect(TextRules.carelessThings(in: file(text)) == [])
}

@Test func filesAreMeasuredToTheLine() {
    let line = "let a = 1\n"
    #expect(TextRules.overlongFile(file(String(repeating: line, count: 500))) == [])
    #expect(TextRules.overlongFile(file(String(repeating: line, count: 501))).count == 1)
}

@Test func linesAreMeasuredToTheColumn() {
    #expect(TextRules.overlongLines(in: file(String(repeating: "é", count: 100))) == [])
    #expect(TextRules.overlongLines(in: file(String(repeating: "é", count: 101))).count == 1)
}

@Test(arguments: ["func a() {", "init(a: Int) {", "init?(b: Int) {", "subscript(a: Int) -> Int {"])
func functionsAreMeasuredToTheLine(head: String) {
    func text(_ count: Int) -> String {
        let body = String(repeating: "    if a { b(\"}\") } // }\n", count: count - 2)
        return "protocol P {\n    func c()\n}\n\n\(head)\n\(body)}\n"
    }
    #expect(TextRules.overlongFunctions(in: file(text(60))) == [])
    #expect(TextRules.overlongFunctions(in: file(text(61))).count == 1)
}

@Test func aFileWithoutAnOpeningParagraphIsFound() {
    #expect(TextRules.missingOpening(of: file("import Canonical\n")).count == 1)
    #expect(TextRules.missingOpening(of: file("// Short\nlet a = 1\n")).count == 1)
    #expect(TextRules.missingOpening(of: file("/// What it is, and why it exists.\n")) == [])
    let tools = "// swift-tools-version: 6.2\n"
    #expect(TextRules.missingOpening(of: file(tools + "import P\n")).count == 1)
}

@Test func whatIsLeftForLaterIsFound() {
    #expect(TextRules.leftovers(in: file("let a = 1 // TO" + "DO: more")).count == 1)
    #expect(TextRules.leftovers(in: file("let a = 1 // FIX" + "ME")).count == 1)
    #expect(TextRules.leftovers(in: file("let a = 1 // done")) == [])
}

@Test func aRefusalNumberUsedTwiceIsFound() {
    let first = file("    case late = 1_001\n    case early = 1002\n", "Sources/A/ARefusal.swift")
    let second = file("    case other = 1001\n", "Sources/B/BRefusal.swift")
    let elsewhere = file("    case other = 1001\n", "Sources/B/State.swift")
    #expect(HouseRules.repeatedRefusals([first, elsewhere]) == [])
    #expect(HouseRules.repeatedRefusals([first, second]).count == 1)
}

@Test func aMissingOrOverlongReadmeIsFound() {
    #expect(HouseRules.readmeFaults(["A"]) { _ in nil } == ["Sources/A/README.md is missing"])
    let lines = String(repeating: "text\n", count: 79)
    #expect(HouseRules.readmeFaults(["A"]) { _ in lines } == [])
    #expect(HouseRules.readmeFaults(["A"]) { _ in lines + "more\n" }.count == 1)
}

@Test func aMakeTargetWithoutHelpIsFound() {
    let good = "FLAGS := -c\n.PHONY: run\nrun: setup ## build and run (a minute)\n\techo a: b\n"
    #expect(HouseRules.silentTargets(makefile: good) == [])
    #expect(HouseRules.silentTargets(makefile: good + "test: setup\n").count == 1)
    #expect(HouseRules.silentTargets(makefile: good + "test: ##\n").count == 1)
}

@Test func aRefusalThatNoTestExpectsIsFound() {
    let refusals = SourceFile(
        path: "Refusal.swift", text: "enum R {\n    case old = 1\n    case new = 2\n}\n")
    let test = SourceFile(path: "T.swift", text: "// .new\n#expect(answer == .old)\n")
    #expect(HouseRules.untestedRefusals(refusals, tests: [test]) == ["no test expects new"])
}

@Test(arguments: [
    ("| 18 | a | b | `one` | `SomeTests`: `it is stopped` |", 0),
    ("| 18 | a | b | `one` | `SomeTests`: `it is not stopped` |", 1),
    ("| 18 | a | b | `one` | `OtherTests`: `it is stopped` |", 1),
    ("| 18 | a | b | one | `SomeTests`: `it is stopped` |", 1),
    ("| 17 | a | b | `one` | `SomeTests`: `it is stopped` |", 1),
])
func aPageOfAttacksThatIsNotTrueIsFound(last: String, count: Int) {
    let rows = (1...17).map { "| \($0) | a | b | c | waits |" } + [last]
    let defences = SourceFile(path: "Defence.swift", text: "enum D {\n    case one = 0\n}\n")
    let test = SourceFile(
        path: "Tests/RTests/SomeTests.swift", text: "@Test func `it is stopped`() {}\n")
    let faults = HouseRules.untrueAttacks(
        page: rows.joined(separator: "\n"), defences: defences, tests: [test])
    #expect(faults.count == count, "\(faults)")
}
