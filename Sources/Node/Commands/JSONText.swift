/// JSON for people: indented, in the order in which it came.

import JSON

extension JSON.Value {
    /// On one line.
    var compactText: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Indented by two spaces, what is short on one line; without a line feed at the end.
    var indentedText: String { indented(by: "") }

    /// Longer values are broken into lines.
    private static let longestLine = 80

    private func indented(by indent: String) -> String {
        let compact = compactText
        let inner = indent + "  "
        switch self {
        case .array(let elements) where isBroken(compact, indent):
            let lines = elements.map { inner + $0.indented(by: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where isBroken(compact, indent):
            let lines = members.map { member in
                "\(inner)\(JSON.Value.string(member.name).compactText): "
                    + member.value.indented(by: inner)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return compact
        }
    }

    /// Whether a value is written over several lines: the outermost always, others where they hold
    /// more than plain values or are long.
    private func isBroken(_ compact: String, _ indent: String) -> Bool {
        let children: [JSON.Value]
        switch self {
        case .array(let elements): children = elements
        case .object(let members): children = members.map(\.value)
        default: return false
        }
        let isNested = children.contains {
            ($0.elements ?? $0.members.map { $0.map(\.value) }) != nil
        }
        return !children.isEmpty
            && (indent.isEmpty || isNested
                || compact.utf8.count + indent.utf8.count > JSON.Value.longestLine)
    }
}
