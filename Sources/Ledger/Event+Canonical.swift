/// The encoding of events, of which the block keeps the Merkle root. Events are only ever written:
/// whoever reads them has them from the engine or checks their bytes against the root.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    /// The tag and the fields in the order of their declaration.
    public var canonicalBytes: [UInt8] {
        var encoder = CanonicalEncoder(reservingCapacity: 96)
        encode(into: &encoder)
        return encoder.bytes
    }

    func encode(into encoder: inout CanonicalEncoder) {
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
        case .observationRefused, .indexChanged, .markChanged, .curveChanged, .curveVoteDropped:
            encodePrices(into: &encoder)
        case .orderAccepted, .orderRested, .orderAmended, .orderClosed, .traded:
            encodeOrders(into: &encoder)
        case .auctionTraded, .orderRefreshed, .orderTriggered, .triggerRefused,
            .protectionTripped, .auctionStarted, .auctionCleared, .continuousTrading,
            .instrumentHalted:
            encodeMarkets(into: &encoder)
        case .instrumentListed, .instrumentExpired, .settlementPostponed, .instrumentSettled,
            .positionSettled:
            encodeListings(into: &encoder)
        default: encodeLiquidation(into: &encoder)
        }
    }

    private func encodeFunds(into encoder: inout CanonicalEncoder) {
        switch self {
        case .accountOpened(let account, let owner, let compartment):
            encoder.append(UInt8(1))
            encoder.append(account)
            encoder.append(owner)
            encoder.append(compartment)
        case .deposited(let account, let amount, let reference):
            encoder.append(UInt8(2))
            encoder.append(account)
            encoder.append(amount)
            encoder.append(reference)
        case .insuranceDeposited(let compartment, let amount):
            encoder.append(UInt8(3))
            encoder.append(compartment)
            encoder.append(amount)
        case .withdrawn(let account, let amount, let destination):
            encoder.append(UInt8(4))
            encoder.append(account)
            encoder.append(amount)
            encoder.append(destination)
        case .withdrawalCancelled(let account, let amount):
            encoder.append(UInt8(5))
            encoder.append(account)
            encoder.append(amount)
        case .transferred(let source, let target, let amount):
            encoder.append(UInt8(6))
            encoder.append(source)
            encoder.append(target)
            encoder.append(amount)
        case .feeTierChanged(let account, let tier):
            encoder.append(UInt8(7))
            encoder.append(account)
            encoder.append(tier)
        default: break
        }
    }

    private func encodePrices(into encoder: inout CanonicalEncoder) {
        switch self {
        case .observationRefused(let publisher, let refusal):
            encoder.append(UInt8(16))
            encoder.append(publisher)
            encoder.append(refusal.rawValue)
        case .indexChanged(let underlying, let index, let stable):
            encoder.append(UInt8(17))
            encoder.append(underlying)
            encoder.append(index)
            encoder.append(stable)
        case .markChanged(let instrument, let mark, let rate):
            encoder.append(UInt8(18))
            encoder.append(instrument)
            encoder.append(mark)
            encoder.append(rate)
        case .curveChanged(let underlying, let expiry, let basis, let volatility, let source):
            encoder.append(UInt8(19))
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(basis)
            encoder.append(volatility)
            encoder.append(source.rawValue)
        case .curveVoteDropped(let publisher, let underlying, let expiry, let refusal):
            encoder.append(UInt8(20))
            encoder.append(publisher)
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(refusal.rawValue)
        default: break
        }
    }

    private func encodeOrders(into encoder: inout CanonicalEncoder) {
        switch self {
        case .orderAccepted(let order):
            encoder.append(UInt8(32))
            encoder.append(order.order)
            encoder.append(order.account)
            encoder.append(order.instrument)
            encoder.append(order.clientIdentifier)
            encoder.append(order.limit)
            encoder.append(order.quantity)
            encoder.append(order.flags)
            encoder.append(order.trigger)
        case .orderRested(let rest):
            encoder.append(UInt8(33))
            rest.encode(into: &encoder)
        case .orderAmended(let rest):
            encoder.append(UInt8(34))
            rest.encode(into: &encoder)
        case .orderClosed(let order, let remaining, let reason):
            encoder.append(UInt8(35))
            encoder.append(order)
            encoder.append(remaining)
            encoder.append(reason.rawValue)
        case .traded(let trade):
            encoder.append(UInt8(36))
            trade.encode(into: &encoder)
        default: break
        }
    }

    private func encodeMarkets(into encoder: inout CanonicalEncoder) {
        switch self {
        case .auctionTraded(let trade):
            encoder.append(UInt8(37))
            trade.encode(into: &encoder)
        case .orderRefreshed(let rest):
            encoder.append(UInt8(38))
            rest.encode(into: &encoder)
        case .orderTriggered(let order):
            encoder.append(UInt8(39))
            encoder.append(order)
        case .triggerRefused(let order, let refusal):
            encoder.append(UInt8(40))
            encoder.append(order)
            encoder.append(refusal.rawValue)
        case .protectionTripped(let account, let underlying):
            encoder.append(UInt8(41))
            encoder.append(account)
            encoder.append(underlying)
        case .auctionStarted(let instrument, let end):
            encoder.append(UInt8(42))
            encoder.append(instrument)
            encoder.append(end)
        case .auctionCleared(let instrument, let clearing):
            encoder.append(UInt8(43))
            encoder.append(instrument)
            encoder.append(clearing.price)
            encoder.append(clearing.quantity)
        case .continuousTrading(let instrument):
            encoder.append(UInt8(44))
            encoder.append(instrument)
        case .instrumentHalted(let instrument):
            encoder.append(UInt8(45))
            encoder.append(instrument)
        default: break
        }
    }

    private func encodeListings(into encoder: inout CanonicalEncoder) {
        switch self {
        case .instrumentListed(let identifier, let instrument):
            encoder.append(UInt8(64))
            encoder.append(identifier)
            encoder.append(instrument)
        case .instrumentExpired(let instrument):
            encoder.append(UInt8(65))
            encoder.append(instrument)
        case .settlementPostponed(let underlying, let expiry, let coverage):
            encoder.append(UInt8(66))
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(coverage)
        case .instrumentSettled(let instrument, let price, let lotPayout):
            encoder.append(UInt8(67))
            encoder.append(instrument)
            encoder.append(price)
            encoder.append(lotPayout)
        case .positionSettled(let settlement):
            encoder.append(UInt8(68))
            settlement.encode(into: &encoder)
        default: break
        }
    }

    private func encodeLiquidation(into encoder: inout CanonicalEncoder) {
        switch self {
        case .liquidationStarted(let account, let equity, let requirement):
            encoder.append(UInt8(48))
            encoder.append(account)
            encoder.append(equity)
            encoder.append(requirement)
        case .liquidationFee(let account, let amount):
            encoder.append(UInt8(49))
            encoder.append(account)
            encoder.append(amount)
        case .deleveraged(let deleverage):
            encoder.append(UInt8(50))
            deleverage.encode(into: &encoder)
        case .insurancePaid(let account, let amount):
            encoder.append(UInt8(51))
            encoder.append(account)
            encoder.append(amount)
        case .lossShared(let account, let payer, let amount):
            encoder.append(UInt8(52))
            encoder.append(account)
            encoder.append(payer)
            encoder.append(amount)
        case .badDebt(let account, let amount):
            encoder.append(UInt8(53))
            encoder.append(account)
            encoder.append(amount)
        case .liquidationEnded(let account, let equity, let requirement):
            encoder.append(UInt8(54))
            encoder.append(account)
            encoder.append(equity)
            encoder.append(requirement)
        default: break
        }
    }
}

extension OrderRest {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(order)
        encoder.append(price)
        encoder.append(remaining)
        encoder.append(shown)
        encoder.append(priority)
    }
}

extension Trade {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(makerOrder)
        encoder.append(takerOrder)
        encoder.append(maker)
        encoder.append(taker)
        encoder.append(takerSide)
        encoder.append(price)
        encoder.append(quantity)
        encoder.append(notional)
        encoder.append(makerFee)
        encoder.append(takerFee)
    }
}

extension PositionSettlement {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(instrument)
        encoder.append(kind.rawValue)
        encoder.append(quantity)
        encoder.append(payout)
        encoder.append(profit)
        encoder.append(notional)
    }
}

extension Deleverage {
    fileprivate func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(counterparty)
        encoder.append(instrument)
        encoder.append(quantity)
        encoder.append(notional)
        encoder.append(rank)
        encoder.append(profit)
        encoder.append(equity)
    }
}
