/// The encoding of events: a tag and the fields in the order of their declaration. The block keeps
/// the Merkle root of them; storage keeps them whole, so that history survives a restart. Each kind
/// has a file of its own.

public import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .accountOpened, .deposited, .insuranceDeposited, .withdrawn, .withdrawalCancelled,
            .transferred, .feeTierChanged:
            encodeFunds(into: &encoder)
        case .subaccountOpened, .agentSet, .agentRevoked, .masterRotated, .destinationAllowed,
            .destinationRemoved:
            encodeKeys(into: &encoder)
        case .assetDeposited, .assetWithdrawn, .assetWithdrawalCancelled, .assetTransferred,
            .interestCharged, .conversionStarted, .conversionEnded:
            encodeCollateral(into: &encoder)
        case .observationRefused, .indexChanged, .markChanged, .curveChanged, .curveVoteDropped,
            .priceJudged, .indexConditionChanged:
            encodePrices(into: &encoder)
        case .attestationRefused, .attestedPriceRefused, .guardianSetChanged:
            encodeAttested(into: &encoder)
        case .interestCapMoved, .marginMoved: encodeEconomics(into: &encoder)
        case .orderAccepted, .orderRested, .orderAmended, .orderClosed, .traded:
            encodeOrders(into: &encoder)
        case .auctionTraded, .orderRefreshed, .orderTriggered, .triggerRefused, .protectionTripped,
            .auctionStarted, .auctionCleared, .continuousTrading, .instrumentHalted:
            encodeMarkets(into: &encoder)
        case .instrumentListed, .instrumentExpired, .settlementPostponed, .instrumentSettled,
            .positionSettled:
            encodeListings(into: &encoder)
        case .breakerChanged, .makerCommitted, .suspicionsChanged, .withdrawalQueued,
            .withdrawalUnqueued:
            encodeBreakers(into: &encoder)
        case .liquidationStarted, .liquidationFee, .deleveraged, .insurancePaid, .lossShared,
            .badDebt, .liquidationEnded, .closingAllowed:
            encodeLiquidation(into: &encoder)
        case .shortfall, .lossAsked: encodeDeleveraging(into: &encoder)
        case .backstopSet, .backstopNoticeGiven, .backstopLeft, .backstopAuctionStarted,
            .sliceMoved, .sliceTaken, .backstopStopped, .backstopPaid, .makerMeasured,
            .backstopClosed:
            encodeBackstop(into: &encoder)
        case .rescueSet, .rescueCleared, .collateralMoved, .hedgeSent, .haircutMoved,
            .quotePegMoved:
            encodeRescue(into: &encoder)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let tag = try decoder.byte()
        switch tag {
        case 1...7: try self.init(funds: tag, from: &decoder)
        case 96...101: try self.init(keys: tag, from: &decoder)
        case 80...86: try self.init(collateral: tag, from: &decoder)
        case 16...22: try self.init(prices: tag, from: &decoder)
        case 122...124: try self.init(attested: tag, from: &decoder)
        case 32...36: try self.init(orders: tag, from: &decoder)
        case 37...45: try self.init(markets: tag, from: &decoder)
        case 64...68: try self.init(listings: tag, from: &decoder)
        case 112...116: try self.init(breakers: tag, from: &decoder)
        case 48...54, 128: try self.init(liquidation: tag, from: &decoder)
        case 156...161: try self.init(rescue: tag, from: &decoder)
        case 127, 148: try self.init(economics: tag, from: &decoder)
        case 132...133: try self.init(deleveraging: tag, from: &decoder)
        case 136...145: try self.init(backstop: tag, from: &decoder)
        default: throw DecodingFault(.unknownTag, at: decoder.offset - 1)
        }
    }
}
