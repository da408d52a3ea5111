/// Unpacks gzip files for tests of rooms that link no C library (RFC 1951, RFC 1952). It is a plain
/// bit by bit reading of the format, for files that are trusted.
import Foundation

/// A file that was packed with gzip.
public enum GzipFile {
    /// What the file holds, its members one after the other; nil where it cannot be read.
    public static func bytes(of path: String) -> [UInt8]? {
        guard let packed = FileManager.default.contents(atPath: path) else { return nil }
        var reader = Inflation(input: [UInt8](packed))
        while reader.place < reader.input.count {
            guard reader.readMember() else { return nil }
        }
        return reader.output
    }

    /// The lines of a file with commas, each as its fields, the first being the heading.
    public static func rows(of path: String) -> [[Substring]]? {
        guard let bytes = bytes(of: path) else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
    }
}

/// The lengths of codes made canonical: a code is found by its length and its place among those.
private struct PrefixCodes {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(lengths: [Int]) {
        for length in 1...15 {
            for (symbol, own) in lengths.enumerated() where own == length {
                counts[length] += 1
                symbols.append(symbol)
            }
        }
    }
}

private struct Inflation {
    let input: [UInt8]
    var output: [UInt8] = []
    var place = 0
    private var held: UInt32 = 0
    private var heldBits: UInt32 = 0

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let lengthExtra: [UInt32] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537,
        2_049, 3_073, 4_097, 6_145, 8_193, 12_289, 16_385, 24_577,
    ]
    private static let orderOfLengths = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    init(input: [UInt8]) { self.input = input }

    private mutating func bits(_ count: UInt32) -> Int {
        while heldBits < count {
            held |= UInt32(place < input.count ? input[place] : 0) << heldBits
            place += 1
            heldBits += 8
        }
        let value = held & (1 << count - 1)
        held >>= count
        heldBits -= count
        return Int(value)
    }

    /// -1 where no code fits.
    private mutating func symbol(_ codes: borrowing PrefixCodes) -> Int {
        var (code, first, start) = (0, 0, 0)
        for length in 1...15 {
            code |= bits(1)
            let count = codes.counts[length]
            if code - count < first { return codes.symbols[start + code - first] }
            start += count
            first = (first + count) << 1
            code <<= 1
        }
        return -1
    }

    mutating func readMember() -> Bool {
        guard place + 18 <= input.count, input[place] == 0x1f, input[place + 1] == 0x8b else {
            return false
        }
        let flags = input[place + 3]
        place += 10
        if flags & 4 != 0 { place += 2 + Int(input[place]) + Int(input[place + 1]) << 8 }
        for flag in [UInt8(8), 16] where flags & flag != 0 {
            while input[place] != 0 { place += 1 }
            place += 1
        }
        if flags & 2 != 0 { place += 2 }
        (held, heldBits) = (0, 0)
        while true {
            let isLast = bits(1) == 1
            guard readBlock(kind: bits(2)), place <= input.count else { return false }
            if isLast { break }
        }
        // Check sum and size.
        place += 8
        return place <= input.count
    }

    private mutating func readBlock(kind: Int) -> Bool {
        switch kind {
        case 0:
            (held, heldBits) = (0, 0)
            guard place + 4 <= input.count else { return false }
            let count = Int(input[place]) + Int(input[place + 1]) << 8
            place += 4
            guard place + count <= input.count else { return false }
            output += input[place..<(place + count)]
            place += count
            return true
        case 1:
            let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
            return readCodes(
                PrefixCodes(lengths: lengths),
                PrefixCodes(lengths: [Int](repeating: 5, count: 30)))
        case 2: return readDynamic()
        default: return false
        }
    }

    private mutating func readDynamic() -> Bool {
        let (literals, distances, codes) = (bits(5) + 257, bits(5) + 1, bits(4) + 4)
        var short = [Int](repeating: 0, count: 19)
        for place in Inflation.orderOfLengths.prefix(codes) { short[place] = bits(3) }
        let ofLengths = PrefixCodes(lengths: short)
        var lengths: [Int] = []
        while lengths.count < literals + distances {
            let symbol = symbol(ofLengths)
            switch symbol {
            case 0...15: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { return false }
                lengths += [Int](repeating: last, count: 3 + bits(2))
            case 17: lengths += [Int](repeating: 0, count: 3 + bits(3))
            case 18: lengths += [Int](repeating: 0, count: 11 + bits(7))
            default: return false
            }
        }
        return readCodes(
            PrefixCodes(lengths: Array(lengths[..<literals])),
            PrefixCodes(lengths: Array(lengths[literals...])))
    }

    private mutating func readCodes(_ literals: PrefixCodes, _ distances: PrefixCodes) -> Bool {
        while true {
            let next = symbol(literals)
            switch next {
            case 0..<256: output.append(UInt8(next))
            case 256: return true
            case 257..<286:
                let length =
                    Inflation.lengthBase[next - 257] + bits(Inflation.lengthExtra[next - 257])
                let code = symbol(distances)
                guard code >= 0, code < 30 else { return false }
                let distance =
                    Inflation.distanceBase[code] + bits(UInt32(max(0, code / 2 - 1)))
                guard distance <= output.count else { return false }
                for _ in 0..<length { output.append(output[output.count - distance]) }
            default: return false
            }
        }
    }
}
