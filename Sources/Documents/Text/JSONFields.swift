/// Reading an object field by field: every key must be known, present and of the right kind, and
/// each fault names the line.

package import Canonical
package import FixedPoint

/// The fields of one object of a configuration file.
package struct JSONFields {
    package let file: String
    package let node: JSONNode
    private let members: [JSONMember]
    /// What the object is, for messages.
    private let name: String

    /// The fields of an object.
    ///
    /// - Parameter known: every key that it may hold; nil where another reader asks for that.
    /// - Throws: `InputFault` where the node is no object or holds another key.
    package init(_ node: JSONNode, name: String, file: String, known: [String]?) throws(InputFault)
    {
        self.file = file
        self.node = node
        self.name = name
        guard case .object(let members) = node.content else {
            throw InputFault(
                file: file, line: node.line, reason: "\(name) is \(node.kind), not an object")
        }
        self.members = members
        guard let known else { return }
        for member in members where !known.contains(member.key) {
            throw InputFault(
                file: file, line: member.line,
                reason: "'\(member.key)' is not a field of \(name); known are "
                    + known.joined(separator: ", "))
        }
    }

    /// A fault on the line of a field, or of the object where the field is missing.
    package func fault(_ key: String, _ reason: String) -> InputFault {
        let line = members.first { $0.key == key }?.value.line ?? node.line
        return InputFault(file: file, line: line, reason: "'\(key)' of \(name) \(reason)")
    }

    /// A fault on the line of a value inside a field.
    package func fault(_ key: String, at node: JSONNode, _ reason: String) -> InputFault {
        InputFault(file: file, line: node.line, reason: "'\(key)' of \(name) \(reason)")
    }

    package func has(_ key: String) -> Bool { members.contains { $0.key == key } }

    package func value(_ key: String) throws(InputFault) -> JSONNode {
        guard let member = members.first(where: { $0.key == key }) else {
            throw fault(key, "is missing")
        }
        return member.value
    }

    package func text(_ key: String) throws(InputFault) -> String {
        let node = try value(key)
        guard case .text(let text) = node.content else {
            throw fault(key, "is \(node.kind), not a text")
        }
        return text
    }

    package func list(_ key: String) throws(InputFault) -> [JSONNode] {
        let node = try value(key)
        guard case .list(let items) = node.content else {
            throw fault(key, "is \(node.kind), not a list")
        }
        return items
    }

    package func symbol(_ key: String) throws(InputFault) -> Symbol {
        let text = try text(key)
        guard let symbol = Symbol(Array(text.utf8)) else {
            throw fault(
                key, "is '\(text)', not 1 to \(Symbol.limit) of the characters A-Z a-z 0-9 - . / _")
        }
        return symbol
    }

    /// A decimal, as a number or in quotes, in units of 10^-digits; exact.
    package func decimal(_ key: String, digits: Int) throws(InputFault) -> Int64 {
        try decimal(try value(key), of: key, digits: digits)
    }

    /// The same of a value somewhere inside a field.
    package func decimal(_ node: JSONNode, of key: String, digits: Int) throws(InputFault) -> Int64
    {
        let text: String
        switch node.content {
        case .number(let number): text = number
        case .text(let quoted): text = quoted
        default: throw fault(key, at: node, "is \(node.kind), not a number")
        }
        let isNegative = text.hasPrefix("-")
        let bytes = Array(text.utf8.dropFirst(isNegative ? 1 : 0))
        let exact: Int128
        do throws(DecimalText.Failure) {
            exact = try DecimalText.value(bytes, 0..<bytes.count, most: JSONFields.largest)
        } catch {
            throw fault(
                key, at: node, "is '\(text)', not a decimal of at most \(JSONFields.largest)")
        }
        let unit = DecimalText.power(12 - digits)
        guard exact % unit == 0, let value = Int64(exactly: exact / unit) else {
            throw fault(
                key, at: node,
                "is '\(text)', which has more than \(digits) decimals or is too large")
        }
        return isNegative ? -value : value
    }

    /// The largest decimal that is read.
    private static let largest: Int128 = 1_000_000_000_000

    package func ratio(_ key: String) throws(InputFault) -> Ratio {
        Ratio(billionths: try decimal(key, digits: 9))
    }

    package func amount(_ key: String) throws(InputFault) -> Amount {
        Amount(microunits: try decimal(key, digits: 6))
    }

    package func indexPrice(_ key: String) throws(InputFault) -> IndexPrice {
        IndexPrice(micros: try decimal(key, digits: 6))
    }

    package func whole(_ key: String, in range: ClosedRange<Int64>) throws(InputFault) -> Int64 {
        let value = try decimal(key, digits: 0)
        guard range.contains(value) else {
            throw fault(key, "is \(value), not in \(range.lowerBound) … \(range.upperBound)")
        }
        return value
    }

    package func seconds(_ key: String) throws(InputFault) -> Duration {
        Duration(
            nanoseconds: UInt64(
                try whole(key, in: 0...86_400) * Int64(TimeText.second)))
    }

    /// A public key as 64 hexadecimal digits.
    package func key(_ key: String) throws(InputFault) -> PublicKey {
        guard let bytes = JSONFields.bytes(try text(key), count: 32) else {
            throw fault(key, "is not a public key of 64 hexadecimal digits")
        }
        return PublicKey(Bytes32(bytes))
    }

    /// Thirty-two bytes as 64 hexadecimal digits, with or without `0x`.
    package func bytes32(_ key: String) throws(InputFault) -> Bytes32 {
        let text = try text(key)
        let digits = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
        guard let bytes = JSONFields.bytes(digits, count: 32) else {
            throw fault(key, "is not 64 hexadecimal digits")
        }
        return Bytes32(bytes)
    }

    /// A list of Ethereum addresses, each as 40 hexadecimal digits, with or without `0x`.
    package func addresses(_ key: String) throws(InputFault) -> [EthereumAddress] {
        var addresses: [EthereumAddress] = []
        for node in try list(key) {
            guard case .text(let text) = node.content,
                let bytes = JSONFields.bytes(
                    text.hasPrefix("0x") ? String(text.dropFirst(2)) : text,
                    count: EthereumAddress.byteCount)
            else { throw fault(key, at: node, "holds what is no address of 40 hexadecimal digits") }
            addresses.append(EthereumAddress(bytes))
        }
        return addresses
    }

    /// The bytes of twice as many hexadecimal digits; nil of another text.
    private static func bytes(_ text: String, count: Int) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 2 * count else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            let pair = String(decoding: digits[place...(place + 1)], as: UTF8.self)
            if let byte = UInt8(pair, radix: 16), !pair.hasPrefix("+") { bytes.append(byte) }
        }
        return bytes.count == count ? bytes : nil
    }
}
