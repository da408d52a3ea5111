/// What a value must look like: the one description from which parameters are read, refused, and
/// written into the reference.

package import JSON

/// A shape of values.
package indirect enum Schema: Sendable {
    case boolean
    /// A whole number in a range.
    case integer(ClosedRange<Int64> = 0...Int64.max)
    /// A decimal that fits the finest quantity of the engine; at least this where a least is named.
    case number(atLeast: Int64? = nil)
    /// Any number; of results.
    case decimal
    /// A text of so many bytes.
    case text(ClosedRange<Int> = 1...256)
    /// One of these texts.
    case oneOf([String])
    /// One of these whole numbers.
    case oneOfIntegers([Int64])
    case list(Schema, ClosedRange<Int> = 0...10_000)
    case object([Property])
    /// An object whose names are data.
    case map(Schema)
    case nullable(Schema)
    /// Any of these shapes; only of results.
    case anyOf([Schema])
    case anything
}

/// A named value of an object, or a parameter.
package struct Property: Sendable {
    package let name: String
    package let schema: Schema
    package let isRequired: Bool
    package let summary: String

    package init(_ name: String, _ schema: Schema, isRequired: Bool, _ summary: String) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
        self.summary = summary
    }

    /// One that must be there.
    package static func required(
        _ name: String, _ schema: Schema, _ summary: String = ""
    ) -> Property {
        Property(name, schema, isRequired: true, summary)
    }

    /// One that may be missing.
    package static func optional(
        _ name: String, _ schema: Schema, _ summary: String = ""
    ) -> Property {
        Property(name, schema, isRequired: false, summary)
    }
}

/// Why a value is not of its shape, in Deribit's words where there are some.
package struct SchemaFault: Error, Equatable, Sendable {
    package let reason: String
}

extension Schema {
    /// Checks a value against the shape.
    ///
    /// - Throws: `SchemaFault` for the first rule that is broken.
    package func check(_ value: JSON.Value) throws(SchemaFault) {
        switch (self, value) {
        case (.anything, _), (.boolean, .boolean), (.nullable, .null), (.decimal, .number): return
        case (.nullable(let inner), _): try inner.check(value)
        case (.integer(let range), .number(let number)):
            guard let integer = number.integer else { throw .init(reason: "must be an integer") }
            guard range.contains(integer) else { throw Schema.outside(range) }
        case (.oneOfIntegers(let values), .number(let number)):
            guard let integer = number.integer, values.contains(integer) else {
                throw .init(reason: "must be one of \(values)")
            }
        case (.number(let least), .number(let number)):
            try Schema.check(number, least)
        case (.text(let range), .string(let text)):
            guard range.contains(text.utf8.count) else {
                throw .init(
                    reason: "must have \(range.lowerBound) to \(range.upperBound) bytes")
            }
        case (.oneOf(let values), .string(let text)):
            guard values.contains(text) else {
                throw .init(reason: "must be one of [" + values.joined(separator: ", ") + "]")
            }
        case (.list(let inner, let range), .array(let elements)):
            guard range.contains(elements.count) else {
                throw .init(
                    reason: "must have \(range.lowerBound) to \(range.upperBound) elements")
            }
            for element in elements { try inner.check(element) }
        case (.object(let properties), .object): try Schema.check(value, properties)
        case (.map(let inner), .object(let members)):
            for member in members { try inner.check(member.value) }
        case (.anyOf(let schemas), _): try Schema.check(value, anyOf: schemas)
        default: throw .init(reason: "must be \(kind)")
        }
    }

    private static func check(_ number: JSON.Number, _ least: Int64?) throws(SchemaFault) {
        // Finer or larger than any quantity of the engine.
        guard let units = number.scaled(by: Schema.decimals) else {
            throw .init(reason: "must be a number of at most 9 decimals below 9 thousand million")
        }
        if let least, units < least * Schema.unit {
            throw .init(reason: "must be at least \(least)")
        }
    }

    private static func check(
        _ value: JSON.Value, _ properties: [Property]
    ) throws(SchemaFault) {
        for property in properties {
            guard let member = value[property.name] else {
                guard !property.isRequired else {
                    throw .init(reason: "'\(property.name)' is missing")
                }
                continue
            }
            do throws(SchemaFault) {
                try property.schema.check(member)
            } catch {
                throw .init(reason: "'\(property.name)' \(error.reason)")
            }
        }
    }

    private static func check(
        _ value: JSON.Value, anyOf schemas: [Schema]
    ) throws(SchemaFault) {
        for schema in schemas {
            do throws(SchemaFault) {
                try schema.check(value)
                return
            } catch { continue }
        }
        throw .init(reason: "has none of the possible shapes")
    }

    private static func outside(_ range: ClosedRange<Int64>) -> SchemaFault {
        range.upperBound == .max
            ? .init(reason: "must be at least \(range.lowerBound)")
            : .init(reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }

    /// Decimals of the finest quantity of the engine, a lot's size.
    package static let decimals = 9
    private static let unit: Int64 = 1_000_000_000

    /// In a word with an article.
    private var kind: String {
        switch self {
        case .boolean: "a boolean"
        case .integer, .oneOfIntegers: "an integer"
        case .number, .decimal: "a number"
        case .text, .oneOf: "a string"
        case .list: "an array"
        case .object, .map: "an object"
        case .nullable(let inner): inner.kind
        case .anyOf, .anything: "a value"
        }
    }
}
