/// What the ledger and admission refuse, in Deribit's numbers: every refusal has one, and the field
/// `reason` names ours, so that nothing is lost in translation.

import JSON
package import Ledger

extension APIError {
    /// The answer to a refusal of the ledger.
    package init(_ refusal: Refusal) {
        self.init(
            ErrorCode.of(refusal),
            data: [
                JSON.Member("reason", .string(String(describing: refusal))),
                JSON.Member("refusal", .number(JSON.Number(Int64(refusal.rawValue)))),
            ])
    }

    /// The answer to a refusal of admission.
    package init(_ refusal: AdmissionRefusal) {
        switch refusal {
        case .refused(let reason): self = APIError(reason)
        case .tooFast(let time): self = .wait(.tooManyRequests, time)
        case .overloaded(let time): self = .wait(.queueFull, time)
        case .unavailable: self = APIError(ErrorCode.unavailable)
        }
    }
}

extension ErrorCode {
    /// Deribit's number for a refusal.
    package static func of(_ refusal: Refusal) -> ErrorCode {
        switch refusal {
        case .malformed, .wrongChain, .emptyBatch: .badRequest
        case .unknownSigner, .badSignature, .agentExpired, .keyChanged: .unauthorized
        case .expired, .nonceUsed, .nonceTooOld, .nonceTooFar, .priceTooOld: .retry
        case .notAuthorised, .outOfScope: .forbidden
        case .outsideAgentBand, .priceOutOfRange, .outsidePriceBand, .triggerAlreadyMet:
            .priceNotAllowed
        case .agentLossLimit, .vaultFull, .vaultTooLow, .debtCapReached, .withdrawalPending,
            .notReducing, .notFillable, .inAuction, .protectionTripped, .noProtection,
            .reduceOnlyMarket, .heldByBreaker, .levelNotRaised, .withdrawalQueued,
            .noBackstop, .accountInUse, .backstopFull, .notCommitted, .backstopNoticeGiven,
            .backstopNoticeNotOver, .providerOnlyReduces:
            .otherReject
        case .orderExpiryTooFar, .duplicateClientOrder, .expiryPassed: .badArgument
        case .agentLimitsOutOfRange, .slotOutOfRange, .grantOutOfRange, .keyInUse, .unusableKey,
            .tooManyDestinations, .destinationListed, .tooManyAccounts, .notAnAsset,
            .protectionOutOfRange, .auctionLengthOutOfRange, .levelOutOfRange, .unknownPublisher,
            .badObservationSignature, .observationFromFuture, .observationNotNewer,
            .observationTooOld, .unknownUnderlying, .observationOutOfRange, .unknownExpiry,
            .curveWithoutIndex, .forwardOutOfRange, .volatilityOutOfRange, .butterflyArbitrage,
            .calendarArbitrage, .curveOutlier, .unknownSource, .priceZero, .priceNegative,
            .priceStale, .priceFrozen, .priceAtBound, .priceUnitShifted, .priceOutlier,
            .noConversion, .attestedMalformed, .attestedNotTaken, .attestedProofWrong,
            .attestedWithoutFeed, .attestedPriceOutOfScale, .wrongEmitter, .unknownGuardianSet,
            .guardianSetExpired, .guardiansOutOfOrder, .guardianQuorumMissing,
            .badGuardianSignature, .guardianSetNotNext, .unknownReportConfiguration,
            .reportSignersMiscounted, .unknownReportSigner, .reportSignerTwice,
            .reportNotInForce, .reportWithoutPrice, .reportCrossed, .expiryTooNear,
            .expiryTooFar, .expiryOffTime, .strikeOutOfRange, .alreadyListed,
            .tooManyInstruments, .identifiersExhausted, .nameTooLong, .gridOutOfRange,
            .gridTooShort, .limitOutOfRange, .notionalTooLarge, .backstopLimitsOutOfRange,
            .rescueTermsEmpty, .rescueLevelOutOfRange, .rescueAmountOutOfRange,
            .rescueSourceNotOwn, .hedgeTermsOutOfRange:
            .invalidArguments
        case .unknownAgent, .unknownDestination, .unknownAccount, .unknownCompartment,
            .unknownFeeTier, .unknownInstrument, .noQueuedWithdrawal, .noRescueTerms:
            .notFound
        case .destinationNotAllowed, .otherOwner, .wrongCompartment, .sameAccount,
            .committedToBackstop:
            .transferNotAllowed
        case .amountNotPositive, .quantityOutOfRange: .invalidAmount
        case .inLiquidation, .inConversion: .lockedByAdmin
        case .insufficientFunds, .insufficientMargin, .debtLimit, .notCovered,
            .belowBackstopMinimum:
            .notEnoughFunds
        case .unknownOrder, .unknownPair: .orderNotFound
        case .cancelledBefore: .alreadyClosed
        case .conflictingTerms: .unsupportedCombination
        case .tooManyOrders: .tooManyOpenOrders
        case .wouldTake: .postOnlyReject
        case .positionLimit, .ownerShare, .interestCap: .positionLimit
        case .displayOutOfRange: .invalidMaxShow
        case .instrumentHalted, .instrumentSettled, .marketHalted: .bookClosed
        case .instrumentExpired: .settlementInProgress
        case .throttled: .tooManyRequests
        case .combosNotOffered, .blockTradesNotOffered, .requestsForQuoteNotOffered:
            .notImplemented
        }
    }
}
