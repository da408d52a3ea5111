/// Rules over the pages of the project, in Markdown: every link leads somewhere, and so does every
/// mention of a page in code.

/// One page.
struct Page {
    /// From the root of the package: `docs/start.md`.
    let path: String
    /// Its lines with the contents of fences and of inline code blanked.
    let prose: [String]
    /// What a link can name behind `#`.
    let anchors: [String]

    init(path: String, text: String) {
        self.path = path
        var inFence = false
        var prose: [String] = []
        var anchors: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                inFence.toggle()
                prose.append("")
            } else if inFence {
                prose.append("")
            } else {
                if let heading = line.wholeMatch(of: /#{1,6} +(.*?) *#*/) {
                    let anchor = Page.anchor(of: String(heading.1))
                    let copies = anchors.filter { $0 == anchor || $0.hasPrefix(anchor + "-copy") }
                    anchors.append(copies.isEmpty ? anchor : "\(anchor)-copy\(copies.count)")
                }
                let plain = line.replacing(/`[^`]*`/) { String(repeating: " ", count: $0.0.count) }
                prose.append(String(plain))
            }
        }
        self.prose = prose
        self.anchors = anchors.map { $0.replacing("-copy", with: "-") }
    }

    /// What GitHub makes of a heading: small letters, digits, `-` and `_`; spaces become `-`.
    static func anchor(of heading: String) -> String {
        let shown = heading.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.1 }
        return String(
            shown.lowercased().compactMap { character in
                if character == " " { return "-" }
                let isKept = character.isLetter || character.isNumber || "-_".contains(character)
                return isKept ? character : nil
            })
    }
}

enum PageRules {
    /// Links of a page that lead nowhere.
    ///
    /// - Parameters:
    ///   - pages: all pages, by which anchors are known.
    ///   - exists: whether there is a file or folder at a path from the root.
    static func brokenLinks(
        of page: Page, pages: [String: Page], exists: (String) -> Bool
    ) -> [String] {
        page.prose.enumerated().flatMap { number, line in
            line.matches(of: /\]\(([^()\s]+)\)/).compactMap { match in
                fault(of: String(match.1), in: page, pages, exists).map {
                    "\(page.path):\(number + 1): \(match.1) \($0)"
                }
            }
        }
    }

    private static func fault(
        of target: String, in page: Page, _ pages: [String: Page], _ exists: (String) -> Bool
    ) -> String? {
        guard !target.contains("://"), !target.hasPrefix("mailto:") else { return nil }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path =
            parts[0].isEmpty ? page.path : resolved(String(parts[0]), from: page.path)
        guard let path else { return "leads out of the project" }
        guard exists(path) else { return "is not there" }
        guard parts.count == 2 else { return nil }
        guard let other = pages[path] else { return "names a heading of what is no page" }
        return other.anchors.contains(String(parts[1])) ? nil : "is no heading of \(path)"
    }

    /// A path from the root; nil where it leads above it.
    private static func resolved(_ target: String, from page: String) -> String? {
        var folders = page.split(separator: "/").dropLast()
        for part in target.split(separator: "/") {
            switch part {
            case ".": break
            case "..": if folders.popLast() == nil { return nil }
            default: folders.append(part)
            }
        }
        return folders.joined(separator: "/")
    }

    /// Mentions of `docs/…` in a text, with the ending of a file, that are not there.
    static func untrueMentions(in file: SourceFile, exists: (String) -> Bool) -> [String] {
        file.lines.enumerated().flatMap { number, line in
            line.matches(of: /\bdocs\/[\w\/.-]*\.(?:md|json|svg|png)\b/).compactMap { match in
                exists(String(match.0)) ? nil : "\(file.path):\(number + 1): no \(match.0)"
            }
        }
    }
}
