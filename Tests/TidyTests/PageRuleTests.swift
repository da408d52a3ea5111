/// The pages of the project under their rules, and each rule where it must fail.
import TestKit
import Testing

private func page(_ text: String, _ path: String = "docs/here.md") -> Page {
    Page(path: path, text: text)
}

private func faults(_ text: String) -> [String] {
    let other = page("# One thing\n\n## `two` & three\n\n## One thing\n", "docs/deep/other.md")
    let here = page(text + "\n# Own\n")
    return PageRules.brokenLinks(
        of: here, pages: ["docs/deep/other.md": other, "docs/here.md": here]
    ) { ["docs/deep/other.md", "docs/here.md", "README.md", "docs/deep"].contains($0) }
}

@Suite struct PageRuleTests {
    @Test(arguments: [
        "[a](deep/other.md)", "[a](./deep/other.md#one-thing)", "[a](deep/other.md#one-thing-1)",
        "[a](deep/other.md#two--three)", "[a](../README.md)", "[a](#own)", "[a](deep)",
        "[a](https://example.org/none)", "`[a](none.md)`", "```\n[a](none.md)\n```",
        "![a](deep/other.md) and [b](#own)",
    ])
    func `a link that leads somewhere is fine`(text: String) {
        #expect(faults(text) == [])
    }

    @Test(arguments: [
        "[a](none.md)", "[a](deep/none.md)", "[a](deep/other.md#four)", "[a](#others)",
        "[a](../../README.md)", "[a](deep/other.md#one-thing-2)", "[a](../README.md#title)",
        "![a](none.svg)", "`x` [a](none.md)",
    ])
    func `a link that leads nowhere is found`(text: String) {
        #expect(faults(text).count == 1)
    }

    @Test func `a page that code mentions must be there`() {
        let file = SourceFile(path: "A.swift", text: "/// As docs/one.md says, not docs/two.md.\n")
        #expect(PageRules.untrueMentions(in: file) { _ in true } == [])
        #expect(PageRules.untrueMentions(in: file) { $0 == "docs/one.md" }.count == 1)
    }

    private func pages() -> [String: Page] {
        let folders = ["docs", "Sources", "Tests", "Benchmarks", "Formal", "Fuzz", "Web"]
        let below = folders.flatMap { folder in
            PackageFiles.files(below: PackageFiles.root + "/" + folder).map { folder + "/" + $0 }
        }
        let top = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"]
        var pages: [String: Page] = [:]
        for path in below + top where path.hasSuffix(".md") {
            if let text = PackageFiles.text(of: PackageFiles.root + "/" + path) {
                pages[path] = Page(path: path, text: text)
            }
        }
        return pages
    }

    private func exists(_ path: String) -> Bool {
        PackageFiles.exists(PackageFiles.root + "/" + path)
    }

    @Test func `every link of every page leads somewhere`() {
        let pages = pages()
        #expect(pages.count > 60)
        for path in pages.keys.sorted() {
            let faults = pages[path].map {
                PageRules.brokenLinks(of: $0, pages: pages, exists: exists)
            }
            #expect(faults == [])
        }
    }

    @Test func `every page that the code mentions is there`() {
        for folder in ["Sources", "Tests", "Scenarios", "scripts", "Benchmarks"] {
            for name in PackageFiles.files(below: PackageFiles.root + "/" + folder) {
                let path = folder + "/" + name
                guard !name.hasSuffix("PageRuleTests.swift"),
                    let text = PackageFiles.text(of: PackageFiles.root + "/" + path)
                else { continue }
                let file = SourceFile(path: path, text: text)
                #expect(PageRules.untrueMentions(in: file, exists: exists) == [])
            }
        }
    }

    @Test func `every page of docs is on its map`() throws {
        let map = try #require(PackageFiles.text(of: PackageFiles.root + "/docs/README.md"))
        for path in pages().keys.sorted() where path.hasPrefix("docs/") {
            let name = String(path.dropFirst("docs/".count))
            let isOn = name.hasPrefix("decisions/") || map.contains("](\(name))")
            #expect(isOn || name == "README.md", "docs/README.md does not name \(name)")
        }
    }
}
