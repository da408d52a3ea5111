/// `docs/reference/genesis.md` is what the template and the reader of genesis files say: every
/// field with its place and meaning, what the template has, and between which values the reader
/// takes it with everything else as it stands there, which is found by trying.
/// `RAMPART_WRITE_REFERENCE=1` writes the page anew.

import Foundation
import TestKit
import Testing

@testable import Documents

@Suite struct GenesisReferenceTests {
    private static let path = PackageFiles.root + "/docs/reference/genesis.md"

    @Test func `the reference of genesis files is that of the code`() throws {
        let text = try GenesisReference().page
        if ProcessInfo.processInfo.environment["RAMPART_WRITE_REFERENCE"] != nil {
            try text.write(
                toFile: GenesisReferenceTests.path, atomically: true, encoding: .utf8)
        }
        let kept = try #require(PackageFiles.text(of: GenesisReferenceTests.path))
        let isSame = kept == text
        #expect(isSame, "docs/reference/genesis.md is not what the code makes: write it anew")
    }

    @Test func `the reference names every field that the reader knows`() throws {
        let page = try #require(PackageFiles.text(of: GenesisReferenceTests.path))
        let folder = PackageFiles.root + "/Sources/Documents/Genesis"
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let text = try #require(PackageFiles.text(of: folder + "/" + file))
            for list in text.matches(of: /known: \[([^\]]*)\]/) {
                for name in list.1.matches(of: /"(\w+)"/) {
                    count += 1
                    let isNamed = page.contains("`\(name.1)`") || page.contains(".\(name.1)`")
                    #expect(isNamed, "\(file) knows '\(name.1)', the page does not")
                }
            }
        }
        #expect(count > 100)
    }
}
