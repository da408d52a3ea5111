/// What a signer can ask for. Every field has its own range, and the ledger answers each breach
/// with its own refusal.

public import Breakers
public import Canonical
public import Catalogue
public import FixedPoint
public import Liquidation
public import Markets

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
    /// A post-only order that would take moves to the nearest price that does not.
    public var slides: Bool
    /// Never opens or turns a position.
    public var reduceOnly: Bool
    /// The client's own name, unique among the account's open orders; 0 is none.
    public var clientIdentifier: ClientOrderIdentifier
    public var selfTrade: SelfTradePrevention
    /// Market-maker protection counts its fills and may cancel it.
    public var isProtected: Bool
    /// The end of a good-till-time order, which lives while the block's time is before it.
    public var expiry: Timestamp?
    /// An iceberg shows so many lots at a time.
    public var display: Quantity?
    /// It waits until this fires, and is then judged as a new order.
    public var trigger: Trigger?
    /// One cancels the other: the name of an open order of the same account and instrument. When
    /// either trades, fires or leaves, the other is cancelled. 0 is none.
    public var pair: ClientOrderIdentifier
    public var label: Label

    public init(
        instrument: InstrumentIdentifier, side: Side, limit: Price?, quantity: Quantity,
        timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false,
        slides: Bool = false, reduceOnly: Bool = false,
        clientIdentifier: ClientOrderIdentifier = ClientOrderIdentifier(0),
        selfTrade: SelfTradePrevention = .cancelMaker, isProtected: Bool = false,
        expiry: Timestamp? = nil, display: Quantity? = nil, trigger: Trigger? = nil,
        pair: ClientOrderIdentifier = ClientOrderIdentifier(0), label: Label = Label()
    ) {
        self.instrument = instrument
        self.side = side
        self.limit = limit
        self.quantity = quantity
        self.timeInForce = timeInForce
        self.postOnly = postOnly
        self.slides = slides
        self.reduceOnly = reduceOnly
        self.clientIdentifier = clientIdentifier
        self.selfTrade = selfTrade
        self.isProtected = isProtected
        self.expiry = expiry
        self.display = display
        self.trigger = trigger
        self.pair = pair
        self.label = label
    }
}

/// Another price and size for an open order. It keeps its place if only the size shrinks.
public struct AmendRequest: Equatable, Sendable {
    public var order: OrderIdentifier
    /// Nil only for a market order that waits for its trigger.
    public var limit: Price?
    /// The lots that shall remain, those of an iceberg that do not show included.
    public var remaining: Quantity
    /// Refused where it would take.
    public var postOnly: Bool
    /// Another trigger price, in ticks, for an order that waits.
    public var trigger: Price?

    public init(
        order: OrderIdentifier, limit: Price?, remaining: Quantity, postOnly: Bool,
        trigger: Price? = nil
    ) {
        self.order = order
        self.limit = limit
        self.remaining = remaining
        self.postOnly = postOnly
        self.trigger = trigger
    }
}

/// Both sides of an account's quote in one instrument. It takes the place of the quote before; a
/// side whose price stays and whose size does not grow keeps its place. A quote never takes. Many
/// quotes under one signature are a mass quote.
public struct QuoteRequest: Equatable, Sendable {
    public var instrument: InstrumentIdentifier
    public var bid: Price
    /// Zero pulls the side.
    public var bidQuantity: Quantity
    public var ask: Price
    /// Zero pulls the side.
    public var askQuantity: Quantity

    public init(
        instrument: InstrumentIdentifier, bid: Price, bidQuantity: Quantity, ask: Price,
        askQuantity: Quantity
    ) {
        self.instrument = instrument
        self.bid = bid
        self.bidQuantity = bidQuantity
        self.ask = ask
        self.askQuantity = askQuantity
    }
}

/// What other venues offer and this one does not. Each is refused by its name.
public enum UnofferedFeature: UInt8, CaseIterable, Sendable {
    /// Several instruments as one order.
    case combo = 16
    /// A trade agreed elsewhere.
    case blockTrade = 17
    /// A request for quotes.
    case requestForQuote = 18
}

/// One thing to do.
public enum Command: Equatable, Sendable {
    // By an account's owner.
    /// A new order.
    case place(OrderRequest)
    /// Another price and size for an open order.
    case amend(AmendRequest)
    /// An open order, by its number.
    case cancel(OrderIdentifier)
    /// An open order, by the client's own number.
    case cancelClient(ClientOrderIdentifier)
    /// All open orders, or those of one instrument.
    case cancelAll(InstrumentIdentifier?)
    /// All open orders of a label.
    case cancelLabel(Label)
    /// Both sides of a quote, in place of the one before.
    case quote(QuoteRequest)
    /// All quotes, or those of one instrument.
    case cancelQuotes(InstrumentIdentifier?)
    /// Market-maker protection in an underlying: the notional of fills within `window` that trips
    /// it (zero switches it off), and how long it then takes no protected orders (zero: until
    /// reset).
    case setProtection(
        UnderlyingIdentifier, window: Duration, freeze: Duration, limit: Amount)
    /// After market-maker protection has tripped.
    case resetProtection(UnderlyingIdentifier)
    /// What other venues offer and this one does not; refused by its name.
    case unoffered(UnofferedFeature)
    /// Out of the vault, to an address of the asset's own chain.
    case withdraw(Amount, destination: Bytes32)
    /// Takes back what waits of a withdrawal.
    case cancelWithdrawal
    /// To another account of the compartment.
    case transfer(Amount, to: AccountIdentifier)
    /// Lots of spot out of the vault of the asset, to an address of the asset's own chain.
    case withdrawAsset(InstrumentIdentifier, Quantity, destination: Bytes32)
    /// Lots of spot to another account of the compartment.
    case transferAsset(InstrumentIdentifier, Quantity, to: AccountIdentifier)

    // By an account's master key alone.
    /// Gives a slot to an agent, or to another; nil revokes it.
    case setAgent(UInt8, AgentGrant?)
    /// From here on another key is the account's master.
    case rotateMaster(SignerKey)
    /// Puts an address on the list of those that the account may withdraw to; it counts a day
    /// later. With a first entry the account is guarded at once.
    case allowDestination(Bytes32)
    /// Takes an address off the list at once; after the last one the account stays guarded for a
    /// day.
    case removeDestination(Bytes32)
    /// Lets the engine do something for the account before it is liquidated; nil no longer.
    case setRescue(RescueTerms?)
    /// Opens another account of the same owner, master and allow-list.
    case openSubaccount(CompartmentIdentifier)
    /// Commits the account to its compartment's backstop with all that it holds; of a provider,
    /// other limits, which count after a delay.
    case setBackstop(BackstopLimits)
    /// Asks to leave the backstop.
    case giveBackstopNotice
    /// Leaves the backstop when the notice is over.
    case leaveBackstop

    // By the custodian.
    /// Opens an account for the owner of a key.
    case openAccount(owner: SignerKey, compartment: CompartmentIdentifier)
    /// Credits what has arrived in the vault; the reference names the arrival.
    case deposit(Amount, to: AccountIdentifier, reference: Bytes32)
    /// Credits the insurance fund with what has arrived in the vault.
    case depositInsurance(Amount, to: CompartmentIdentifier)
    /// Credits lots of spot that have arrived in the vault of the asset.
    case depositAsset(
        InstrumentIdentifier, Quantity, to: AccountIdentifier, reference: Bytes32)

    // By the operator.
    /// Moves an account to another fee tier, by its place in the genesis.
    case setFeeTier(UInt16, of: AccountIdentifier)
    /// Collects orders for a time, then lets them trade at one price.
    case startAuction(InstrumentIdentifier, length: Duration)
    /// Takes no more orders in an instrument until an auction is started.
    case halt(InstrumentIdentifier)
    /// Lists a future, or a call and its put.
    case listContract(DatedContract, on: UnderlyingIdentifier, ContractTerms)
    /// Commits an account to making markets, or ends that.
    case setMaker(Bool, of: AccountIdentifier)

    // By the guardian.
    /// Holds a market, all of an underlying or all of a compartment back for a time, one minute to
    /// 72 hours; a level that he has raised is never lowered by him.
    case raiseLevel(BreakerScope, MarketLevel, for: Duration)
}
