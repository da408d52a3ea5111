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
        case .expired, .nonceUsed, .nonceTooOld, .nonceTooFar: .retry
        case .notAuthorised, .outOfScope: .forbidden
        case .outsideAgentBand: .priceNotAllowed
        case .agentLossLimit: .otherReject
        case .orderExpiryTooFar: .badArgument
        case .agentLimitsOutOfRange: .invalidArguments

        case .slotOutOfRange, .grantOutOfRange, .keyInUse, .unusableKey, .tooManyDestinations,
            .destinationListed, .tooManyAccounts:
            .invalidArguments
        case .unknownAgent, .unknownDestination: .notFound
        case .destinationNotAllowed, .otherOwner: .transferNotAllowed

        case .unknownAccount, .unknownCompartment, .unknownFeeTier: .notFound
        case .wrongCompartment, .sameAccount: .transferNotAllowed
        case .amountNotPositive: .invalidAmount
        case .vaultFull, .vaultTooLow, .debtCapReached, .withdrawalPending: .otherReject
        case .inLiquidation, .inConversion: .lockedByAdmin
        case .priceTooOld: .retry
        case .insufficientFunds, .insufficientMargin, .debtLimit, .notCovered: .notEnoughFunds
        case .notAnAsset: .invalidArguments

        case .unknownInstrument: .notFound
        case .unknownOrder: .orderNotFound
        case .cancelledBefore: .alreadyClosed
        case .quantityOutOfRange: .invalidAmount
        case .priceOutOfRange, .outsidePriceBand: .priceNotAllowed
        case .conflictingTerms: .unsupportedCombination
        case .duplicateClientOrder: .badArgument
        case .tooManyOrders: .tooManyOpenOrders
        case .wouldTake: .postOnlyReject
        case .notReducing: .otherReject
        case .positionLimit, .ownerShare, .interestCap: .positionLimit
        case .notFillable: .otherReject
        case .expiryPassed: .badArgument
        case .displayOutOfRange: .invalidMaxShow
        case .triggerAlreadyMet: .priceNotAllowed
        case .unknownPair: .orderNotFound
        case .inAuction: .otherReject
        case .protectionTripped, .noProtection: .otherReject
        case .protectionOutOfRange, .auctionLengthOutOfRange: .invalidArguments
        case .instrumentHalted: .bookClosed
        case .instrumentExpired: .settlementInProgress
        case .instrumentSettled: .bookClosed
        case .marketHalted: .bookClosed
        case .reduceOnlyMarket, .heldByBreaker, .levelNotRaised: .otherReject
        case .throttled: .tooManyRequests
        case .levelOutOfRange: .invalidArguments
        case .withdrawalQueued: .otherReject
        case .noQueuedWithdrawal: .notFound
        case .combosNotOffered, .blockTradesNotOffered, .requestsForQuoteNotOffered:
            .notImplemented

        case .unknownPublisher, .badObservationSignature, .observationFromFuture,
            .observationNotNewer, .observationTooOld, .unknownUnderlying,
            .observationOutOfRange, .unknownExpiry, .curveWithoutIndex, .forwardOutOfRange,
            .volatilityOutOfRange, .butterflyArbitrage, .calendarArbitrage, .curveOutlier,
            .unknownSource, .priceZero, .priceNegative, .priceStale, .priceFrozen, .priceAtBound,
            .priceUnitShifted, .priceOutlier, .noConversion:
            .invalidArguments

        case .attestedMalformed, .attestedNotTaken, .attestedProofWrong, .attestedWithoutFeed,
            .attestedPriceOutOfScale, .wrongEmitter, .unknownGuardianSet, .guardianSetExpired,
            .guardiansOutOfOrder, .guardianQuorumMissing, .badGuardianSignature,
            .guardianSetNotNext, .unknownReportConfiguration, .reportSignersMiscounted,
            .unknownReportSigner, .reportSignerTwice, .reportNotInForce, .reportWithoutPrice,
            .reportCrossed:
            .invalidArguments

        case .expiryTooNear, .expiryTooFar, .expiryOffTime, .strikeOutOfRange, .alreadyListed,
            .tooManyInstruments, .identifiersExhausted, .nameTooLong, .gridOutOfRange,
            .gridTooShort, .limitOutOfRange, .notionalTooLarge:
            .invalidArguments
        }
    }
}
