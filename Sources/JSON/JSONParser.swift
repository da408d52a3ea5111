/// Reads messages from the network. simdjson does the grammar, the UTF-8 and the escapes; here are
/// the limits, and the rule that no object names a member twice (RFC 8259 leaves open what that
/// would mean, and two readers that differ in it can be played against each other).

import CSimdJSON

/// Why a message was not read.
package enum JSONFault: Error, Equatable, Sendable {
    /// More bytes than the parser takes.
    case tooLong
    /// The bytes are no UTF-8.
    case notUTF8
    /// Not by the grammar of RFC 8259.
    case malformed
    /// More levels of arrays and objects than the parser takes.
    case tooDeep
    /// More values than the parser takes.
    case tooManyValues
    /// An object names this member twice.
    case duplicateMember(String)
    /// The system has no memory.
    case noMemory
}

/// A parser with its room, which it uses again for every message. For one thread at a time.
@safe
package final class JSONParser {
    /// What it takes.
    package struct Limits: Sendable {
        /// Most bytes of a message, in `1 ... 2³⁰`.
        package var bytes: Int
        /// Most levels of arrays and objects within each other, in `1 ... 1_000`.
        package var depth: Int
        /// Most values, names included.
        package var values: Int

        package init(bytes: Int = 1 << 20, depth: Int = 16, values: Int = 100_000) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
        }
    }

    private let parser: OpaquePointer

    /// - Precondition: the limits are in their ranges.
    /// - Throws: `noMemory`.
    package init(_ limits: Limits = Limits()) throws(JSONFault) {
        precondition(
            (1...1 << 30).contains(limits.bytes) && (1...1_000).contains(limits.depth)
                && (1...1 << 30).contains(limits.values),
            "Invariant: the limits of a parser are in range, these are \(limits)")
        guard
            let parser = unsafe csimdjson_create(
                UInt32(limits.bytes), UInt32(limits.depth), UInt32(limits.values))
        else { throw .noMemory }
        unsafe self.parser = parser
    }

    deinit { unsafe csimdjson_destroy(parser) }

    /// The value that a whole message is.
    ///
    /// - Throws: `JSONFault`.
    package func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSON.Value {
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe csimdjson_parse(parser, buffer.baseAddress, buffer.count)
        }
        if let fault = JSONParser.fault(status) { throw fault }
        let tokens = unsafe UnsafeBufferPointer(
            start: csimdjson_tokens(parser), count: csimdjson_token_count(parser))
        let texts = unsafe UnsafeBufferPointer(
            start: csimdjson_texts(parser), count: csimdjson_text_count(parser))
        var reader = unsafe TokenReader(tokens: tokens, texts: texts)
        return try reader.value()
    }

    private static func fault(_ status: Int32) -> JSONFault? {
        switch Int(status) {
        case CSIMDJSON_OK: nil
        case CSIMDJSON_TOO_LONG: .tooLong
        case CSIMDJSON_NOT_UTF8: .notUTF8
        case CSIMDJSON_TOO_DEEP: .tooDeep
        case CSIMDJSON_TOO_MANY: .tooManyValues
        case CSIMDJSON_NO_MEMORY: .noMemory
        default: .malformed
        }
    }
}

/// Turns the flat list of tokens into values. The lists are the parser's own and live as long as
/// `parse` runs; every place in them was counted by the wrapper.
@safe
private struct TokenReader {
    private let tokens: UnsafeBufferPointer<csimdjson_token>
    private let texts: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// From so many members on, names are compared by hashing.
    private static let hashedMembers = 24

    init(tokens: UnsafeBufferPointer<csimdjson_token>, texts: UnsafeBufferPointer<UInt8>) {
        unsafe self.tokens = tokens
        unsafe self.texts = texts
    }

    mutating func value() throws(JSONFault) -> JSON.Value {
        guard let token = next() else { throw .malformed }
        switch Int(token.kind) {
        case CSIMDJSON_NULL: return .null
        case CSIMDJSON_FALSE: return .boolean(false)
        case CSIMDJSON_TRUE: return .boolean(true)
        case CSIMDJSON_NUMBER: return .number(JSON.Number(checked: text(token)))
        case CSIMDJSON_STRING: return .string(text(token))
        case CSIMDJSON_ARRAY:
            var elements: [JSON.Value] = []
            elements.reserveCapacity(Int(token.count))
            for _ in 0..<token.count { elements.append(try value()) }
            return .array(elements)
        default: return .object(try members(Int(token.count)))
        }
    }

    private mutating func members(_ count: Int) throws(JSONFault) -> [JSON.Member] {
        var members: [JSON.Member] = []
        members.reserveCapacity(count)
        var names = Set<String>()
        for _ in 0..<count {
            guard let token = next() else { throw .malformed }
            let name = text(token)
            let isNew =
                count > TokenReader.hashedMembers
                ? names.insert(name).inserted : !members.contains { $0.name == name }
            guard isNew else { throw .duplicateMember(name) }
            members.append(JSON.Member(name, try value()))
        }
        return members
    }

    private mutating func next() -> csimdjson_token? {
        guard unsafe place < tokens.count else { return nil }
        defer { place += 1 }
        return unsafe tokens[place]
    }

    private func text(_ token: csimdjson_token) -> String {
        let start = Int(token.offset)
        let bytes = unsafe UnsafeBufferPointer(rebasing: texts[start..<(start + Int(token.count))])
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
