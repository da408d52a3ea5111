/// Every way in which the ledger says no. The number stands in receipts; it is never used again for
/// anything else. Of several reasons a receipt gives the first that the code meets, one a line.

import Canonical

/// Why a transaction, a command or an observation was refused. A refusal leaves no trace in the
/// state.
public enum Refusal: UInt16, Error, CaseIterable, Sendable {
    // The envelope.

    /// The bytes are not the encoding of a transaction.
    case malformed = 100
    /// It was signed for another chain.
    case wrongChain = 101
    /// No account of this number existed when the block began.
    case unknownSigner = 102
    /// The signature is not the signer's over these bytes.
    case badSignature = 103
    /// Its expiry lies before the block's time.
    case expired = 104
    /// The signer has used this nonce; 0 counts as used.
    case nonceUsed = 105
    /// It holds no command.
    case emptyBatch = 106
    /// The signer may not give this command.
    case notAuthorised = 107
    /// The nonce lies below the window of those that are told apart.
    case nonceTooOld = 108
    /// The nonce lies more than 2⁴⁰ above both the highest used and the time in nanoseconds.
    case nonceTooFar = 109
    /// The agent's grant has ended.
    case agentExpired = 110
    /// The signer's key or grant was changed earlier in the block.
    case keyChanged = 111
    /// The agent's scope does not hold this command.
    case outOfScope = 112
    /// The limit of an agent's order reaches farther through the mark than its grant lets it.
    case outsideAgentBand = 113
    /// The agent's orders would lose more in a UTC day than its grant lets them.
    case agentLossLimit = 114
    /// An agent signed an order to run longer than orders may after signing.
    case orderExpiryTooFar = 115
    /// The band or the daily loss of a grant is not in range.
    case agentLimitsOutOfRange = 116

    // Accounts and funds.

    /// No account has this number.
    case unknownAccount = 200
    /// No compartment has this number.
    case unknownCompartment = 201
    /// The account and the object belong to different compartments.
    case wrongCompartment = 202
    /// Source and target are the same account.
    case sameAccount = 203
    /// The amount is zero or negative.
    case amountNotPositive = 204
    /// The vault would hold more than its limit.
    case vaultFull = 205
    /// No fee tier has this number.
    case unknownFeeTier = 206
    /// The account is being liquidated.
    case inLiquidation = 207
    /// A price that the account depends on is too old for this, or not sure enough (`PriceUse`).
    case priceTooOld = 208
    /// More than may leave the account: margin, unrealised profit or profit on hold stands against
    /// it.
    case insufficientFunds = 209

    /// The instrument is no asset that could be deposited, transferred or withdrawn.
    case notAnAsset = 220
    /// The account would owe more than it may, with all its open orders filled.
    case debtLimit = 221
    /// All accounts of the compartment together would owe more than the vault's share for debts.
    case debtCapReached = 222
    /// The vault does not hold so much, because others owe it.
    case vaultTooLow = 223
    /// The account owes too much, its collateral is being converted, and it may only reduce.
    case inConversion = 224
    /// More lots than the account holds and does not offer already.
    case notCovered = 225
    /// The account has asked for another withdrawal of an asset in this block.
    case withdrawalPending = 226

    // Keys and destinations.

    /// Agents have the slots 1 to 32.
    case slotOutOfRange = 240
    /// The grant has ended already, or lasts for more than 366 days.
    case grantOutOfRange = 241
    /// No agent has this slot.
    case unknownAgent = 242
    /// The key is the account's master or an agent of it already.
    case keyInUse = 243
    /// The key is no point of the curve, or of small order, so that anyone could sign for it.
    case unusableKey = 244
    /// The allow-list is full.
    case tooManyDestinations = 245
    /// The allow-list names the destination already.
    case destinationListed = 246
    /// The allow-list does not name the destination.
    case unknownDestination = 247
    /// The allow-list does not let this leave: the destination is not on it or not yet in effect,
    /// or the receiving account is another owner's or has no list.
    case destinationNotAllowed = 248
    /// An agent transfers only between accounts of one owner.
    case otherOwner = 249
    /// The owner has as many accounts as one may have.
    case tooManyAccounts = 250

    // Withdrawals that wait.

    /// The account has a withdrawal that waits for room in the vault.
    case withdrawalQueued = 260
    /// No withdrawal of the account waits.
    case noQueuedWithdrawal = 261

    // Orders.

    /// No instrument has this number.
    case unknownInstrument = 300
    /// The account has no open order of this number or name.
    case unknownOrder = 301
    /// The quantity is not in the range of the instrument.
    case quantityOutOfRange = 302
    /// The price is not in the range of the instrument.
    case priceOutOfRange = 303
    /// Terms that exclude each other, such as post-only and immediate-or-cancel.
    case conflictingTerms = 304
    /// The account has an open order of this client name.
    case duplicateClientOrder = 305
    /// It was sent before a cancel that names it: one of this block by the same signer with a
    /// higher nonce, or by another signer of the account; or, under a higher nonce, one of many
    /// orders in an earlier block.
    case cancelledBefore = 306
    /// The account has as many open orders as it may.
    case tooManyOrders = 307
    /// The limit reaches farther through the mark than the price band.
    case outsidePriceBand = 308
    /// A post-only order would have taken.
    case wouldTake = 309
    /// The order would not reduce the position, or orders that reduce exceed it.
    case notReducing = 310
    /// Position and open orders on this side would exceed the position limit.
    case positionLimit = 311
    /// Initial margin would be missing with the order at its limit.
    case insufficientMargin = 312
    /// A fill-or-kill order that could not be filled at once.
    case notFillable = 313
    /// The expiry is not later than the block's time.
    case expiryPassed = 314
    /// An iceberg must show at least one lot and a hundredth of its quantity, and less than all.
    case displayOutOfRange = 315
    /// The trigger would fire at once.
    case triggerAlreadyMet = 316
    /// The account has no open order of this name in this instrument that is free to be paired.
    case unknownPair = 317
    /// Market and immediate orders do not trade while the market collects orders for an auction.
    case inAuction = 318
    /// Market-maker protection has tripped and is not yet reset.
    case protectionTripped = 319
    /// The account has no market-maker protection in this underlying.
    case noProtection = 320
    /// The window or limit of market-maker protection is not in range.
    case protectionOutOfRange = 321
    /// The auction would be shorter than a pricing step or longer than a day.
    case auctionLengthOutOfRange = 322
    /// The operator has halted the instrument.
    case instrumentHalted = 323
    /// The instrument's expiry has come; it awaits settlement.
    case instrumentExpired = 324
    /// The instrument was settled and is retired.
    case instrumentSettled = 325
    /// Combos are not offered.
    case combosNotOffered = 330
    /// Block trades are not offered.
    case blockTradesNotOffered = 331
    /// Requests for quote are not offered.
    case requestsForQuoteNotOffered = 332

    // Levels and rates.

    /// A breaker has halted the market.
    case marketHalted = 333
    /// A breaker lets the market only reduce, and the order does not, or its maker is not
    /// committed.
    case reduceOnlyMarket = 334
    /// The owner sends more orders than the rate allows.
    case throttled = 335
    /// A breaker holds the market; the operator does not loosen it.
    case heldByBreaker = 336
    /// The level is normal, or the time is below a minute or above 72 hours.
    case levelOutOfRange = 337
    /// The guardian holds it as high and as long already.
    case levelNotRaised = 338

    // Caps.

    /// The owner's positions and open orders would exceed his share of the market's cap.
    case ownerShare = 350
    /// The order takes, and what it opens would bring the market's open interest above its cap.
    case interestCap = 351

    // Observations.

    /// No publisher has this number.
    case unknownPublisher = 400
    /// The signature is not the publisher's over these observations.
    case badObservationSignature = 401
    /// It speaks of the future.
    case observationFromFuture = 402
    /// The publisher has said something as new before.
    case observationNotNewer = 403
    /// It is too old to count.
    case observationTooOld = 404
    /// No underlying has this number.
    case unknownUnderlying = 405

    // Prices of a bundle, each dropped by itself (`PriceFault`).

    /// The price is above the underlying's highest or below the smallest, once converted.
    case observationOutOfRange = 406
    /// No source has this number.
    case unknownSource = 407
    /// The price is zero.
    case priceZero = 408
    /// The price is negative.
    case priceNegative = 409

    // Curves, each dropped by itself.

    /// No instrument of the underlying has this expiry, or it has passed.
    case unknownExpiry = 410
    /// The bundle holds no price of the underlying to set the forward against.
    case curveWithoutIndex = 411
    /// The forward is not positive, or farther than half from the publisher's own price.
    case forwardOutOfRange = 412
    /// A volatility is below a twentieth or above twenty times the reference.
    case volatilityOutOfRange = 413
    /// The curve admits a butterfly that costs nothing or less.
    case butterflyArbitrage = 414
    /// An option that lives longer would cost less than another of the same publisher.
    case calendarArbitrage = 415
    /// The curve lies farther from the median than the cut allows.
    case curveOutlier = 416

    // More of prices that are dropped by themselves.

    /// The publisher has been silent for longer than an index may be used.
    case priceStale = 420
    /// The price has stood still for long, while the index went on.
    case priceFrozen = 421
    /// The price stands at the lowest or the highest that its source is able to state.
    case priceAtBound = 422
    /// The price is a power of ten away from the reference.
    case priceUnitShifted = 423
    /// The price lies farther from the median than the cut allows.
    case priceOutlier = 424
    /// The quote currency of the source has no fresh index.
    case noConversion = 425

    // What others attest.

    /// It is none of the forms that are known, or not in its one strict form.
    case attestedMalformed = 430
    /// This chain takes nothing of the kind.
    case attestedNotTaken = 431
    /// A message does not lead to the attested root.
    case attestedProofWrong = 432
    /// None of its prices has a feed here.
    case attestedWithoutFeed = 433
    /// The price does not fit an index price, or is none.
    case attestedPriceOutOfScale = 434
    /// Another contract of another chain spoke.
    case wrongEmitter = 435
    /// No guardian set has this number.
    case unknownGuardianSet = 436
    /// The guardian set was replaced a day ago or more, or a newer one fits the signatures too.
    case guardianSetExpired = 437
    /// Guardians stand out of order or twice, or are not of the set.
    case guardiansOutOfOrder = 438
    /// Fewer than two thirds and one of the guardians signed.
    case guardianQuorumMissing = 439
    /// A signature is not of the guardian at its place.
    case badGuardianSignature = 440
    /// The guardian set does not follow the current one, or others announced it.
    case guardianSetNotNext = 441
    /// No configuration has this digest.
    case unknownReportConfiguration = 442
    /// A report has exactly one signer more than may be at fault.
    case reportSignersMiscounted = 443
    /// A signature is of nobody in the configuration.
    case unknownReportSigner = 444
    /// One signer stands for two.
    case reportSignerTwice = 445
    /// The report counts later, or no longer.
    case reportNotInForce = 446
    /// The report's schema holds no price of a market.
    case reportWithoutPrice = 447
    /// The report's price lies outside its bid and ask.
    case reportCrossed = 448

    // Backstops.

    /// The compartment has no backstop.
    case noBackstop = 465
    /// A limit of a provider is out of range, or its markets are none or out of order.
    case backstopLimitsOutOfRange = 466
    /// The account holds positions, has open orders, or asked for a withdrawal.
    case accountInUse = 467
    /// The account holds less than a provider must.
    case belowBackstopMinimum = 468
    /// The compartment has as many providers as it takes.
    case backstopFull = 469
    /// The account is no provider.
    case notCommitted = 470
    /// The provider has given notice.
    case backstopNoticeGiven = 471
    /// No notice was given, or it is not over.
    case backstopNoticeNotOver = 472
    /// What a provider holds does not leave while it is one.
    case committedToBackstop = 473
    /// A provider opens nothing by orders.
    case providerOnlyReduces = 474
    // What the engine may do before liquidation.

    /// The terms let it do nothing.
    case rescueTermsEmpty = 486
    /// The trigger lies outside 1.01 to 2 requirements, or the target not between it and 3.
    case rescueLevelOutOfRange = 487
    /// What may come or be given in a day is not positive, or what is kept is negative.
    case rescueAmountOutOfRange = 488
    /// There is no source or there are more than eight, or one is no other account of the same
    /// owner and compartment, or stands twice.
    case rescueSourceNotOwn = 489
    /// Level, share, band or daily notional of a hedge are out of range.
    case hedgeTermsOutOfRange = 490
    /// The account has no such terms.
    case noRescueTerms = 491

    // Listings.

    /// The expiry has passed, or lies less than an hour ahead.
    case expiryTooNear = 500
    /// The expiry lies more than three years ahead.
    case expiryTooFar = 501
    /// The expiry is not 08:00 UTC of a day.
    case expiryOffTime = 502
    /// The strike is not positive, or above the underlying's highest index price.
    case strikeOutOfRange = 503
    /// The contract, or one of its name, is listed.
    case alreadyListed = 504
    /// As many instruments are live as may be.
    case tooManyInstruments = 505
    /// All identifiers have been given.
    case identifiersExhausted = 506
    /// The name would be longer than a symbol.
    case nameTooLong = 507
    /// Tick and lot are not positive, do not multiply to whole micro-units, or a lot is worth too
    /// little or too much.
    case gridOutOfRange = 508
    /// The highest order price lies below the highest index price.
    case gridTooShort = 509
    /// The limits of order, position and open interest, or the price band, are out of range.
    case limitOutOfRange = 510
    /// The position limits would exceed what the overflow proof allows.
    case notionalTooLarge = 511
}
