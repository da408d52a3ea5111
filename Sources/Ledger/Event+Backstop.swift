/// What happens between accounts under liquidation and those who stand behind their compartment,
/// and what these earn.

public import Canonical
import Catalogue
public import FixedPoint
import Liquidation

/// A part of a position changed hands at the mark, from an account under liquidation to a provider
/// (`sliceMoved`), or from a provider that has lost what it may to who held the other side
/// (`backstopClosed`).
public struct SliceMove: Equatable, Sendable {
    public let account: AccountIdentifier
    /// Who took it.
    public let provider: AccountIdentifier
    public let instrument: InstrumentIdentifier
    /// Signed as the position that it was taken from.
    public let quantity: Quantity
    /// Of its lots at the mark, rounded down; not negative.
    public let notional: Amount
}

/// What a provider was paid for a slice.
public struct SliceSale: Equatable, Sendable {
    /// The account under liquidation.
    public let account: AccountIdentifier
    public let provider: AccountIdentifier
    /// Of every position.
    public let share: Ratio
    /// Before the first slice of the block.
    public let equity: Amount
    /// The one at which all slices of the block cleared, as a share of the equity.
    public let discount: Ratio
    /// share · discount · equity, rounded to the favour of the account over all slices.
    public let payment: Amount
}

/// For how long a maker stood in an epoch, all perpetuals of its compartment added, and what it
/// earned.
public struct MakerEpoch: Equatable, Sendable {
    public let account: AccountIdentifier
    public let present: Duration
    /// Of so much.
    public let measured: Duration
    /// The same under stress.
    public let presentStressed: Duration
    public let measuredStressed: Duration
    public let rebate: Amount
}

extension Event {
    func encodeBackstop(into encoder: inout CanonicalEncoder) {
        switch self {
        case .backstopSet(let account, let limits, let start):
            encoder.append(UInt8(136))
            encoder.append(account)
            encoder.append(limits)
            encoder.append(start)
        case .backstopNoticeGiven(let account, let end):
            encoder.append(UInt8(137))
            encoder.append(account)
            encoder.append(end)
        case .backstopLeft(let account):
            encoder.append(UInt8(138))
            encoder.append(account)
        case .backstopAuctionStarted(let account, let equity, let requirement):
            encoder.append(UInt8(139))
            encoder.append(account)
            encoder.append(equity)
            encoder.append(requirement)
        case .sliceMoved(let move):
            encoder.append(UInt8(140))
            encoder.append(move)
        case .sliceTaken(let sale):
            encoder.append(UInt8(141))
            encoder.append(sale)
        case .backstopStopped(let account, let underlying, let loss):
            encoder.append(UInt8(142))
            encoder.append(account)
            encoder.append(underlying)
            encoder.append(loss)
        case .backstopPaid(let account, let amount):
            encoder.append(UInt8(143))
            encoder.append(account)
            encoder.append(amount)
        case .makerMeasured(let epoch):
            encoder.append(UInt8(144))
            encoder.append(epoch)
        case .backstopClosed(let move):
            encoder.append(UInt8(145))
            encoder.append(move)
        default: break
        }
    }

    init(backstop tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 136:
            self = .backstopSet(
                try decoder.value(), try decoder.value(), start: try decoder.timestamp())
        case 137:
            self = .backstopNoticeGiven(try decoder.value(), end: try decoder.timestamp())
        case 138: self = .backstopLeft(try decoder.value())
        case 139:
            self = .backstopAuctionStarted(
                try decoder.value(), equity: try decoder.quantity(),
                requirement: try decoder.quantity())
        case 140: self = .sliceMoved(try decoder.value())
        case 141: self = .sliceTaken(try decoder.value())
        case 142:
            self = .backstopStopped(
                try decoder.value(), try decoder.value(), loss: try decoder.quantity())
        case 143: self = .backstopPaid(try decoder.value(), try decoder.quantity())
        case 144: self = .makerMeasured(try decoder.value())
        case 145: self = .backstopClosed(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}

extension SliceMove: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(provider)
        encoder.append(instrument)
        encoder.append(quantity)
        encoder.append(notional)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        provider = try decoder.value()
        instrument = try decoder.value()
        quantity = try decoder.quantity()
        notional = try decoder.quantity()
    }
}

extension SliceSale: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(provider)
        encoder.append(share)
        encoder.append(equity)
        encoder.append(discount)
        encoder.append(payment)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        provider = try decoder.value()
        share = try decoder.quantity()
        equity = try decoder.quantity()
        discount = try decoder.quantity()
        payment = try decoder.quantity()
    }
}

extension MakerEpoch: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(present.nanoseconds)
        encoder.append(measured.nanoseconds)
        encoder.append(presentStressed.nanoseconds)
        encoder.append(measuredStressed.nanoseconds)
        encoder.append(rebate)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        present = Duration(nanoseconds: try decoder.uint64())
        measured = Duration(nanoseconds: try decoder.uint64())
        presentStressed = Duration(nanoseconds: try decoder.uint64())
        measuredStressed = Duration(nanoseconds: try decoder.uint64())
        rebate = try decoder.quantity()
    }
}
