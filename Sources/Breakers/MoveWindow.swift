/// How far an index has moved within one minute and within five: against the lowest and the highest
/// price of the window, so that the band follows the market (`facts/risk.md`, "Default
/// parameters"). Buckets of ten seconds; the one being filled counts beside the full ones, so a
/// move is never seen smaller than in the sliding window.

public import Canonical
public import FixedPoint

/// The lows and highs of an index over the last five minutes.
public struct MoveWindow: Equatable, Sendable {
    /// The lowest and highest price of a bucket; zero where there was none.
    private struct Span: Equatable, Sendable {
        var low = IndexPrice.zero
        var high = IndexPrice.zero
    }

    /// The length of a bucket.
    private static let width = Duration.seconds(10)
    /// Full buckets of a minute.
    private static let minute = 6
    /// Full buckets of five minutes.
    private static let fiveMinutes = 30

    /// By bucket number modulo their count; empty before the first price.
    private var spans: [Span] = []
    private var newest: UInt64 = 0

    public init() {}

    /// Whether it has seen nothing yet.
    public var isEmpty: Bool { spans.isEmpty }

    /// Takes note of a price that a quorum stands behind.
    ///
    /// - Parameter index: positive.
    public mutating func record(_ index: IndexPrice, at now: Timestamp) {
        if spans.isEmpty {
            spans = [Span](repeating: Span(), count: MoveWindow.fiveMinutes + 1)
        }
        let bucket = now.count(of: MoveWindow.width)
        if bucket > newest {
            let steps = Int(min(bucket - newest, UInt64(spans.count)))
            for step in 1...steps {
                spans[place(of: newest + UInt64(step))] = Span()
            }
            newest = bucket
        }
        let current = place(of: newest)
        let span = spans[current]
        let low = span.low == .zero ? index : min(span.low, index)
        spans[current] = Span(low: low, high: max(span.high, index))
    }

    /// The move within one minute, and within five: of a price against the lowest and the highest
    /// of the window, the larger of the two, rounded down.
    ///
    /// - Parameter index: as last recorded.
    public func moves(of index: IndexPrice) -> (minute: Ratio, fiveMinutes: Ratio) {
        guard !spans.isEmpty else { return (.zero, .zero) }
        var low = index
        var high = index
        var minute = Ratio.zero
        for age in 0...min(UInt64(MoveWindow.fiveMinutes), newest) {
            let span = spans[place(of: newest - age)]
            if span.low.isPositive {
                low = min(low, span.low)
                high = max(high, span.high)
            }
            if age == UInt64(MoveWindow.minute) {
                minute = MoveWindow.move(of: index, low: low, high: high)
            }
        }
        return (minute, MoveWindow.move(of: index, low: low, high: high))
    }

    private static func move(of index: IndexPrice, low: IndexPrice, high: IndexPrice) -> Ratio {
        let one = Int128(Ratio.one.units)
        let up = Int128((index - low).units) * one / Int128(max(1, low.units))
        let down = Int128((high - index).units) * one / Int128(max(1, high.units))
        return Ratio(units: Int64(clamping: max(up, down)))
    }

    private func place(of bucket: UInt64) -> Int { Int(bucket % UInt64(spans.count)) }
}

extension MoveWindow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(newest)
        for span in spans {
            encoder.append(span.low)
            encoder.append(span.high)
        }
    }

    /// Reads one that is not empty.
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        newest = try decoder.uint64()
        for _ in 0...MoveWindow.fiveMinutes {
            let start = decoder.offset
            let span = Span(low: try decoder.quantity(), high: try decoder.quantity())
            guard !span.low.isNegative, span.high >= span.low,
                span.low.isPositive || span.high == .zero
            else { throw DecodingFault(.outOfRange, at: start) }
            spans.append(span)
        }
    }
}
