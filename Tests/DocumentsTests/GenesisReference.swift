/// What the reference page of genesis files says, made of the template's text and of what the
/// reader takes.

import Canonical
import Testing

@testable import Documents

/// One number of the template, by the members that lead to it; of a list its first entry counts.
private struct FieldPath: Equatable {
    var members: [String]

    /// `underlyings[].oracle.quorum`.
    var text: String { members.joined(separator: ".").replacing(".[]", with: "[]") }
}

/// Makes the page.
struct GenesisReference {
    private let lines: [Substring]
    private let root: JSONNode
    private var rows: [(path: FieldPath, node: JSONNode, meaning: String)] = []
    private var explained: [Int] = []

    init() throws {
        let key = { (number: UInt8) in
            PublicKey(Bytes32([UInt8](repeating: number, count: 32)))
        }
        let template = GenesisTemplate(
            name: try #require(Symbol(Array("harbour".utf8))), time: 1_800_000_000,
            custodian: key(1), operator: key(2), publishers: [key(10), key(11), key(12)])
        let text = template.text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        root = try JSONDocument.root(of: Array(text.utf8))
        gather(root, FieldPath(members: []), line: 1)
    }

    /// The comment that ends above a line, where no other member has had it.
    private mutating func comment(above line: Int) -> String {
        guard !explained.contains(line) else { return "" }
        explained.append(line)
        var words: [Substring] = []
        var place = line - 2
        while place >= 0, let match = lines[place].wholeMatch(of: /\s*\/\/ ?(.*)/) {
            words.insert(match.1, at: 0)
            place -= 1
        }
        return words.joined(separator: " ").replacing("|", with: "\\|")
    }

    private mutating func gather(_ node: JSONNode, _ path: FieldPath, line: Int) {
        switch node.content {
        case .object(let members):
            if !path.members.isEmpty { append(path, node, line: line) }
            for member in members {
                gather(
                    member.value, FieldPath(members: path.members + [member.key]),
                    line: member.line)
            }
        case .list(let entries):
            append(path, node, line: line)
            guard let first = entries.first else { return }
            gather(first, FieldPath(members: path.members + ["[]"]), line: first.line)
        default: append(path, node, line: line)
        }
    }

    private mutating func append(_ path: FieldPath, _ node: JSONNode, line: Int) {
        // An entry of a list is told with the list.
        guard path.members.last != "[]" else { return }
        rows.append((path, node, comment(above: line)))
    }

    // MARK: What is taken

    /// Whether the reader takes the template with another number at a path.
    private func isTaken(_ number: DecimalNumber, at path: FieldPath) -> Bool {
        let changed = root.replacing(path.members[...], by: .number(number.text))
        return (try? GenesisDocument.genesis(changed, file: "reference")) != nil
    }

    /// The least and the largest number that the reader takes, to what it can tell apart.
    private func range(of path: FieldPath, from text: String) -> String {
        guard let start = DecimalNumber(text),
            let step = DecimalNumber.steps.first(where: {
                isTaken(start + $0, at: path) || isTaken(start - $0, at: path)
            })
        else { return "as it is" }
        let low = edge(path, from: start, step: step, sign: -1)
        let high = edge(path, from: start, step: step, sign: 1)
        return "\(low) … \(high)"
    }

    /// The last number in a direction that is taken, in whole steps from the first.
    private func edge(
        _ path: FieldPath, from start: DecimalNumber, step: DecimalNumber, sign: Int128
    ) -> String {
        var (taken, refused) = (Int128(0), Int128(1))
        while isTaken(start + step * (refused * sign), at: path) {
            taken = refused
            refused *= 4
            guard refused < DecimalNumber.mostSteps else { return sign < 0 ? "−∞" : "∞" }
        }
        while refused - taken > 1 {
            let middle = (refused + taken) / 2
            if isTaken(start + step * (middle * sign), at: path) {
                taken = middle
            } else {
                refused = middle
            }
        }
        return (start + step * (taken * sign)).readable
    }

    // MARK: The page

    var page: String {
        var text = GenesisReference.introduction
        var section = ""
        for row in rows {
            if row.path.members[0] != section {
                let isPlain = row.path.members.count == 1 && !row.node.isCompound
                let title = isPlain ? "The chain" : row.path.members[0]
                if !isPlain || !text.contains("## The chain") {
                    text += "\n## \(title)\n\n| field | template | takes | |\n|---|---|---|---|\n"
                }
                section = row.path.members[0]
            }
            text += line(of: row.path, row.node, row.meaning)
        }
        return text + GenesisReference.besides
    }

    private func line(of path: FieldPath, _ node: JSONNode, _ meaning: String) -> String {
        let (value, takes): (String, String) =
            switch node.content {
            case .number(let text): ("`\(text)`", range(of: path, from: text))
            case .text(let text): (text.count > 40 ? "64 digits" : "`\(text)`", "")
            case .boolean(let value): ("`\(value)`", "")
            case .list: ("a list", "")
            default: ("", "")
            }
        return "| `\(path.text)` | \(value) | \(takes) | \(meaning) |\n"
    }
}

extension JSONNode {
    fileprivate var isCompound: Bool {
        switch content {
        case .object, .list: true
        default: false
        }
    }

    /// The same with other content at a path.
    fileprivate func replacing(_ path: ArraySlice<String>, by other: Content) -> JSONNode {
        guard let first = path.first else { return JSONNode(line: line, content: other) }
        switch content {
        case .object(let members):
            let changed = members.map { member in
                member.key == first
                    ? JSONMember(
                        key: member.key, line: member.line,
                        value: member.value.replacing(path.dropFirst(), by: other)) : member
            }
            return JSONNode(line: line, content: .object(changed))
        case .list(let entries):
            var changed = entries
            changed[0] = entries[0].replacing(path.dropFirst(), by: other)
            return JSONNode(line: line, content: .list(changed))
        default: return self
        }
    }
}
