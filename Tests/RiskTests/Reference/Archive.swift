/// Reads a gzipped tar archive, for test data that comes as one: deflate by RFC 1951, gzip by RFC
/// 1952, tar by POSIX ustar. Small and slow; it refuses what it does not know by giving nothing.

/// One file of an archive.
struct ArchivedFile {
    var name: String
    var bytes: [UInt8]
}

enum Archive {
    /// The regular files of a `.tar.gz`; nil where it is damaged.
    static func files(ofTarGzip bytes: [UInt8]) -> [ArchivedFile]? {
        guard bytes.count > 18, bytes[0] == 0x1f, bytes[1] == 0x8b, bytes[2] == 8 else {
            return nil
        }
        var start = 10
        // An extra field, then a name, then a comment, each where its flag is set.
        if bytes[3] & 4 != 0 { start += 2 + Int(bytes[10]) + 256 * Int(bytes[11]) }
        for flag: UInt8 in [8, 16] where bytes[3] & flag != 0 {
            while bytes[start] != 0 { start += 1 }
            start += 1
        }
        var stream = BitStream(bytes: bytes, position: start)
        return Inflation.inflated(&stream).map(files(ofTar:))
    }

    /// The regular files of a tar archive.
    static func files(ofTar bytes: [UInt8]) -> [ArchivedFile] {
        let block = 512
        var files: [ArchivedFile] = []
        var header = 0
        while header + block <= bytes.count, bytes[header] != 0 {
            let size = octal(bytes[(header + 124)..<(header + 136)])
            let kind = bytes[header + 156]
            if kind == 0 || kind == UInt8(ascii: "0") {
                let name = bytes[header..<(header + 100)].prefix { $0 != 0 }
                let content = bytes[(header + block)..<(header + block + size)]
                files.append(
                    ArchivedFile(
                        name: String(decoding: name, as: UTF8.self), bytes: Array(content)))
            }
            header += block + (size + block - 1) / block * block
        }
        return files
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { sum, digit in
            (48..<56).contains(digit) ? sum * 8 + Int(digit - 48) : sum
        }
    }
}

/// Bits of a byte string, lowest first.
struct BitStream {
    let bytes: [UInt8]
    var position: Int
    private var bit = 0

    init(bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// The next bit; zero past the end, which `isExhausted` tells.
    mutating func next() -> Int {
        guard position < bytes.count else { return 0 }
        let value = Int(bytes[position] >> bit) & 1
        bit += 1
        if bit == 8 {
            bit = 0
            position += 1
        }
        return value
    }

    mutating func number(_ count: Int) -> Int {
        var value = 0
        for place in 0..<count { value |= next() << place }
        return value
    }

    /// Goes on at the next whole byte.
    mutating func align() {
        if bit > 0 {
            bit = 0
            position += 1
        }
    }

    var isExhausted: Bool { position >= bytes.count }
}

/// A prefix code by the lengths of its words (RFC 1951, 3.2.2).
struct PrefixCode {
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    init(lengths: [Int]) {
        for length in lengths where length > 0 { counts[length] += 1 }
        for length in 1...15 {
            for (symbol, own) in lengths.enumerated() where own == length {
                symbols.append(symbol)
            }
        }
    }

    func symbol(from stream: inout BitStream) -> Int? {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            code |= stream.next()
            let count = counts[length]
            if code - count < first { return symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}

enum Inflation {
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]
    private static let order = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    /// What a deflate stream holds; nil where it is damaged.
    static func inflated(_ stream: inout BitStream) -> [UInt8]? {
        var output: [UInt8] = []
        var isLast = false
        while !isLast {
            guard !stream.isExhausted else { return nil }
            isLast = stream.number(1) == 1
            switch stream.number(2) {
            case 0:
                stream.align()
                let count = stream.number(16)
                guard stream.number(16) == count ^ 0xffff else { return nil }
                guard stream.position + count <= stream.bytes.count else { return nil }
                output += stream.bytes[stream.position..<(stream.position + count)]
                stream.position += count
            case 1:
                let lengths =
                    [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
                    + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8)
                let distances = PrefixCode(lengths: [Int](repeating: 5, count: 30))
                guard copy(&stream, PrefixCode(lengths: lengths), distances, to: &output) else {
                    return nil
                }
            case 2:
                guard let (literals, distances) = codes(&stream),
                    copy(&stream, literals, distances, to: &output)
                else { return nil }
            default: return nil
            }
        }
        return output
    }

    /// The two codes that a dynamic block opens with.
    private static func codes(_ stream: inout BitStream) -> (PrefixCode, PrefixCode)? {
        let literals = stream.number(5) + 257
        let distances = stream.number(5) + 1
        var lengths = [Int](repeating: 0, count: 19)
        for place in 0..<(stream.number(4) + 4) { lengths[order[place]] = stream.number(3) }
        let code = PrefixCode(lengths: lengths)
        var all: [Int] = []
        while all.count < literals + distances {
            guard let symbol = code.symbol(from: &stream) else { return nil }
            switch symbol {
            case ..<16: all.append(symbol)
            case 16:
                guard let last = all.last else { return nil }
                all += [Int](repeating: last, count: 3 + stream.number(2))
            case 17: all += [Int](repeating: 0, count: 3 + stream.number(3))
            default: all += [Int](repeating: 0, count: 11 + stream.number(7))
            }
        }
        return (
            PrefixCode(lengths: Array(all[..<literals])),
            PrefixCode(lengths: Array(all[literals..<(literals + distances)]))
        )
    }

    /// Appends a block's literals and copies.
    private static func copy(
        _ stream: inout BitStream, _ literals: PrefixCode, _ distances: PrefixCode,
        to output: inout [UInt8]
    ) -> Bool {
        while !stream.isExhausted {
            guard let symbol = literals.symbol(from: &stream) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            guard symbol - 257 < lengthBases.count else { return false }
            let length = lengthBases[symbol - 257] + stream.number(lengthBits[symbol - 257])
            guard let place = distances.symbol(from: &stream), place < distanceBases.count else {
                return false
            }
            let distance = distanceBases[place] + stream.number(place < 2 ? 0 : place / 2 - 1)
            guard distance <= output.count else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
        return false
    }
}
