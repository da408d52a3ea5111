/// A general encoder of EIP-712 typed data, read from the JSON that wallets take: the independent
/// check of whatever the program encodes with fixed types. It knows no room, so the hash is handed
/// in. Where the text is silent it follows eth-account: a missing structure is 32 zero bytes, a
/// missing domain type is made of the domain's fields. Source: EIP-712.
public import Foundation

/// A value of a JSON document.
public indirect enum JSONValue: Decodable, Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

/// A message, its types and its domain.
public struct TypedData: Decodable, Sendable {
    /// One field of a structure.
    public struct Field: Decodable, Sendable {
        var name: String
        var type: String
    }

    /// What is wrong with a message.
    public struct Malformed: Error {
        public let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    private static let domainType = "EIP712Domain"

    private var types: [String: [Field]]
    private var primaryType: String?
    private var domain: [String: JSONValue]
    private var message: [String: JSONValue]

    /// The typed data in a JSON document.
    public init(json: Data) throws {
        self = try JSONDecoder().decode(TypedData.self, from: json)
    }

    /// What is signed: the hash of 19 01, the domain's hash and the message's.
    public func digest(_ hash: ([UInt8]) -> [UInt8]) throws -> [UInt8] {
        hash([0x19, 0x01] + (try domainSeparator(hash)) + (try structHash(hash)))
    }

    /// The hash of the domain.
    public func domainSeparator(_ hash: ([UInt8]) -> [UInt8]) throws -> [UInt8] {
        var copy = self
        if copy.types[Self.domainType] == nil { copy.types[Self.domainType] = impliedDomain }
        return try copy.hashed(domain, as: Self.domainType, hash)
    }

    /// The hash of the message.
    public func structHash(_ hash: ([UInt8]) -> [UInt8]) throws -> [UInt8] {
        try hashed(message, as: try primaryType ?? impliedPrimaryType(), hash)
    }

    /// The domain's fields, in the order of the text.
    private var impliedDomain: [Field] {
        [
            Field(name: "name", type: "string"), Field(name: "version", type: "string"),
            Field(name: "chainId", type: "uint256"),
            Field(name: "verifyingContract", type: "address"), Field(name: "salt", type: "bytes32"),
        ].filter { domain[$0.name] != nil }
    }

    /// The one type that no other mentions.
    private func impliedPrimaryType() throws -> String {
        let mentioned = Set(types.values.joined().map { Self.element(of: $0.type) })
        let open = types.keys.filter { !mentioned.contains($0) && $0 != Self.domainType }
        guard open.count == 1 else { throw Malformed("\(open.count) types may be the primary one") }
        return open[0]
    }

    private static func element(of type: String) -> String {
        String(type.prefix { $0 != "[" })
    }

    /// The name of a type with its fields, and behind it, in order, all that it mentions.
    func encodedType(_ name: String) throws -> String {
        var found: Set<String> = []
        try collect(name, into: &found)
        found.remove(name)
        return try ([name] + found.sorted()).map { name in
            guard let fields = types[name] else { throw Malformed("no type \(name)") }
            return name + "(" + fields.map { $0.type + " " + $0.name }.joined(separator: ",") + ")"
        }.joined()
    }

    private func collect(_ name: String, into found: inout Set<String>) throws {
        guard let fields = types[name] else { throw Malformed("no type \(name)") }
        guard found.insert(name).inserted else { return }
        for field in fields {
            let element = Self.element(of: field.type)
            if types[element] != nil {
                try collect(element, into: &found)
            } else {
                _ = try AtomicType(element)
            }
        }
    }

    private func hashed(
        _ values: [String: JSONValue], as name: String, _ hash: ([UInt8]) -> [UInt8]
    ) throws -> [UInt8] {
        guard let fields = types[name] else { throw Malformed("no type \(name)") }
        var encoding = hash(Array(try encodedType(name).utf8))
        for field in fields {
            encoding += try encoded(values[field.name] ?? .null, as: field.type, hash)
        }
        return hash(encoding)
    }

    /// The 32 bytes that stand for a value in its structure.
    private func encoded(
        _ value: JSONValue, as type: String, _ hash: ([UInt8]) -> [UInt8]
    ) throws -> [UInt8] {
        if type.hasSuffix("]") { return try encodedList(value, as: type, hash) }
        if types[type] != nil {
            if value == .null { return [UInt8](repeating: 0, count: 32) }
            guard case .object(let values) = value else {
                throw Malformed("\(value) is no \(type)")
            }
            return try hashed(values, as: type, hash)
        }
        return try AtomicType(type).encoded(value, hash)
    }

    private func encodedList(
        _ value: JSONValue, as type: String, _ hash: ([UInt8]) -> [UInt8]
    ) throws -> [UInt8] {
        guard let open = type.lastIndex(of: "["), case .list(let list) = value else {
            throw Malformed("\(value) is no \(type)")
        }
        let size = type[type.index(after: open)...].dropLast()
        guard size.isEmpty || Int(size) == list.count else {
            throw Malformed("\(list.count) elements in \(type)")
        }
        return hash(try list.flatMap { try encoded($0, as: String(type[..<open]), hash) })
    }
}
