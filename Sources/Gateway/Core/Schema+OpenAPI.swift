/// A shape as OpenAPI 3.0 writes it.

import JSON

extension Schema {
    /// Whether a query string holds it as JSON.
    var isWrittenAsJSON: Bool {
        switch self {
        case .list, .object, .map, .anyOf: true
        case .nullable(let inner): inner.isWrittenAsJSON
        default: false
        }
    }

    func write(_ writer: inout JSONWriter) {
        writer.beginObject()
        writeFields(&writer)
        writer.endObject()
    }

    private func writeFields(_ writer: inout JSONWriter) {
        switch self {
        case .boolean: writer.member("type", "boolean")
        case .integer(let range):
            writer.member("type", "integer")
            writer.member("format", "int64")
            writer.name("minimum")
            writer.integer(range.lowerBound)
            if range.upperBound < .max {
                writer.name("maximum")
                writer.integer(range.upperBound)
            }
        case .oneOfIntegers(let values):
            writer.member("type", "integer")
            writer.name("enum")
            writer.beginArray()
            for value in values { writer.integer(value) }
            writer.endArray()
        case .number(let least):
            writer.member("type", "number")
            if let least {
                writer.name("minimum")
                writer.integer(least)
            }
        case .decimal: writer.member("type", "number")
        case .text(let range):
            writer.member("type", "string")
            writer.name("minLength")
            writer.integer(range.lowerBound)
            writer.name("maxLength")
            writer.integer(range.upperBound)
        case .oneOf(let values):
            writer.member("type", "string")
            writer.name("enum")
            writer.beginArray()
            for value in values { writer.string(value) }
            writer.endArray()
        case .nullable(let inner):
            inner.writeFields(&writer)
            writer.name("nullable")
            writer.boolean(true)
        case .list, .object, .map, .anyOf, .anything: writeCompound(&writer)
        }
    }

    private func writeCompound(_ writer: inout JSONWriter) {
        switch self {
        case .list(let inner, let range):
            writer.member("type", "array")
            writer.name("items")
            inner.write(&writer)
            if range.lowerBound > 0 {
                writer.name("minItems")
                writer.integer(range.lowerBound)
            }
            writer.name("maxItems")
            writer.integer(range.upperBound)
        case .object(let properties): Schema.write(properties, &writer)
        case .map(let inner):
            writer.member("type", "object")
            writer.name("additionalProperties")
            inner.write(&writer)
        case .anyOf(let schemas):
            writer.name("anyOf")
            writer.beginArray()
            for schema in schemas { schema.write(&writer) }
            writer.endArray()
        default: return
        }
    }

    private static func write(_ properties: [Property], _ writer: inout JSONWriter) {
        writer.member("type", "object")
        if properties.contains(where: { $0.isRequired }) {
            writer.name("required")
            writer.beginArray()
            for property in properties where property.isRequired {
                writer.string(property.name)
            }
            writer.endArray()
        }
        writer.name("properties")
        writer.beginObject()
        for property in properties {
            writer.name(property.name)
            writer.beginObject()
            property.schema.writeFields(&writer)
            if !property.summary.isEmpty { writer.member("description", property.summary) }
            writer.endObject()
        }
        writer.endObject()
    }
}
