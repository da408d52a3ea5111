/// The shipped scenarios: found by name, each with its numbers, as expected with every defence and
/// without those that the historic venue lacked.
@testable import Documents
import Canonical
import Foundation
import Testing

@testable import Simulation

private let folder: String? = AttackLibrary.folder(
    environment: [:], program: #filePath, workingFolder: "/")

private func shipped() throws -> [String] { AttackLibrary.files(in: try #require(folder)) }

private func scenario(_ path: String) throws -> AttackScenario {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return try AttackScenario.read(GenesisFile(path: path, bytes: [UInt8](bytes)))
}

@Test func `at least ten scenarios are shipped, each with a title, facts and bounds`() throws {
    let files = try shipped()
    #expect(files.count >= 10)
    for path in files {
        let scenario = try scenario(path)
        #expect(!scenario.without.isEmpty, "\(path)")
        #expect(scenario.facts.contains("One to one"), "\(path) does not say how it is scaled")
        for isDefended in [true, false] {
            #expect(
                scenario.expectations.contains { $0.isDefended == isDefended }, "\(path)")
        }
    }
}

@Test(arguments: (try? shipped()) ?? [])
func `a shipped scenario comes as it expects`(_ path: String) throws {
    let report = try AttackReport(try scenario(path))
    let isMet = report.isMet
    #expect(isMet, "\(report.text)\nreplay: rampart-lab attack \(path)")
}

@Test func `a folder is found by the variable, above the program, or above the working folder`()
    throws
{
    let folder = try #require(folder)
    let package = URL(fileURLWithPath: folder).deletingLastPathComponent().path
    #expect(
        AttackLibrary.folder(
            environment: ["RAMPART_SCENARIOS": folder], program: "/x", workingFolder: "/")
            == folder)
    #expect(
        AttackLibrary.folder(
            environment: ["RAMPART_SCENARIOS": folder + "/none"], program: #filePath,
            workingFolder: package) == nil)
    #expect(
        AttackLibrary.folder(
            environment: [:], program: "/usr/bin/x", workingFolder: package + "/Sources")
            == folder)
    #expect(
        AttackLibrary.folder(environment: [:], program: "/usr/bin/x", workingFolder: "/") == nil)
}

@Test func `a word is a path, or the name of a shipped scenario`() {
    #expect(AttackLibrary.path(of: "mango-2022", folder: "/s") == "/s/mango-2022.json")
    #expect(AttackLibrary.path(of: "mango.json", folder: "/s") == "mango.json")
    #expect(AttackLibrary.path(of: "./mango", folder: "/s") == "./mango")
    #expect(AttackLibrary.path(of: "mango-2022", folder: nil) == "mango-2022")
    #expect(AttackLibrary.name(ofFile: "/s/mango-2022.json") == "mango-2022")
}
