/// The reference of the API in OpenAPI 3, made from the table of methods: what is served is what is
/// read and checked. Every method stands in both forms, as GET with query parameters and as POST
/// with a JSON-RPC body.

import JSON

enum OpenAPIDocument {
    /// The document.
    static func bytes(of methods: [Method], version: String) -> Frame {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("openapi", "3.0.3")
        writer.name("info")
        writer.beginObject()
        writer.member("title", "Rampart API")
        writer.member("version", version)
        writer.member(
            "description", "JSON-RPC 2.0 over HTTP and WebSocket with Deribit's conventions.")
        writer.endObject()
        writer.name("servers")
        writer.beginArray()
        writer.beginObject()
        writer.member("url", Gateway.root)
        writer.endObject()
        writer.endArray()
        writer.name("paths")
        writer.beginObject()
        for method in methods { write(method, &writer) }
        writer.endObject()
        writeComponents(methods, &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ method: Method, _ writer: inout JSONWriter) {
        writer.name("/" + method.name)
        writer.beginObject()
        for verb in ["get", "post"] {
            writer.name(verb)
            writer.beginObject()
            writer.member("summary", method.summary)
            writer.member("operationId", verb + "_" + identifier(of: method))
            writer.name("x-credits")
            writer.integer(method.cost)
            writer.name("x-websocket-only")
            writer.boolean(method.reach == .webSocketOnly)
            if case .scoped(let scope) = method.access {
                writer.member("x-scope", scope.rawValue)
                writeSecurity(&writer)
            }
            if verb == "get" {
                writeParameters(method.parameters, &writer)
            } else {
                writeBody(method, &writer)
            }
            writeResponses(method, &writer)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func writeSecurity(_ writer: inout JSONWriter) {
        writer.name("security")
        writer.beginArray()
        for scheme in ["bearer", "signature", "basic"] {
            writer.beginObject()
            writer.name(scheme)
            writer.beginArray()
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    private static func writeParameters(_ properties: [Property], _ writer: inout JSONWriter) {
        writer.name("parameters")
        writer.beginArray()
        for property in properties {
            writer.beginObject()
            writer.member("name", property.name)
            writer.member("in", "query")
            writer.name("required")
            writer.boolean(property.isRequired)
            if !property.summary.isEmpty { writer.member("description", property.summary) }
            if property.schema.isWrittenAsJSON {
                writer.name("content")
                writer.beginObject()
                writer.name("application/json")
                writer.beginObject()
                writer.name("schema")
                property.schema.write(&writer)
                writer.endObject()
                writer.endObject()
            } else {
                writer.name("schema")
                property.schema.write(&writer)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private static func writeBody(_ method: Method, _ writer: inout JSONWriter) {
        writer.name("requestBody")
        writer.beginObject()
        writer.name("required")
        writer.boolean(true)
        let parameters = Schema.object(method.parameters)
        let request = Schema.object([
            .required("jsonrpc", .oneOf(["2.0"])),
            .optional("id", .integer(0...Int64(Int32.max))),
            .required("method", .oneOf([method.name])),
            method.parameters.contains { $0.isRequired }
                ? .required("params", parameters) : .optional("params", parameters),
        ])
        writeContent(request, &writer)
        writer.endObject()
    }

    private static func writeContent(_ schema: Schema, _ writer: inout JSONWriter) {
        writer.name("content")
        writer.beginObject()
        writer.name("application/json")
        writer.beginObject()
        writer.name("schema")
        schema.write(&writer)
        writer.endObject()
        writer.endObject()
    }

    private static func writeResponses(_ method: Method, _ writer: inout JSONWriter) {
        writer.name("responses")
        writer.beginObject()
        writeReference("200", to: identifier(of: method), &writer)
        writeReference("default", to: "Error", &writer)
        writer.endObject()
    }

    private static func writeReference(
        _ status: String, to response: String, _ writer: inout JSONWriter
    ) {
        writer.name(status)
        writer.beginObject()
        writer.member("$ref", "#/components/responses/" + response)
        writer.endObject()
    }

    /// The name of a method without its slash.
    private static func identifier(of method: Method) -> String {
        method.name.split(separator: "/").joined(separator: "_")
    }

    /// What every answer has.
    private static let envelope: [Property] = [
        .required("jsonrpc", .oneOf(["2.0"])), .optional("id", .anything),
        .required("usIn", .integer(), "When the request came, in microseconds."),
        .required("usOut", .integer(), "When the answer left."),
        .required("usDiff", .integer()), .required("testnet", .boolean),
    ]

    private static func writeComponents(_ methods: [Method], _ writer: inout JSONWriter) {
        writer.name("components")
        writer.beginObject()
        writer.name("responses")
        writer.beginObject()
        for method in methods {
            writer.name(identifier(of: method))
            writer.beginObject()
            writer.member("description", "The result.")
            writeContent(
                .object(envelope + [.required("result", method.result)]), &writer)
            writer.endObject()
        }
        writer.name("Error")
        writer.beginObject()
        writer.member("description", "An error; 4xx where the caller can correct it.")
        let error = Schema.object([
            .required("code", .integer(-32_768...99_999)), .required("message", .text()),
            .optional("data", .map(.anything), "reason, param, refusal or wait"),
        ])
        writeContent(.object(envelope + [.required("error", error)]), &writer)
        writer.endObject()
        writer.endObject()
        writer.name("securitySchemes")
        writer.beginObject()
        writeScheme("bearer", ["type": "http", "scheme": "bearer"], &writer)
        writeScheme("basic", ["type": "http", "scheme": "basic"], &writer)
        writeScheme(
            "signature", ["type": "apiKey", "in": "header", "name": "Authorization"], &writer)
        writer.endObject()
        writer.endObject()
    }

    private static func writeScheme(
        _ name: String, _ fields: KeyValuePairs<String, String>, _ writer: inout JSONWriter
    ) {
        writer.name(name)
        writer.beginObject()
        for (key, value) in fields { writer.member(key, value) }
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }
}
