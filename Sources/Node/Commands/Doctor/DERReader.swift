/// Reads DER (X.690) and the PEM text around it, as far as certificates and keys need.

import Foundation

/// A place in a sequence of DER elements.
struct DERReader {
    /// The tags that are looked for.
    enum Tag: UInt8 {
        case bits = 0x03
        case octets = 0x04
        case shortTime = 0x17
        case longTime = 0x18
        case sequence = 0x30
        /// [0] of a certificate.
        case version = 0xa0
        /// [1] of an elliptic key.
        case point = 0xa1
    }

    /// An element.
    struct Element: Equatable {
        let tag: UInt8
        let content: [UInt8]
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The tag of the element that comes next; nil at the end.
    var nextTag: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// The next element; nil at the end, and where it is cut off.
    mutating func next() -> Element? {
        guard let tag = nextTag, place + 1 < bytes.count else { return nil }
        let first = Int(bytes[place + 1])
        var start = place + 2
        var count = first
        if first >= 0x80 {
            // The low bits say how many bytes of length follow; four reach far beyond any file.
            let width = first & 0x7f
            guard (1...4).contains(width), start + width <= bytes.count else { return nil }
            count = bytes[start..<(start + width)].reduce(0) { $0 << 8 | Int($1) }
            start += width
        }
        guard count <= bytes.count - start else { return nil }
        place = start + count
        return Element(tag: tag, content: Array(bytes[start..<place]))
    }

    /// The inside of the sequence that `bytes` begin with.
    static func sequence(_ bytes: [UInt8]) -> DERReader? {
        var reader = DERReader(bytes)
        return reader.enter(.sequence)
    }

    /// The element that `bytes` begin with.
    static func first(_ bytes: [UInt8]) -> Element? {
        var reader = DERReader(bytes)
        return reader.next()
    }

    /// The first element of the sequence that `bytes` begin with.
    static func first(inSequence bytes: [UInt8]) -> Element? {
        var reader = sequence(bytes)
        return reader?.next()
    }

    /// The inside of the next element, which must have this tag.
    mutating func enter(_ tag: Tag) -> DERReader? {
        guard nextTag == tag.rawValue, let element = next() else { return nil }
        return DERReader(element.content)
    }
}

/// One block of a PEM text.
struct PEMBlock: Equatable {
    /// Such as `CERTIFICATE`.
    let label: String
    let bytes: [UInt8]

    /// All blocks that can be read, in their order.
    static func all(in text: String) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var label: String?
        var body = ""
        for line in text.split(whereSeparator: \.isNewline).map(\.trimmed) {
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----") {
                label = String(line.dropFirst("-----BEGIN ".count).dropLast("-----".count))
                body = ""
            } else if line.hasPrefix("-----END "), let name = label {
                if let data = Data(base64Encoded: body) {
                    blocks.append(PEMBlock(label: name, bytes: [UInt8](data)))
                }
                label = nil
            } else if label != nil, !line.contains(":") {
                body += line
            }
        }
        return blocks
    }
}
