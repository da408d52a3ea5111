/// What a signer can ask for. Every field has its own range, and the ledger answers each breach
/// with its own refusal.

public import Canonical
public import FixedPoint
public import Markets

/// How long an order stays.
public enum TimeInForce: UInt8, Sendable {
    /// Until it is filled or cancelled.
    case goodTillCancelled = 0
    /// What does not fill at once is cancelled.
    case immediateOrCancel = 1
    /// It fills at once and whole, or not at all.
    case fillOrKill = 2
}

/// A new order.
public struct OrderRequest: Equatable, Sendable {
    public var instrument: InstrumentIdentifier
    public var side: Side
    /// The worst price; nil is a market order, which trades as far as the price band.
    public var limit: Price?
    public var quantity: Quantity
    public var timeInForce: TimeInForce
    /// Refused where it would take.
    public var postOnly: Bool
    /// Never opens or turns a position.
    public var reduceOnly: Bool
    /// The client's own name, unique among the account's open orders; 0 is none.
    public var clientIdentifier: ClientOrderIdentifier

    public init(
        instrument: InstrumentIdentifier, side: Side, limit: Price?, quantity: Quantity,
        timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false,
        reduceOnly: Bool = false,
        clientIdentifier: ClientOrderIdentifier = ClientOrderIdentifier(0)
    ) {
        self.instrument = instrument
        self.side = side
        self.limit = limit
        self.quantity = quantity
        self.timeInForce = timeInForce
        self.postOnly = postOnly
        self.reduceOnly = reduceOnly
        self.clientIdentifier = clientIdentifier
    }
}

/// Another price and size for a resting order. It keeps its place if only the size shrinks.
public struct AmendRequest: Equatable, Sendable {
    public var order: OrderIdentifier
    public var limit: Price
    /// The lots that shall remain.
    public var remaining: Quantity
    /// Refused where it would take.
    public var postOnly: Bool

    public init(order: OrderIdentifier, limit: Price, remaining: Quantity, postOnly: Bool) {
        self.order = order
        self.limit = limit
        self.remaining = remaining
        self.postOnly = postOnly
    }
}

/// One thing to do.
public enum Command: Equatable, Sendable {
    // By an account's owner.
    case place(OrderRequest)
    case amend(AmendRequest)
    case cancel(OrderIdentifier)
    case cancelClient(ClientOrderIdentifier)
    /// All open orders, or those of one instrument.
    case cancelAll(InstrumentIdentifier?)
    /// Out of the vault, to an address of the asset's own chain.
    case withdraw(Amount, destination: Bytes32)
    /// To another account of the compartment.
    case transfer(Amount, to: AccountIdentifier)

    // By the custodian.
    case openAccount(owner: PublicKey, compartment: CompartmentIdentifier)
    /// Credits what has arrived in the vault; the reference names the arrival.
    case deposit(Amount, to: AccountIdentifier, reference: Bytes32)
    case depositInsurance(Amount, to: CompartmentIdentifier)

    // By the operator.
    case setFeeTier(UInt16, of: AccountIdentifier)
}

extension OrderRequest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(side)
        encoder.append(limit != nil)
        if let limit { encoder.append(limit) }
        encoder.append(quantity)
        encoder.append(timeInForce.rawValue)
        encoder.append(postOnly)
        encoder.append(reduceOnly)
        encoder.append(clientIdentifier)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        side = try decoder.value()
        limit = try decoder.boolean() ? try decoder.quantity() : nil
        quantity = try decoder.quantity()
        let start = decoder.offset
        guard let timeInForce = TimeInForce(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self.timeInForce = timeInForce
        postOnly = try decoder.boolean()
        reduceOnly = try decoder.boolean()
        clientIdentifier = try decoder.value()
    }
}

extension AmendRequest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(order)
        encoder.append(limit)
        encoder.append(remaining)
        encoder.append(postOnly)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        order = try decoder.value()
        limit = try decoder.quantity()
        remaining = try decoder.quantity()
        postOnly = try decoder.boolean()
    }
}
