/// What goes into a transition and what comes out of it.

public import Canonical
public import FixedPoint
public import Oracle
import PullOracle

/// A block: prices apart from commands (DESIGN 4).
public struct Block: Equatable, Sendable {
    /// Most transactions in a block.
    public static let transactionLimit = 65_536
    /// Most attested payloads in a block.
    public static let attestedLimit = 64

    public var height: UInt64
    public var time: Timestamp
    /// Ascending by publisher.
    public var observations: [ObservationBundle]
    /// Prices and guardian sets that others attest, as they came; each that is none, or does not
    /// count, gets an event that says so.
    public var attested: [[UInt8]]
    /// Encoded transactions; each that is not one gets a receipt that says so.
    public var transactions: [[UInt8]]

    public init(
        height: UInt64, time: Timestamp, observations: [ObservationBundle],
        attested: [[UInt8]] = [], transactions: [[UInt8]]
    ) {
        self.height = height
        self.time = time
        self.observations = observations
        self.attested = attested
        self.transactions = transactions
    }
}

/// Why a whole block is refused: whoever made it broke the canonical form. Nothing has changed.
public enum BlockFault: Error, Equatable, Sendable {
    /// The height is not the next one.
    case wrongHeight(expected: UInt64, found: UInt64)
    /// The time is not later than the last block's.
    case timeNotLater(last: Timestamp, found: Timestamp)
    /// The bundle at this place does not follow the one before it by publisher.
    case observationsOutOfOrder(place: Int)
    /// More transactions than a block may hold.
    case tooManyTransactions(Int)
    /// More attested payloads than a block may hold.
    case tooManyAttested(Int)
}

/// The answer to one command, or to a transaction that was refused as a whole.
public struct Receipt: Equatable, Sendable {
    /// The place of the transaction in the block.
    public let transaction: UInt32
    /// The place of the command in the transaction; nil stands for the whole of it.
    public let command: UInt16?
    /// Why it was refused; nil is accepted.
    public internal(set) var refusal: Refusal?
    /// The number of the order that a placement created.
    public internal(set) var order: OrderIdentifier?

    public init(
        transaction: UInt32, command: UInt16?, refusal: Refusal?, order: OrderIdentifier? = nil
    ) {
        self.transaction = transaction
        self.command = command
        self.refusal = refusal
        self.order = order
    }
}

/// Where the funding of a perpetual stands since a block moved it. What a position pays when it
/// changes follows from it, and from no event.
public struct FundingMove: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    /// In 2⁻²⁴ µ per lot, since the perpetual was listed.
    public let index: Int64

    public init(instrument: InstrumentIdentifier, index: Int64) {
        self.instrument = instrument
        self.index = index
    }
}

/// What a block did. The ledger uses the room of the two lists again for the next block if nobody
/// holds them any more.
public struct BlockOutcome: Sendable {
    public let height: UInt64
    /// In the order of transactions and commands.
    public let receipts: [Receipt]
    /// The number of the first event; the others follow without a gap.
    public let firstEvent: UInt64
    public let events: [Event]
    /// Before anything traded, ascending by instrument.
    public let funding: [FundingMove]
    /// The root of the state tree after the block.
    public let root: Digest

    public init(
        height: UInt64, receipts: [Receipt], firstEvent: UInt64, events: [Event],
        funding: [FundingMove], root: Digest
    ) {
        self.height = height
        self.receipts = receipts
        self.firstEvent = firstEvent
        self.events = events
        self.funding = funding
        self.root = root
    }
}

extension Block: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(height)
        encoder.append(time)
        encoder.append(observations)
        encoder.append(UInt32(attested.count))
        for payload in attested { encoder.append(bytes: payload) }
        encoder.append(UInt32(transactions.count))
        for transaction in transactions { encoder.append(bytes: transaction) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        height = try decoder.uint64()
        time = try decoder.timestamp()
        observations = try decoder.list(limit: Int(UInt16.max))
        attested = []
        for _ in 0..<(try decoder.listCount(limit: Block.attestedLimit)) {
            attested.append(try decoder.byteString(limit: Attestation.byteLimit))
        }
        let count = try decoder.listCount(limit: Block.transactionLimit)
        transactions = []
        transactions.reserveCapacity(min(count, decoder.remaining))
        for _ in 0..<count {
            transactions.append(try decoder.byteString(limit: Transaction.byteLimit))
        }
    }
}

extension Receipt: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(transaction)
        encoder.append(command != nil)
        if let command { encoder.append(command) }
        encoder.append(refusal?.rawValue ?? 0)
        encoder.append(order)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        transaction = try decoder.uint32()
        command = try decoder.boolean() ? try decoder.uint16() : nil
        let start = decoder.offset
        let number = try decoder.uint16()
        refusal = Refusal(rawValue: number)
        guard refusal != nil || number == 0 else { throw DecodingFault(.unknownTag, at: start) }
        order = try decoder.optional()
    }
}

extension FundingMove: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(index)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        index = try decoder.int64()
    }
}
