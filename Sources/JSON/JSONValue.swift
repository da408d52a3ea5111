/// What a message says, once it has been read: seven kinds of value, and numbers as they were
/// written, so that money never passes through a binary fraction. Source: RFC 8259.

/// The room's names that would be too general by themselves.
package enum JSON {
    /// A value.
    package enum Value: Equatable, Sendable {
        case null
        case boolean(Bool)
        case number(Number)
        case string(String)
        case array([Value])
        /// In the order in which the members were written; each name once.
        case object([Member])
    }

    /// A named value of an object.
    package struct Member: Equatable, Sendable {
        package let name: String
        package let value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension JSON.Value {
    /// The member of this name; nil where there is none, or this is no object. O(members).
    package subscript(name: String) -> JSON.Value? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.name == name { return member.value }
        return nil
    }

    /// The elements of an array; nil for other kinds.
    package var elements: [JSON.Value]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object; nil for other kinds.
    package var members: [JSON.Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The text of a string; nil for other kinds.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number; nil for other kinds.
    package var number: JSON.Number? {
        if case .number(let number) = self { number } else { nil }
    }

    /// A boolean; nil for other kinds.
    package var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// Whether it is null.
    package var isNull: Bool { self == .null }

    /// The kind in a word, for messages to people.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
