/// A fill as one of its two sides sees it, and a line of an account's log of money.

import Canonical
import FixedPoint
import Ledger
import Markets

/// One side of a trade.
struct UserTrade: Sendable {
    /// The number of its event: unique on the venue, and growing with time.
    let number: UInt64
    let time: Timestamp
    let order: OrderIdentifier
    let instrument: InstrumentIdentifier
    let side: Side
    let isMaker: Bool
    let price: Price
    let quantity: Quantity
    /// Negative is a rebate.
    let fee: Amount
    /// Which side the engine sent for an account below maintenance.
    let liquidation: LiquidationSide?
    /// As of its block.
    let mark: IndexPrice
    let index: IndexPrice
    let tickDirection: TickDirection
    /// What it realised; nil where the position before it is not known.
    var profit: Amount?
    /// Whether nothing of its order was left after it.
    var fillsOrder = false

    /// Its place among the trades of its instrument: any number that grows.
    var sequence: UInt64 { number }
}

/// Whose order the engine sent.
enum LiquidationSide: String, Sendable {
    case maker = "M"
    case taker = "T"
    case both = "MT"

    init?(maker: Bool, taker: Bool) {
        switch (maker, taker) {
        case (true, true): self = .both
        case (true, false): self = .maker
        case (false, true): self = .taker
        case (false, false): return nil
        }
    }
}

/// What moved an account's money.
enum LogKind: Equatable, Sendable {
    case trade(UserTrade)
    /// What came from outside, by the custodian's reference.
    case deposit(reference: Bytes32)
    case withdrawal(destination: Bytes32)
    /// - Parameter other: the account on the other side.
    case transfer(other: AccountIdentifier, isIncoming: Bool)
    /// Funding that was due when a position changed.
    case funding
    /// The end of a contract.
    case delivery(SettlementKind)
    case interest
    case liquidationFee
    /// Closed against another account without a book.
    case deleverage(other: AccountIdentifier)
    /// The insurance fund paid a loss, or others did, or this account paid for others.
    case socialised
    /// A part of a position that went to a provider of the backstop, and what was paid for it.
    case slice
    case slicePayment
    /// A provider's share of fees.
    case backstopPay
    case makerRebate
    /// What no event explains.
    case correction

    /// Deribit's word, or one of ours where Deribit has none.
    var word: String {
        switch self {
        case .trade: "trade"
        case .deposit: "deposit"
        case .withdrawal: "withdrawal"
        case .transfer: "transfer"
        case .funding: "settlement"
        case .delivery: "delivery"
        case .interest: "interest"
        case .liquidationFee: "liquidation"
        case .deleverage: "deleverage"
        case .socialised: "socialized_fund"
        case .slice: "slice"
        case .slicePayment: "slice_payment"
        case .backstopPay: "backstop_pay"
        case .makerRebate: "maker_rebate"
        case .correction: "correction"
        }
    }

    static func == (left: LogKind, right: LogKind) -> Bool { left.word == right.word }
}

/// What an amount is of.
enum LogCurrency: Equatable, Sendable {
    /// Micro-units of the compartment's collateral.
    case quote
    /// Lots of spot.
    case asset(InstrumentIdentifier)
}

/// A line of the log.
struct LogEntry: Sendable {
    /// The number of the event behind it.
    let number: UInt64
    let time: Timestamp
    let kind: LogKind
    let currency: LogCurrency
    /// Signed; in the unit of the currency.
    var change: Int64
    /// After it; nil before the gateway's start, when what was held is not known.
    var balance: Int64?
    var instrument: InstrumentIdentifier?
    /// Lots after it.
    var position: Quantity?
    /// Lots that it moved; not negative.
    var quantity: Quantity?
    /// Of deliveries and deleveragings: what was realised.
    var profit: Amount?
    /// By what measure it was closed against another.
    var closing: Deleverage?
    /// By what sum it pays a part of another's loss.
    var demand: LossDemand?
}
