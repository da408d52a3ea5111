/// Lines of a pipe that any program can write to: `UNDERLYING=PRICE`, and behind it, if known, what
/// it costs to move the price by 2 % down and up: `BTC=97000.5 1500000 1400000`. Bytes come in as
/// they are read; a line that is too long is dropped to its end.

import FixedPoint

/// A line of a pipe, read.
package struct PipeLine: Equatable, Sendable {
    /// As the line names it.
    package let underlying: String
    /// What the line says, or what is wrong with that.
    package let quote: Result<Quote, Finding>
}

/// Puts lines together.
package struct PipeLines: Sendable {
    /// Most bytes of a line.
    package static let longestLine = 1_024
    private static let lineFeed = UInt8(ascii: "\n")
    private var rest: [UInt8] = []
    private var isTooLong = false

    package init() {}

    /// Takes bytes; gives the lines that are whole with them, without their ends and without empty
    /// ones. A line that was too long is an empty one here.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == PipeLines.lineFeed {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                if isTooLong || !rest.isEmpty { lines.append(isTooLong ? [] : rest) }
                rest.removeAll(keepingCapacity: true)
                isTooLong = false
            } else if rest.count < PipeLines.longestLine {
                rest.append(byte)
            } else {
                isTooLong = true
            }
        }
        return lines
    }

    /// What a line says; nil where it names no underlying.
    package static func read(_ line: [UInt8]) -> PipeLine? {
        let words = line.split(separator: UInt8(ascii: " ")).map(Array.init)
        guard let first = words.first, let equals = first.firstIndex(of: UInt8(ascii: "=")),
            equals > 0
        else { return nil }
        return PipeLine(
            underlying: String(decoding: first[..<equals], as: UTF8.self),
            quote: quote(Array(first[(equals + 1)...]), depths: Array(words.dropFirst())))
    }

    private static func quote(_ price: [UInt8], depths: [[UInt8]]) -> Result<Quote, Finding> {
        do throws(Finding) {
            guard depths.isEmpty || depths.count == 2 else {
                throw .malformed("behind the price stand no depth or two")
            }
            var quote = Quote(
                last: try ExactNumber.price(
                    picos: try ExactNumber.picos(price, "price"), unit: 1))
            if depths.count == 2 {
                quote.depthBelow = try ExactNumber.amount(
                    picos: try ExactNumber.picos(depths[0], "depth below"))
                quote.depthAbove = try ExactNumber.amount(
                    picos: try ExactNumber.picos(depths[1], "depth above"))
            }
            _ = try quote.price()
            return .success(quote)
        } catch {
            return .failure(error)
        }
    }
}
