/// The throttle of step 2: of what a book shows inside the band, forced closing takes no more than
/// a share in each window, all accounts together, so that it does not feed the fall that causes it
/// (DESIGN 6). A window begins when something is about to be closed. The share is of the most that
/// the book has shown before a block's first closing: counted once, by whoever pulls his quotes as
/// a window begins, it would be nothing for ten seconds. One lot may always go, so that a thin book
/// makes progress too.

public import Canonical
public import Catalogue
public import FixedPoint

/// What forced closing may take of one side of a book for a while.
public struct ClosingWindow: Equatable, Sendable {
    public let start: Timestamp
    /// The most that the side has shown inside the band, in lots; not negative.
    public private(set) var depth: Quantity
    /// What may be taken, in lots; at least one.
    public private(set) var allowance: Quantity
    /// What was, in lots; at most the allowance.
    public private(set) var taken = Quantity.zero

    /// - Parameters:
    ///   - depth: not negative.
    ///   - share: of the depth; rounded down.
    public init(start: Timestamp, depth: Quantity, share: Ratio) {
        self.start = start
        self.depth = depth
        allowance = ClosingWindow.allowance(of: depth, share: share)
    }

    private static func allowance(of depth: Quantity, share: Ratio) -> Quantity {
        let part = Int128(depth.units) * Int128(share.units) / Int128(Ratio.one.units)
        return Quantity(lots: max(1, Int64(clamping: part)))
    }

    /// Takes note of what the side shows in a later block of the window.
    ///
    /// - Returns: whether more may be taken now.
    public mutating func count(_ depth: Quantity, share: Ratio) -> Bool {
        guard depth > self.depth else { return false }
        self.depth = depth
        let before = allowance
        allowance = ClosingWindow.allowance(of: depth, share: share)
        return allowance > before
    }

    /// What may still be taken.
    public var room: Quantity { allowance - taken }

    /// Counts lots that were closed.
    ///
    /// - Precondition: no more than the room.
    public mutating func take(_ lots: Quantity) {
        precondition(lots <= room, "Invariant: \(lots.lots) lots fit a room of \(room.lots)")
        taken += lots
    }
}

/// The windows of a market.
public struct MarketClosing: Equatable, Sendable {
    /// Of the bids, that forced sales take.
    public var sells: ClosingWindow?
    /// Of the asks, that forced purchases take.
    public var buys: ClosingWindow?

    public init() {}

    /// Whether nothing was ever closed.
    public var isIdle: Bool { sells == nil && buys == nil }
}

extension LiquidationParameters {
    /// The share of the depth that may be taken of a kind's book; zero is all of it.
    public func depthShare(of kind: InstrumentKind) -> Ratio {
        if case .option = kind { optionDepthShare } else { depthShare }
    }

    /// Whether a window has ended.
    public func isOver(_ window: ClosingWindow, at now: Timestamp) -> Bool {
        now.elapsed(since: window.start) >= depthWindow
    }
}

extension ClosingWindow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(start)
        encoder.append(depth)
        encoder.append(allowance)
        encoder.append(taken)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let place = decoder.offset
        start = try decoder.timestamp()
        depth = try decoder.quantity()
        allowance = try decoder.quantity()
        taken = try decoder.quantity()
        guard !depth.isNegative, allowance.isPositive, !taken.isNegative, taken <= allowance else {
            throw DecodingFault(.outOfRange, at: place)
        }
    }
}

extension MarketClosing: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(sells)
        encoder.append(buys)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        sells = try decoder.optional()
        buys = try decoder.optional()
    }
}
