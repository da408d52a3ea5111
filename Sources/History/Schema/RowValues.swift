/// From quantities to columns and back. The readers refuse what the writers never write, so that a
/// database that somebody else has changed is found out and not answered from.

import Canonical
import FixedPoint

/// The values of a row, or of several in a row, on their way to a database.
package struct RowValues: Sendable {
    package private(set) var values: [SQLValue] = []

    package init() {}

    mutating func reserve(_ count: Int) { values.reserveCapacity(count) }

    mutating func put(_ value: SQLValue) { values.append(value) }
    mutating func put(_ value: Int64) { values.append(.integer(value)) }
    mutating func put(_ value: UInt64) { values.append(.integer(Int64(clamping: value))) }
    mutating func put<Value: IntegerQuantity>(_ value: Value) {
        values.append(.integer(value.units))
    }
    mutating func put<Value: IntegerQuantity>(_ value: Value?) {
        values.append(value.map { .integer($0.units) } ?? .null)
    }
    mutating func put(_ value: Timestamp) { put(value.nanoseconds) }
    mutating func put(_ value: Bool) { values.append(.integer(value ? 1 : 0)) }
    mutating func put(_ value: AccountIdentifier) { put(UInt64(value.number)) }
    mutating func put(_ value: AccountIdentifier?) {
        values.append(value.map { .integer(Int64($0.number)) } ?? .null)
    }
    mutating func put(_ value: InstrumentIdentifier) { put(UInt64(value.number)) }
    mutating func put(_ value: InstrumentIdentifier?) {
        values.append(value.map { .integer(Int64($0.number)) } ?? .null)
    }
    mutating func put(_ value: UnderlyingIdentifier) { put(UInt64(value.number)) }
    mutating func put(_ value: OrderIdentifier) { put(value.number) }
    mutating func put(_ value: Label) {
        values.append(.text(String(decoding: value.bytes, as: UTF8.self)))
    }
    mutating func put(_ value: Digest) { values.append(.bytes(value.storage.bytes)) }
    mutating func put(_ value: Bytes32?) {
        values.append(value.map { .bytes($0.bytes) } ?? .null)
    }
    mutating func put(_ value: [UInt8]) { values.append(.bytes(value)) }
    mutating func put(optional value: UInt64?) {
        values.append(value.map { .integer(Int64(clamping: $0)) } ?? .null)
    }
    /// A number of more than 64 bits, as its decimal digits.
    mutating func put(wide value: Int128) { values.append(.text(String(value))) }
}

/// The values of a row that was read, taken one by one.
package struct RowFields: ~Copyable {
    private let values: [SQLValue]
    private let table: String
    private var place: Int

    init(_ values: [SQLValue], of table: String, from place: Int = 0) {
        self.values = values
        self.table = table
        self.place = place
    }

    private mutating func next() throws(HistoryFault) -> SQLValue {
        guard place < values.count else { throw damaged }
        place += 1
        return values[place - 1]
    }

    var damaged: HistoryFault { .damaged(table: table, column: place) }

    mutating func integer() throws(HistoryFault) -> Int64 {
        guard case .integer(let value) = try next() else { throw damaged }
        return value
    }

    mutating func whole<Value: FixedWidthInteger>() throws(HistoryFault) -> Value {
        guard let value = Value(exactly: try integer()) else { throw damaged }
        return value
    }

    mutating func optionalInteger() throws(HistoryFault) -> Int64? {
        switch try next() {
        case .null: return nil
        case .integer(let value): return value
        case .text, .bytes: throw damaged
        }
    }

    mutating func optionalWhole<Value: FixedWidthInteger>() throws(HistoryFault) -> Value? {
        guard let number = try optionalInteger() else { return nil }
        guard let value = Value(exactly: number) else { throw damaged }
        return value
    }

    mutating func quantity<Value: IntegerQuantity>() throws(HistoryFault) -> Value {
        Value(units: try integer())
    }

    mutating func optionalQuantity<Value: IntegerQuantity>() throws(HistoryFault) -> Value? {
        try optionalInteger().map { Value(units: $0) }
    }

    mutating func timestamp() throws(HistoryFault) -> Timestamp {
        Timestamp(nanoseconds: try whole())
    }

    mutating func boolean() throws(HistoryFault) -> Bool {
        switch try integer() {
        case 0: return false
        case 1: return true
        default: throw damaged
        }
    }

    mutating func account() throws(HistoryFault) -> AccountIdentifier {
        AccountIdentifier(try whole())
    }

    mutating func optionalAccount() throws(HistoryFault) -> AccountIdentifier? {
        try optionalWhole().map { AccountIdentifier($0) }
    }

    mutating func instrument() throws(HistoryFault) -> InstrumentIdentifier {
        InstrumentIdentifier(try whole())
    }

    mutating func optionalInstrument() throws(HistoryFault) -> InstrumentIdentifier? {
        try optionalWhole().map { InstrumentIdentifier($0) }
    }

    mutating func underlying() throws(HistoryFault) -> UnderlyingIdentifier {
        UnderlyingIdentifier(try whole())
    }

    mutating func order() throws(HistoryFault) -> OrderIdentifier {
        OrderIdentifier(try whole())
    }

    mutating func text() throws(HistoryFault) -> String {
        guard case .text(let value) = try next() else { throw damaged }
        return value
    }

    mutating func label() throws(HistoryFault) -> Label {
        guard let label = Label(Array(try text().utf8)) else { throw damaged }
        return label
    }

    mutating func wide() throws(HistoryFault) -> Int128 {
        guard let value = Int128(try text()) else { throw damaged }
        return value
    }

    mutating func bytes() throws(HistoryFault) -> [UInt8] {
        guard case .bytes(let value) = try next() else { throw damaged }
        return value
    }

    mutating func optionalBytes() throws(HistoryFault) -> [UInt8]? {
        switch try next() {
        case .null: return nil
        case .bytes(let value): return value
        case .text, .integer: throw damaged
        }
    }

    mutating func digest() throws(HistoryFault) -> Digest {
        Digest(try bytes32(of: try bytes()))
    }

    mutating func optionalBytes32() throws(HistoryFault) -> Bytes32? {
        guard let bytes = try optionalBytes() else { return nil }
        return try bytes32(of: bytes)
    }

    private func bytes32(of bytes: [UInt8]) throws(HistoryFault) -> Bytes32 {
        guard bytes.count == 32 else { throw damaged }
        return Bytes32(bytes)
    }

    mutating func choice<Value: RawRepresentable>() throws(HistoryFault) -> Value
    where Value.RawValue: FixedWidthInteger {
        guard let raw = Value.RawValue(exactly: try integer()), let value = Value(rawValue: raw)
        else { throw damaged }
        return value
    }

    mutating func optionalChoice<Value: RawRepresentable>() throws(HistoryFault) -> Value?
    where Value.RawValue: FixedWidthInteger {
        guard let number = try optionalInteger() else { return nil }
        guard let raw = Value.RawValue(exactly: number), let value = Value(rawValue: raw) else {
            throw damaged
        }
        return value
    }

    mutating func value<Value: CanonicalValue>(of: Value.Type) throws(HistoryFault) -> Value {
        do throws(DecodingFault) {
            return try Value(canonicalBytes: rawBytes())
        } catch {
            throw damaged
        }
    }

    /// Bytes for a decoder; none where there are none.
    private mutating func rawBytes() -> [UInt8] {
        guard place < values.count, case .bytes(let value) = values[place] else { return [] }
        place += 1
        return value
    }
}
