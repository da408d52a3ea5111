/// What a report says: words of the ABI by its schema, which the feed's name begins with. Schema 3
/// is the price of a crypto market, schema 9 the net asset value of a fund. Prices count in 10⁻¹⁸.
/// Source: data-streams-sdk, `go/report/v3` and `v9`.

public import Canonical

extension ChainlinkReport {
    /// What every report says, and what its schema adds.
    public struct Body: Equatable, Sendable {
        public let feed: Bytes32
        /// From when on it counts, in seconds since 1970, as the times below.
        public let start: UInt32
        /// When the price was seen.
        public let time: UInt32
        /// Fees for verification on other chains, in 10⁻¹⁸ of their coin.
        public let nativeFee: Int128
        public let linkFee: Int128
        /// Past this it counts no more.
        public let end: UInt32
        public let figures: Figures
    }

    /// What a schema adds; all in 10⁻¹⁸ where nothing else is said.
    public enum Figures: Equatable, Sendable {
        /// Schema 3.
        case market(benchmark: Int128, bid: Int128, ask: Int128)
        /// Schema 9: value a share, when it was struck (in the units of its issuer), assets under
        /// management, and whether its issuer has pulled the ripcord (not zero).
        case fund(shareValue: Int128, date: UInt64, assets: Int128, ripcord: UInt32)
    }
}

extension ChainlinkReport.Body {
    private static let marketSchema: UInt16 = 3
    private static let fundSchema: UInt16 = 9

    /// Takes all of `bytes` apart.
    ///
    /// - Throws: `malformed` or `outOfScale`.
    init(_ bytes: [UInt8]) throws(PullFault) {
        var reader = WireReader(bytes)
        feed = try reader.bytes32()
        start = try reader.narrow()
        time = try reader.narrow()
        nativeFee = try reader.positive()
        linkFee = try reader.positive()
        end = try reader.narrow()
        switch UInt16(feed[0]) << 8 | UInt16(feed[1]) {
        case ChainlinkReport.Body.marketSchema:
            figures = .market(
                benchmark: try reader.signed(), bid: try reader.signed(),
                ask: try reader.signed())
        case ChainlinkReport.Body.fundSchema:
            figures = .fund(
                shareValue: try reader.signed(), date: try reader.whole(),
                assets: try reader.signed(), ripcord: try reader.narrow())
        default: throw .malformed
        }
        try reader.finish()
    }
}

extension WireReader {
    /// A word that holds a whole number below 2³².
    fileprivate mutating func narrow() throws(PullFault) -> UInt32 {
        guard let value = UInt32(exactly: try whole()) else { throw .malformed }
        return value
    }

    /// A word that holds a number of 192 bits in two's complement.
    ///
    /// - Throws: `malformed` where it has more bits, `outOfScale` where it is beyond 2¹²⁷.
    fileprivate mutating func signed() throws(PullFault) -> Int128 {
        let high = try int128()
        let low = try int128()
        // The sign fills everything above bit 190.
        guard let upper = Int64(exactly: high) else { throw .malformed }
        guard upper == (low < 0 ? -1 : 0) else { throw .outOfScale }
        return low
    }

    /// The same, zero or more.
    fileprivate mutating func positive() throws(PullFault) -> Int128 {
        let value = try signed()
        guard value >= 0 else { throw .malformed }
        return value
    }
}
