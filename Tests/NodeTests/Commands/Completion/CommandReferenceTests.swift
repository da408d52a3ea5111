/// The reference of commands in the repository is the one that the program makes. After a change of
/// a command it is written anew by the same test: `RAMPART_WRITE_REFERENCE=1`.
import Foundation
import TestKit
import Testing

@testable import Node

@Test func theReferenceOfCommandsIsThatOfTheProgram() throws {
    let path = PackageFiles.root + "/docs/cli.md"
    let text = try CommandBench().run("help", "--markdown").output
    if ProcessInfo.processInfo.environment["RAMPART_WRITE_REFERENCE"] != nil {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let kept = try #require(PackageFiles.text(of: path))
    let isSame = kept == text
    #expect(isSame, "docs/cli.md is not what the program makes: write it anew")
}

@Test func theReferenceHasEveryCommandFlagAndSetting() throws {
    let text = try CommandBench().run("help", "--markdown").output
    for shape in RampartProgram.shapes {
        #expect(text.contains("\n## rampart \(shape.name)\n"))
        for flag in shape.flags { #expect(text.contains("| `\(flag.name)")) }
    }
    for setting in Setting.allCases { #expect(text.contains("| `\(setting.rawValue)` |")) }
}
