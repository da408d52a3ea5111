/// The types of EIP-712 that are no structure and no list, and how their values become 32 bytes.

/// An atomic or dynamic type.
enum AtomicType {
    case text
    case bytes
    case boolean
    case address
    case fixedBytes(Int)
    case unsigned(bytes: Int)
    case signed(bytes: Int)

    init(_ name: String) throws {
        switch name {
        case "string": self = .text
        case "bytes": self = .bytes
        case "bool": self = .boolean
        case "address": self = .address
        default:
            if let size = Self.number(in: name, after: "bytes"), (1...32).contains(size) {
                self = .fixedBytes(size)
            } else if let bits = Self.number(in: name, after: "uint"), Self.isWidth(bits) {
                self = .unsigned(bytes: bits / 8)
            } else if let bits = Self.number(in: name, after: "int"), Self.isWidth(bits) {
                self = .signed(bytes: bits / 8)
            } else {
                throw TypedData.Malformed("no type \(name)")
            }
        }
    }

    private static func number(in name: String, after prefix: String) -> Int? {
        name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }

    private static func isWidth(_ bits: Int) -> Bool {
        (8...256).contains(bits) && bits.isMultiple(of: 8)
    }

    /// The 32 bytes of `value`.
    func encoded(_ value: JSONValue, _ hash: ([UInt8]) -> [UInt8]) throws -> [UInt8] {
        switch (self, value) {
        case (.text, .text(let text)): return hash(Array(text.utf8))
        case (.text, .integer(let number)) where number >= 0:
            // As eth-account has it: the number's bytes, without leading zeros.
            return hash(Array(Self.bytes(of: UInt64(number)).drop { $0 == 0 }))
        case (.bytes, .text(let text)): return hash(try Self.hexadecimal(text))
        case (.boolean, .boolean(let isTrue)): return Self.leftPadded([isTrue ? 1 : 0])
        case (.address, .text(let text)):
            return Self.leftPadded(try Self.hexadecimal(text, count: 20))
        case (.fixedBytes(let count), .text(let text)):
            let bytes = try Self.hexadecimal(text, count: count)
            return bytes + [UInt8](repeating: 0, count: 32 - count)
        case (.unsigned(let width), _), (.signed(let width), _):
            return try integer(value, width: width)
        default: throw TypedData.Malformed("\(value) is no \(self)")
        }
    }

    private func integer(_ value: JSONValue, width: Int) throws -> [UInt8] {
        var bytes: [UInt8]
        var isNegative = false
        switch value {
        case .integer(let number):
            isNegative = number < 0
            bytes = Self.bytes(of: UInt64(bitPattern: number))
        case .unsigned(let number): bytes = Self.bytes(of: number)
        case .text(let text) where text.hasPrefix("0x"):
            let digits = text.dropFirst(2)
            bytes = try Self.hexadecimal(digits.count % 2 == 0 ? text : "0x0" + digits)
        case .text(let text):
            guard let number = UInt64(text) else {
                throw TypedData.Malformed("\(text) is no number")
            }
            bytes = Self.bytes(of: number)
        default: throw TypedData.Malformed("\(value) is no number")
        }
        if case .unsigned = self, isNegative {
            throw TypedData.Malformed("\(value) is below zero")
        }
        let fill: UInt8 = isNegative ? 0xff : 0
        while let first = bytes.first, first == fill, bytes.count > width { bytes.removeFirst() }
        guard bytes.count <= width else { throw TypedData.Malformed("\(value) is too great") }
        return [UInt8](repeating: fill, count: 32 - bytes.count) + bytes
    }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    private static func leftPadded(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 0, count: 32 - bytes.count) + bytes
    }

    private static func hexadecimal(_ text: String, count: Int? = nil) throws -> [UInt8] {
        let digits = text.dropFirst(2).compactMap(\.hexDigitValue)
        guard text.hasPrefix("0x"), digits.count == text.count - 2, digits.count % 2 == 0,
            count.map({ digits.count == 2 * $0 }) ?? true
        else { throw TypedData.Malformed("\(text) is not in hexadecimal") }
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
