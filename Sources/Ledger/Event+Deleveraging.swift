/// What closing against the other side says to those whom it reaches: who closed with whom and by
/// what measure, what a bankrupt account lacked and who paid it, and for each payer the sum that
/// led to what he was asked for. Everything can be worked out again from the event alone.

public import Canonical
public import FixedPoint

/// Why two accounts closed against each other.
public enum DeleverageKind: UInt8, CaseIterable, Sendable {
    /// In proportion to the day's profit times leverage.
    case proportion = 0
    /// Both had to be closed.
    case mutual = 1
    /// As the best of a queue: a laboratory's rule.
    case queue = 2
}

/// Two accounts closed against each other without a book, at the mark. What the counterparty gives
/// up against the mark is a payment of its own (`LossDemand`).
public struct Deleverage: Equatable, Sendable {
    /// The account under liquidation.
    public let account: AccountIdentifier
    public let counterparty: AccountIdentifier
    public let instrument: InstrumentIdentifier
    public let quantity: Quantity
    /// Quantity × mark, rounded down.
    public let notional: Amount
    public let kind: DeleverageKind
    /// The rank of the counterparty, from 0, and the figures behind it: its score is profit ×
    /// gross notional / equity.
    public let rank: UInt32
    public let profit: Amount
    public let equity: Amount
    public let grossNotional: Amount
    /// What the counterparty held before, not negative.
    public let held: Quantity
    /// All lots that this block closes against the counterparty's side, which is what was divided.
    public let demand: Quantity
}

/// An account lacks money for what it owes.
public struct Shortfall: Equatable, Sendable {
    public let account: AccountIdentifier
    /// What it lacks when everything is closed at the mark; positive.
    public let amount: Amount
    /// What other accounts of its owner pay of it, out of their profit of the day.
    public let byOwner: Amount
    /// What the insurance fund pays of it, within its caps.
    public let byFund: Amount

    /// What is asked of the other side.
    public var left: Amount { amount - byOwner - byFund }
}

/// In whose place an account is asked to pay.
public enum LossStage: UInt8, CaseIterable, Sendable {
    /// It belongs to the owner of the bankrupt account.
    case owner = 0
    /// It closed against bankrupt accounts: the price is that of their bankruptcy.
    case counterparty = 1
    /// It earned in the compartment that day.
    case compartment = 2
}

/// What one account is asked to pay of a loss: `amount = loss × share / shares`, at most `limit`,
/// which is the smaller of profit and headroom; what the limits of others keep back is divided
/// again.
public struct LossDemand: Equatable, Sendable {
    public let payer: AccountIdentifier
    public let stage: LossStage
    /// Of counterparties: in which market.
    public let instrument: InstrumentIdentifier?
    /// All that was divided.
    public let loss: Amount
    /// Lots of counterparties, limits of others.
    public let share: Int64
    public let shares: Int128
    /// What it earned in the day.
    public let profit: Amount
    /// What it has above initial margin; at the mark where it is its owner's other account.
    public let headroom: Amount
    public let limit: Amount
    public let amount: Amount
}

extension Event {
    func encodeDeleveraging(into encoder: inout CanonicalEncoder) {
        switch self {
        case .shortfall(let shortfall):
            encoder.append(UInt8(132))
            encoder.append(shortfall)
        case .lossAsked(let demand):
            encoder.append(UInt8(133))
            encoder.append(demand)
        default: break
        }
    }

    init(deleveraging tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 132: self = .shortfall(try decoder.value())
        case 133: self = .lossAsked(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}

extension Deleverage: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(counterparty)
        encoder.append(instrument)
        encoder.append(quantity)
        encoder.append(notional)
        encoder.append(kind)
        encoder.append(rank)
        encoder.append(profit)
        encoder.append(equity)
        encoder.append(grossNotional)
        encoder.append(held)
        encoder.append(demand)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        counterparty = try decoder.value()
        instrument = try decoder.value()
        quantity = try decoder.quantity()
        notional = try decoder.quantity()
        kind = try decoder.value()
        rank = try decoder.uint32()
        profit = try decoder.quantity()
        equity = try decoder.quantity()
        grossNotional = try decoder.quantity()
        held = try decoder.quantity()
        demand = try decoder.quantity()
    }
}

extension Shortfall: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(amount)
        encoder.append(byOwner)
        encoder.append(byFund)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        amount = try decoder.quantity()
        byOwner = try decoder.quantity()
        byFund = try decoder.quantity()
    }
}

extension LossDemand: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(payer)
        encoder.append(stage)
        encoder.append(instrument)
        encoder.append(loss)
        encoder.append(share)
        encoder.append(shares)
        encoder.append(profit)
        encoder.append(headroom)
        encoder.append(limit)
        encoder.append(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        payer = try decoder.value()
        stage = try decoder.value()
        instrument = try decoder.optional()
        loss = try decoder.quantity()
        share = try decoder.int64()
        shares = try decoder.int128()
        profit = try decoder.quantity()
        headroom = try decoder.quantity()
        limit = try decoder.quantity()
        amount = try decoder.quantity()
    }
}
