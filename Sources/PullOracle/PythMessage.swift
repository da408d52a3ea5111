/// What Pyth says of one feed: a price, or the sums from which an average over time is made. A
/// price is a whole number times a power of ten. Source: pyth-crosschain,
/// `pythnet_sdk/src/messages.rs`.

public import Canonical

/// A price of one feed.
public struct PythPrice: Equatable, Sendable {
    public let feed: Bytes32
    /// × 10^`exponent`; half the width of a band that holds the price is `confidence`.
    public let price: Int64
    public let confidence: UInt64
    public let exponent: Int32
    /// Seconds since 1970.
    public let time: Int64
    /// Of the price before this one, in seconds since 1970.
    public let previousTime: Int64
    /// The moving average and its confidence, on the same scale.
    public let average: Int64
    public let averageConfidence: UInt64
}

/// The running sums of one feed, from which others make an average over time; no price by itself.
public struct PythSums: Equatable, Sendable {
    public let feed: Bytes32
    /// Of all slots so far, × 10^`exponent`.
    public let price: Int128
    /// Of all slots so far, two's complement as it stands.
    public let confidence: Int128
    /// Slots without a price.
    public let silentSlots: UInt64
    public let exponent: Int32
    /// Seconds since 1970.
    public let time: Int64
    public let previousTime: Int64
    public let slot: UInt64
}

/// A message of the accumulator.
public enum PythMessage: Equatable, Sendable {
    case price(PythPrice)
    case sums(PythSums)

    private static let priceTag: UInt8 = 0
    private static let sumsTag: UInt8 = 1

    /// Takes all of `bytes` apart.
    ///
    /// - Throws: `malformed`.
    init(_ bytes: [UInt8]) throws(PullFault) {
        var reader = WireReader(bytes)
        switch try reader.byte() {
        case PythMessage.priceTag:
            self = .price(
                PythPrice(
                    feed: try reader.bytes32(), price: try reader.int64(),
                    confidence: try reader.uint64(), exponent: try reader.int32(),
                    time: try reader.int64(), previousTime: try reader.int64(),
                    average: try reader.int64(), averageConfidence: try reader.uint64()))
        case PythMessage.sumsTag:
            self = .sums(
                PythSums(
                    feed: try reader.bytes32(), price: try reader.int128(),
                    confidence: try reader.int128(), silentSlots: try reader.uint64(),
                    exponent: try reader.int32(), time: try reader.int64(),
                    previousTime: try reader.int64(), slot: try reader.uint64()))
        default: throw .malformed
        }
        try reader.finish()
    }
}
