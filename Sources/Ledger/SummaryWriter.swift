/// Writes the line that a wallet shows for a command: words and numbers in UTF-8, made without the
/// string functions that the deterministic rooms do without. Amounts, prices and quantities stand
/// in their raw units (micro-units of the quote asset, ticks, lots): which asset and which tick
/// they belong to is not part of the command.

import Canonical
import FixedPoint

/// A line of text in the making.
struct SummaryWriter {
    private(set) var bytes: [UInt8]

    /// A line that begins with the command's name.
    init(_ name: String) { bytes = Array(name.utf8) }

    /// A space, a field's name, and "=".
    private mutating func name(_ field: String) {
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: field.utf8)
        bytes.append(UInt8(ascii: "="))
    }

    mutating func append(_ field: String, _ text: String) {
        name(field)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ field: String, _ text: [UInt8]) {
        name(field)
        bytes.append(contentsOf: text)
    }

    mutating func append(_ field: String, _ number: UInt64) {
        name(field)
        append(decimal: number)
    }

    mutating func append<Value: IntegerQuantity>(_ field: String, _ quantity: Value) {
        name(field)
        if quantity.units < 0 { bytes.append(UInt8(ascii: "-")) }
        append(decimal: quantity.units.magnitude)
    }

    mutating func append(_ field: String, _ time: Timestamp) { append(field, time.nanoseconds) }

    mutating func append(_ field: String, _ length: Duration) { append(field, length.nanoseconds) }

    mutating func append(_ field: String, _ address: Bytes32) {
        name(field)
        append(hexadecimal: address.bytes)
    }

    /// The kind of a key, then the key.
    mutating func append(_ field: String, _ key: SignerKey) {
        switch key {
        case .ed25519(let key):
            append(field, "ed25519:")
            append(hexadecimal: key.storage.bytes)
        case .ethereum(let address):
            append(field, "ethereum:")
            append(hexadecimal: address.bytes)
        }
    }

    /// Only where it is so.
    mutating func append(_ field: String, if flag: Bool) {
        if flag { append(field, "true") }
    }

    private mutating func append(decimal number: UInt64) {
        let base: UInt64 = 10
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % base))
            rest /= base
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func append(hexadecimal raw: [UInt8]) {
        bytes.append(contentsOf: "0x".utf8)
        for byte in raw {
            for digit in [byte >> 4, byte & 0xF] {
                bytes.append(
                    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
