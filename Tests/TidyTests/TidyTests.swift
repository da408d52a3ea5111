/// The rules of the house, run over this tree.
import TestKit
import Testing

/// The Swift files below a folder of the package.
private func swiftFiles(_ folder: String) -> [SourceFile] {
    PackageFiles.files(below: PackageFiles.root + "/" + folder)
        .filter { $0.hasSuffix(".swift") }
        .compactMap { name in
            let path = folder + "/" + name
            return text(path).map { SourceFile(path: path, text: $0) }
        }
}

private func text(_ path: String) -> String? {
    PackageFiles.text(of: PackageFiles.root + "/" + path)
}

private func table() throws -> FloorTable {
    FloorTable(package: try #require(text("Package.swift")))
}

@Test func theTreeIsWhereTheTestsLookForIt() throws {
    #expect(swiftFiles("Sources").count > 20)
    #expect(swiftFiles("Tests").count > 10)
    #expect(try table().rooms.contains { $0.name == "Canonical" && $0.floor == 1 })
}

@Test func importsGoStrictlyDownAndAreDeclared() throws {
    let table = try table()
    #expect(table.faults() == [])
    #expect(swiftFiles("Sources").flatMap(table.faults(of:)) == [])
}

@Test func everyFolderOfSourcesIsARoomAShimOrForTests() throws {
    let table = try table()
    let known = table.rooms.map(\.name) + table.shims + ["TestKit", "CatalogueKit"]
    for file in swiftFiles("Sources") {
        #expect(known.contains(file.room ?? ""), "\(file.path) belongs to no room")
    }
}

@Test func deterministicRoomsHoldNothingThatDiffersBetweenRuns() throws {
    let table = try table()
    let files = swiftFiles("Sources").filter { table.isDeterministic($0.room ?? "") }
    #expect(!files.isEmpty)
    #expect(files.flatMap(TextRules.undeterminedThings(in:)) == [])
}

@Test func noSourceHidesAnError() {
    #expect(swiftFiles("Sources").flatMap(TextRules.carelessThings(in:)) == [])
}

@Test func filesFunctionsAndLinesAreShort() {
    let files = swiftFiles("Sources") + swiftFiles("Tests")
    #expect(files.flatMap(TextRules.overlongFile) == [])
    #expect(files.flatMap(TextRules.overlongFunctions(in:)) == [])
    #expect(files.flatMap(TextRules.overlongLines(in:)) == [])
    for file in files where TextRules.lineCount(file) > TextRules.wantedLines {
        print("\(file.path): \(TextRules.lineCount(file)) lines, wanted are 250 or fewer")
    }
}

@Test func everySourceOpensWithAParagraph() throws {
    let package = SourceFile(path: "Package.swift", text: try #require(text("Package.swift")))
    #expect((swiftFiles("Sources") + [package]).flatMap(TextRules.missingOpening) == [])
}

@Test func nothingIsLeftForLater() {
    let files = swiftFiles("Sources") + swiftFiles("Tests")
    #expect(files.flatMap(TextRules.leftovers(in:)) == [])
}

@Test func refusalNumbersAreNeverReused() {
    #expect(HouseRules.repeatedRefusals(swiftFiles("Sources")) == [])
}

@Test func everyRefusalIsTheAnswerOfATest() throws {
    let refusals = SourceFile(
        path: "Refusal.swift", text: try #require(text("Sources/Ledger/Refusal.swift")))
    #expect(HouseRules.untestedRefusals(refusals, tests: swiftFiles("Tests/LedgerTests")) == [])
}

@Test func thePageOfAttacksNamesTestsAndDefencesThatExist() throws {
    let defences = SourceFile(
        path: "Defence.swift", text: try #require(text("Sources/Canonical/Defence.swift")))
    let faults = HouseRules.untrueAttacks(
        page: try #require(text("docs/attacks.md")), defences: defences,
        tests: swiftFiles("Tests"))
    #expect(faults == [])
}

@Test func everyRoomHasAReadmeOfAPage() throws {
    let rooms = try table().rooms.map(\.name) + ["TestKit", "CatalogueKit"]
    #expect(HouseRules.readmeFaults(rooms, text: text) == [])
}

@Test func everyMakeTargetSaysWhatItDoes() throws {
    #expect(HouseRules.silentTargets(makefile: try #require(text("Makefile"))) == [])
}
