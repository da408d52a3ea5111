/// What a refusal means to the one who asked, and what to do next. Every reason of the ledger that
/// a trader can meet has its words here; others are told by name.

import Canonical
import Ledger

/// Words for refusals.
enum RefusalAdvice {
    /// A line that says what is wrong, and what to do.
    static func text(_ reason: String, code: String, signer: Signer) -> String {
        let who = reason == "badSignature" ? " of \(signer.words)" : ""
        return "refused: \(reason)\(who) (\(code)); \(next(reason))".printable
    }

    /// What to do next.
    static func next(_ reason: String) -> String {
        let refusal = Refusal.allCases.first { "\($0)" == reason }
        return refusal.flatMap(advice)
            ?? "'\(reason)' is explained in Sources/Ledger/Refusal.swift and docs/api.md"
    }

    private static func advice(_ refusal: Refusal) -> String? {
        signing(refusal) ?? order(refusal) ?? market(refusal) ?? funds(refusal)
    }

    private static func signing(_ refusal: Refusal) -> String? {
        switch refusal {
        case .unknownSigner: "no such account; check --account"
        case .badSignature:
            "--key is not its key; 'rampart proof keys N' shows whose signature counts"
        case .expired: "the signature was too old when it arrived; check the clock, or --expires"
        case .nonceUsed, .nonceTooOld, .nonceTooFar:
            "another transaction of this key came first; send it again"
        case .agentExpired, .unknownAgent:
            "the agent key has ended; its owner grants one with 'rampart send … set-agent'"
        case .keyChanged: "the key was changed in this block; use the new one"
        case .notAuthorised, .outOfScope:
            "this key may not do that; sign with the account's master key"
        case .outsideAgentBand:
            "the price is farther from the mark than the agent's grant allows; take one nearer"
        case .agentLossLimit:
            "the agent has lost its limit of the day; sign with the master key, or wait until "
                + "00:00 UTC"
        case .wrongChain: "the node is of another chain; check --node"
        default: nil
        }
    }

    private static func order(_ refusal: Refusal) -> String? {
        switch refusal {
        case .unknownOrder:
            "it is filled or cancelled already, or another account's; see 'rampart orders'"
        case .quantityOutOfRange, .priceOutOfRange:
            "'rampart query public/get_instrument instrument_name=…' states the range"
        case .conflictingTerms:
            "terms exclude each other: post-only needs a price and goes with neither ioc nor fok"
        case .duplicateClientOrder: "the client number is taken by an open order; take another"
        case .cancelledBefore: "a cancel of yours came after it was signed; send it again"
        case .tooManyOrders: "cancel some first: 'rampart cancel --all' or ORDER"
        case .outsidePriceBand:
            "the price is too far through the mark; 'rampart query public/ticker' states min_price "
                + "and max_price"
        case .wouldTake: "post-only would have traded at once; take a price farther away"
        case .notReducing: "there is no position that it would reduce; see 'rampart positions'"
        case .positionLimit, .ownerShare:
            "position and open orders would be too large; take less, or cancel some"
        case .insufficientMargin:
            "margin is missing; take less, cancel orders, or pay in ('rampart account')"
        case .notFillable: "fill-or-kill found too little; take less, a worse price, or ioc"
        case .agentLimitsOutOfRange, .orderExpiryTooFar: "take a shorter time or smaller limits"
        default: nil
        }
    }

    private static func market(_ refusal: Refusal) -> String? {
        switch refusal {
        case .unknownInstrument, .instrumentExpired, .instrumentSettled:
            "it is not traded any more; 'rampart markets' lists what is"
        case .inAuction:
            "the market collects orders for an auction; send a limit order without ioc or fok"
        case .instrumentHalted, .marketHalted:
            "the market is halted; cancels work, orders when it trades again ('rampart book')"
        case .reduceOnlyMarket, .inConversion, .inLiquidation, .providerOnlyReduces:
            "only orders that reduce the position are taken now; add --reduce-only"
        case .throttled: "too many orders in a short time; wait a little"
        case .interestCap: "the market holds as much as it may; rest an order, or wait"
        case .priceTooOld:
            "the venue has no fresh price for this; 'rampart markets' shows when it is back"
        case .protectionTripped:
            "your market-maker protection has tripped; 'rampart send … reset-protection'"
        default: nil
        }
    }

    private static func funds(_ refusal: Refusal) -> String? {
        switch refusal {
        case .amountNotPositive: "take an amount above zero"
        case .insufficientFunds:
            "more than may leave: margin, open profit and profit of the last hours stay; 'rampart "
                + "account' says what is free to withdraw"
        case .destinationNotAllowed:
            "the account pays out to its allow-list only; add it with 'rampart send … "
                + "allow-destination DESTINATION', which counts a day later"
        case .withdrawalQueued:
            "a withdrawal waits already; 'rampart withdraw --cancel' takes it back"
        case .noQueuedWithdrawal: "nothing waits to leave"
        case .withdrawalPending: "one withdrawal a block; send it again"
        case .committedToBackstop: "what backs the venue leaves after notice alone"
        case .vaultTooLow: "the vault does not hold so much now; take less, or wait"
        default: nil
        }
    }
}
