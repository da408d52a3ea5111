/// The bytes of the fuzzer as a stream of choices. When they are used up every choice is the first
/// one, so that any prefix of an input is an input, and a run always ends.

struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isEmpty: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8 {
        guard !isEmpty else { return 0 }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Up to `count` bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let end = min(bytes.count, offset + count)
        defer { offset = end }
        return Array(bytes[offset..<end])
    }

    /// Everything that is left.
    mutating func rest() -> [UInt8] { bytes(bytes.count - offset) }

    /// Moves over `count` bytes.
    mutating func skip(_ count: Int) { offset = min(bytes.count, offset + count) }

    /// Two bytes, lowest first.
    mutating func word() -> Int { Int(byte()) | Int(byte()) << 8 }

    /// Eight bytes, lowest first.
    mutating func integer() -> Int64 {
        var value: UInt64 = 0
        for place in 0..<8 { value |= UInt64(byte()) << UInt64(place * 8) }
        return Int64(bitPattern: value)
    }

    /// A number in `0 ..< count`, from one byte.
    mutating func place(in count: Int) -> Int { Int(byte()) % max(1, count) }

    /// One of a menu.
    mutating func choice<Element>(_ menu: [Element]) -> Element { menu[place(in: menu.count)] }

    /// True for one in `whole` values of a byte; never when the bytes are used up.
    mutating func rarely(_ whole: Int) -> Bool { Int(byte()) % whole == whole - 1 }
}
