/// One JSON text laid over another: a file that states a few fields of a large document and leaves
/// the rest as it is. Every value keeps the line of the text that it came from.

extension JSONNode {
    /// The same value as if all of it stood on one line of another text.
    package func moved(to line: Int) -> JSONNode {
        let content: Content =
            switch self.content {
            case .object(let members):
                .object(
                    members.map {
                        JSONMember(key: $0.key, line: line, value: $0.value.moved(to: line))
                    })
            case .list(let items): .list(items.map { $0.moved(to: line) })
            default: self.content
            }
        return JSONNode(line: line, content: content)
    }

    /// This value with another laid over it. An object over an object changes the members that it
    /// names and adds those that are not there; an object over a list of objects changes the
    /// entries that it names by their `symbol`, `name` or `underlying`; anything else takes the
    /// place of what was there.
    ///
    /// - Throws: `InputFault` where it names an entry that the list does not hold.
    package func overlaid(with other: JSONNode, file: String) throws(InputFault) -> JSONNode {
        guard case .object(let changes) = other.content else { return other }
        switch content {
        case .object(var members):
            for change in changes {
                if let place = members.firstIndex(where: { $0.key == change.key }) {
                    let value = try members[place].value.overlaid(with: change.value, file: file)
                    members[place] = JSONMember(key: change.key, line: change.line, value: value)
                } else {
                    members.append(change)
                }
            }
            return JSONNode(line: other.line, content: .object(members))
        case .list(var items) where items.contains { $0.entryName != nil }:
            for change in changes {
                guard let place = items.firstIndex(where: { $0.entryName == change.key }) else {
                    let names = items.compactMap(\.entryName).joined(separator: ", ")
                    throw InputFault(
                        file: file, line: change.line,
                        reason: "'\(change.key)' is no entry of the list; its entries are \(names)")
                }
                items[place] = try items[place].overlaid(with: change.value, file: file)
            }
            return JSONNode(line: other.line, content: .list(items))
        default: return other
        }
    }

    /// What an entry of a list is called; nil where it has no name.
    private var entryName: String? {
        guard case .object(let members) = content else { return nil }
        for key in ["symbol", "name", "underlying"] {
            if case .text(let text)? = members.first(where: { $0.key == key })?.value.content {
                return text
            }
        }
        return nil
    }

    /// An object with members in order, all on one line.
    package static func object(_ members: [(String, JSONNode)], line: Int) -> JSONNode {
        JSONNode(
            line: line,
            content: .object(
                members.map { JSONMember(key: $0.0, line: line, value: $0.1) }))
    }

    /// A list of texts, all on one line.
    package static func texts(_ texts: [String], line: Int) -> JSONNode {
        JSONNode(
            line: line, content: .list(texts.map { JSONNode(line: line, content: .text($0)) }))
    }
}
