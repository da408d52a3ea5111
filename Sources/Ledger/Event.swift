/// What happened, in the order in which it happened: numbered without gaps, so that anyone can
/// rebuild every book order by order (tested by `BookReplay`).

public import Canonical
public import Catalogue
public import Estimation
public import FixedPoint
public import Liquidation
public import Markets
public import Oracle

/// Why an order left.
public enum CloseReason: UInt8, CaseIterable, Sendable {
    /// All of it traded.
    case filled = 0
    /// Its owner cancelled it.
    case cancelled = 1
    /// What an immediate or market order did not fill.
    case notFilled = 2
    /// It would have traded with an account of the same owner.
    case selfTrade = 3
    /// There was no position left for it to reduce.
    case nothingToReduce = 4
    /// A fill of an order that only reduces would have harmed an account short of margin.
    case harmfulFill = 5
    /// Prices moved, and it was no longer backed by initial margin.
    case marginCall = 6
    /// Its account is being liquidated.
    case liquidation = 7
    /// The market's open interest has reached its limit.
    case openInterestLimit = 8
    /// Its expiry came.
    case expired = 9
    /// The order that it was paired with traded, fired or left.
    case pairedOrder = 10
    /// Market-maker protection tripped.
    case protection = 11
    /// Its trigger fired, and as a new order it was refused; the event before names the refusal.
    case refusedAtTrigger = 12
    /// The expiry of its instrument came.
    case instrumentExpired = 13
    /// Its account owes too much, and its collateral is being converted.
    case conversion = 16
    /// It would have passed what its agent may lose in a day.
    case agentLossLimit = 24
}

/// Who sent an order.
public enum OrderOrigin: UInt8, Sendable {
    case client = 0
    /// The engine, for an account below maintenance.
    case liquidation = 1
    /// The engine, for an account that owes too much of the quote asset.
    case conversion = 2
}

/// An order was admitted.
public struct OrderAcceptance: Equatable, Sendable {
    public let order: OrderIdentifier
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    public let clientIdentifier: ClientOrderIdentifier
    /// Zero for a market order that waits for its trigger.
    public let limit: Price
    public let quantity: Quantity
    public let flags: OrderFlags
    /// It waits for this.
    public let trigger: Trigger?

    public var side: Side { flags.side }
    public var reduceOnly: Bool { flags.reduceOnly }
    public var origin: OrderOrigin {
        flags.isLiquidation ? .liquidation : flags.isConversion ? .conversion : .client
    }
}

/// An order joined the book, or took another place in it.
public struct OrderRest: Equatable, Sendable {
    public let order: OrderIdentifier
    public let price: Price
    /// All lots that are left.
    public let remaining: Quantity
    /// Lots that others see.
    public let shown: Quantity
    public let priority: UInt64
}

/// Two orders traded.
public struct Trade: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    public let makerOrder: OrderIdentifier
    public let takerOrder: OrderIdentifier
    public let maker: AccountIdentifier
    public let taker: AccountIdentifier
    public let takerSide: Side
    public let price: Price
    public let quantity: Quantity
    public let notional: Amount
    public let makerFee: Amount
    public let takerFee: Amount
}

/// How a position ended at expiry.
public enum SettlementKind: UInt8, Sendable {
    /// A future, at the settlement price.
    case delivered = 0
    /// A bought option that is worth something.
    case exercised = 1
    /// A sold option that is worth something.
    case assigned = 2
    /// An option that is worth nothing.
    case lapsed = 3
}

/// A position was settled at expiry.
public struct PositionSettlement: Equatable, Sendable {
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    public let kind: SettlementKind
    /// Lots that were held; negative is short.
    public let quantity: Quantity
    /// What the lots were worth, signed as the quantity: what longs receive is what shorts pay. Of
    /// a future it is set against the cost.
    public let payout: Amount
    /// The realised profit, which is on hold.
    public let profit: Amount
    /// The lots at the settlement price of the underlying; not negative.
    public let notional: Amount
}

/// One thing that happened.
public enum Event: Equatable, Sendable {
    /// The custodian opened an account for the owner of a key.
    case accountOpened(AccountIdentifier, owner: SignerKey, CompartmentIdentifier)
    /// The account just opened was opened by the master key of another, which is its master too.
    case subaccountOpened(AccountIdentifier, by: AccountIdentifier)
    /// An agent has a slot of an account, with its scope, end and limits.
    case agentSet(AccountIdentifier, slot: UInt8, AgentGrant)
    /// The agent in a slot may no longer sign.
    case agentRevoked(AccountIdentifier, slot: UInt8)
    /// From here on another key is the master of the account.
    case masterRotated(AccountIdentifier, SignerKey)
    /// The destination counts from a time on.
    case destinationAllowed(AccountIdentifier, Bytes32, start: Timestamp)
    /// The allow-list no longer names the destination.
    case destinationRemoved(AccountIdentifier, Bytes32)
    /// What arrived in the vault was credited; the reference names the arrival.
    case deposited(AccountIdentifier, Amount, reference: Bytes32)
    /// The insurance fund of a compartment received so much.
    case insuranceDeposited(CompartmentIdentifier, Amount)
    /// So much left the vault for a destination.
    case withdrawn(AccountIdentifier, Amount, destination: Bytes32)
    /// A withdrawal that was in order when it was asked for, and no longer at the end of the block.
    case withdrawalCancelled(AccountIdentifier, Amount)
    /// Cash went from one account to another.
    case transferred(from: AccountIdentifier, to: AccountIdentifier, Amount)
    /// The account pays the fees of another tier, by its place in the genesis.
    case feeTierChanged(AccountIdentifier, UInt16)

    /// Lots of spot that arrived in the vault were credited.
    case assetDeposited(AccountIdentifier, InstrumentIdentifier, Quantity, reference: Bytes32)
    /// Lots of spot left the vault for a destination.
    case assetWithdrawn(AccountIdentifier, InstrumentIdentifier, Quantity, destination: Bytes32)
    /// As `withdrawalCancelled`, with what stood against it at the end of the block.
    case assetWithdrawalCancelled(AccountIdentifier, InstrumentIdentifier, Quantity, Refusal)
    /// Lots of spot went from one account to another.
    case assetTransferred(
        from: AccountIdentifier, to: AccountIdentifier, InstrumentIdentifier, Quantity)
    /// A debtor paid interest to the insurance fund.
    case interestCharged(AccountIdentifier, Amount)
    /// An account owes more than it may: its holdings are sold, and it may only reduce.
    case conversionStarted(AccountIdentifier, debt: Amount)
    /// The account owes no more than it may again.
    case conversionEnded(AccountIdentifier, debt: Amount)

    /// A publisher's bundle does not count at all, for this reason.
    case observationRefused(PublisherIdentifier, Refusal)
    /// The index of an underlying, and the stable price that follows it, are others.
    case indexChanged(UnderlyingIdentifier, index: IndexPrice, stable: IndexPrice)
    /// A publisher's price has begun not to count for this reason, or counts again: nil.
    case priceJudged(PublisherIdentifier, UnderlyingIdentifier, Refusal?)
    /// What is wrong with an index, beside its age, has changed.
    case indexConditionChanged(UnderlyingIdentifier, IndexCondition)
    /// The mark of an instrument is another; the rate is that of eight hours of funding.
    case markChanged(InstrumentIdentifier, mark: IndexPrice, fundingRate: Ratio)
    /// The whole curve stands in its leaf.
    case curveChanged(
        UnderlyingIdentifier, expiry: Timestamp, basis: Ratio, atTheMoney: Ratio, CurveSource)
    /// A publisher's curve of one expiry that does not count; the rest of its bundle does.
    case curveVoteDropped(PublisherIdentifier, UnderlyingIdentifier, expiry: Timestamp, Refusal)

    /// An attested payload, by its place in the block, that does not count at all.
    case attestationRefused(place: UInt16, Refusal)
    /// A price of an attested payload that does not count; its others may.
    case attestedPriceRefused(PublisherIdentifier, UnderlyingIdentifier, Refusal)
    /// Another set of guardians attests from the next block on; the one before until `end`.
    case guardianSetChanged(UInt32, previousEnd: Timestamp)
    /// The cap on the open interest of an underlying's instruments in a compartment.
    case interestCapMoved(UnderlyingIdentifier, CompartmentIdentifier, cap: Amount)
    /// M of an underlying is another, and why.
    case marginMoved(UnderlyingIdentifier, MarginReport)

    /// An order was admitted.
    case orderAccepted(OrderAcceptance)
    /// An order, or what was left of it, joined the book.
    case orderRested(OrderRest)
    /// An order in the book has another price or size.
    case orderAmended(OrderRest)
    /// An order left, with so many lots unfilled, for this reason.
    case orderClosed(OrderIdentifier, remaining: Quantity, CloseReason)
    /// Two orders traded at the price of the one that rested.
    case traded(Trade)
    /// Two resting orders traded at the price of an auction; the taker is the one that came later.
    case auctionTraded(Trade)
    /// An iceberg shows its next slice, behind all others at its price.
    case orderRefreshed(OrderRest)
    /// A waiting order has fired and is judged as a new one.
    case orderTriggered(OrderIdentifier)
    /// A waiting order that has fired is refused for this reason.
    case triggerRefused(OrderIdentifier, Refusal)
    /// Market-maker protection cancelled the protected orders of an account.
    case protectionTripped(AccountIdentifier, UnderlyingIdentifier)
    /// A market collects orders until a time.
    case auctionStarted(InstrumentIdentifier, end: Timestamp)
    /// One price for all that could trade.
    case auctionCleared(InstrumentIdentifier, AuctionClearing)
    /// From here on orders trade as they come.
    case continuousTrading(InstrumentIdentifier)
    /// A market takes no more orders until an auction is started.
    case instrumentHalted(InstrumentIdentifier)

    /// An instrument was listed under this number.
    indirect case instrumentListed(InstrumentIdentifier, Instrument)
    /// Its orders have been closed; its positions await settlement.
    case instrumentExpired(InstrumentIdentifier)
    /// Too little of the window before an expiry was covered.
    case settlementPostponed(UnderlyingIdentifier, expiry: Timestamp, coverage: Ratio)
    /// The settlement price of the underlying, and what one lot is worth at it.
    case instrumentSettled(InstrumentIdentifier, price: IndexPrice, lotPayout: Amount)
    /// A position was settled at the expiry of its instrument.
    case positionSettled(PositionSettlement)

    /// A trigger tripped or let go.
    case breakerChanged(BreakerCertificate)
    /// An account was committed to making markets, or no longer is.
    case makerCommitted(AccountIdentifier, Bool)
    /// Of what an owner, by his first account, is suspected now: a bit for each `Suspicion`.
    case suspicionsChanged(AccountIdentifier, UInt8)
    /// So much of a withdrawal waits for room in the vault.
    case withdrawalQueued(AccountIdentifier, Amount, destination: Bytes32)
    /// So much no longer waits, and stays in the account.
    case withdrawalUnqueued(AccountIdentifier, Amount)

    /// From here on the engine may do this for an account before it is liquidated.
    indirect case rescueSet(AccountIdentifier, RescueTerms)
    /// The engine may no longer do anything for the account before it is liquidated.
    case rescueCleared(AccountIdentifier)
    /// Cash of the same owner came to an account below its trigger; it is a transfer too.
    case collateralMoved(CollateralMove)
    /// The engine sends an order that hedges an account below its level.
    case hedgeSent(HedgeOrder)
    /// What depth and peg add to the haircuts of an asset.
    case haircutMoved(InstrumentIdentifier, initial: Ratio, maintenance: Ratio)
    /// What the quote asset is taken to be worth.
    case quotePegMoved(Ratio)

    /// Equity has fallen below maintenance margin: the account is frozen.
    case liquidationStarted(AccountIdentifier, equity: Amount, requirement: Amount)
    /// So much of what was closed went to the insurance fund.
    case liquidationFee(AccountIdentifier, Amount)
    /// Two accounts were closed against each other at the mark.
    case deleveraged(Deleverage)
    /// The insurance fund paid so much of what an account lacks.
    case insurancePaid(AccountIdentifier, Amount)
    /// A counterparty or a profitable account paid a part of a bankrupt account's loss.
    case lossShared(AccountIdentifier, payer: AccountIdentifier, Amount)
    /// What nobody could be asked for stays with the account as a debt.
    case badDebt(AccountIdentifier, Amount)
    /// An account is bankrupt: what it lacks, and who pays before the other side does.
    case shortfall(Shortfall)
    /// An account is asked for a part of a loss, with the arithmetic; `lossShared` is the payment.
    case lossAsked(LossDemand)
    /// Equity has reached the exit level, or nothing is held any more.
    case liquidationEnded(AccountIdentifier, equity: Amount, requirement: Amount)
    /// What a side of a book shows inside the band, and how much of it forced closing may take
    /// until the window is over: as it begins, and when the book shows more.
    case closingAllowed(
        InstrumentIdentifier, sells: Bool, depth: Quantity, allowance: Quantity)

    /// An account was committed to its compartment's backstop, or its limits change; they count
    /// from a time on.
    case backstopSet(AccountIdentifier, BackstopLimits, start: Timestamp)
    /// A provider asks to leave, and may from a time on.
    case backstopNoticeGiven(AccountIdentifier, end: Timestamp)
    /// A provider has left the backstop.
    case backstopLeft(AccountIdentifier)
    /// Slices of an account under liquidation are on offer from now on.
    case backstopAuctionStarted(AccountIdentifier, equity: Amount, requirement: Amount)
    /// A part of a position went from an account under liquidation to a provider.
    case sliceMoved(SliceMove)
    /// A provider was paid for a slice.
    case sliceTaken(SliceSale)
    /// What a provider holds in an underlying has lost so much, and is closed.
    case backstopStopped(AccountIdentifier, UnderlyingIdentifier, loss: Amount)
    /// A part of it was closed at the mark against an account of the other side, here named as the
    /// one that takes it.
    case backstopClosed(SliceMove)
    /// A provider's share of the fees of an hour.
    case backstopPaid(AccountIdentifier, Amount)
    /// For how long a maker stood in an epoch, and what it earned.
    case makerMeasured(MakerEpoch)
}
