/// The manner of a borrower: assets in and out, loans up to the last micro-unit and one beyond,
/// offers of more than there is, options and spot on credit.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension RandomVenue {
    /// What it must bring about.
    static let effectsOfBorrowing = [
        "assetDeposited", "assetWithdrawn", "assetTransferred", "notCovered", "debtLimit",
        "interestCharged", "conversionStarted", "conversionEnded", "inConversion", "conversion",
        "vaultFull", "withdrawalPending",
    ]

    /// Lots of BTC for anybody.
    func assetCredit() -> Command {
        let lots = chance(1, in: 20) ? extreme() : integer(in: 1...2_000)
        return .depositAsset(lots, to: pick(accounts), of: asset())
    }

    private func asset() -> InstrumentIdentifier {
        chance(1, in: 25) ? InstrumentIdentifier(pick([0, 3, 4, 7, .max])) : TestGenesis.spot
    }

    func borrowerCommand(_ account: AccountIdentifier) -> Command {
        let held = venue.holding(account)
        switch integer(in: 0...11) {
        case 0: return .withdrawAsset(lots(of: held), of: asset())
        case 1: return .transferAsset(lots(of: held), to: pick(accounts), of: asset())
        case 2...3:
            let free = venue.ledger.withdrawable(account).units
            let amount = Amount(microunits: free + pick([0, 0, 1, -1, -free / 2]))
            return chance(1, in: 2)
                ? .withdraw(amount, destination: Bytes32())
                : .transfer(amount, to: pick(accounts))
        case 4:
            return .quote(
                QuoteRequest(
                    instrument: TestGenesis.spot, bid: price(-1), bidQuantity: size(held),
                    ask: price(1), askQuantity: size(held)))
        case 5:
            let orders = venue.openOrders(account).filter { $0.instrument == TestGenesis.spot }
            guard !orders.isEmpty else { return .cancelAll(nil) }
            let order = pick(orders)
            return .amend(
                AmendRequest(
                    order: order.identifier,
                    limit: Price(ticks: max(1, order.price.ticks + integer(in: -20...20))),
                    remaining: size(held), postOnly: false))
        case 6: return option()
        case 7...8: return perpetual(account)
        default:
            let side: Side = chance(1, in: 2) ? .buy : .sell
            var request = OrderRequest(
                instrument: TestGenesis.spot, side: side,
                limit: chance(1, in: 6) ? nil : price(integer(in: -1...1)), quantity: size(held),
                timeInForce: chance(1, in: 4) ? .immediateOrCancel : .goodTillCancelled,
                reduceOnly: chance(1, in: 6))
            if chance(1, in: 8), request.limit != nil, request.timeInForce.rests {
                request.trigger = Trigger(
                    .stop, on: .mark, at: Price(ticks: markTicks(6) + side.sign * 30))
            }
            return .place(request)
        }
    }

    /// Lots out of a holding: some, all, or more.
    private func lots(of held: Int64) -> Int64 {
        pick([held, held + 1, held / 2 + 1, integer(in: 1...max(1, held))])
    }

    private func size(_ held: Int64) -> Quantity {
        Quantity(lots: pick([min(held, 40_000), held + 1, integer(in: 1...400), 1]))
    }

    /// Near the mark of spot, on one side of it.
    private func price(_ side: Int64) -> Price {
        Price(ticks: max(1, markTicks(6) + side * integer(in: 1...200)))
    }

    /// A call or put, bought on credit or written.
    private func option() -> Command {
        let place = Int(integer(in: 4...5))
        return .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(place)),
                side: chance(1, in: 2) ? .buy : .sell,
                limit: Price(ticks: max(1, markTicks(place) + integer(in: -100...300))),
                quantity: Quantity(lots: integer(in: 1...500))))
    }

    /// Large bets on the perpetual, whose losses take cash below the limit.
    private func perpetual(_ account: AccountIdentifier) -> Command {
        let held = venue.position(account)
        let closes = held != 0 && chance(1, in: 2)
        let side: Side =
            closes ? (held > 0 ? .sell : .buy) : (chance(1, in: 2) ? .buy : .sell)
        return .place(
            OrderRequest(
                instrument: TestGenesis.bitcoin, side: side,
                limit: Price(ticks: max(1, markTicks(0) + side.sign * 40)),
                quantity: Quantity(lots: closes ? min(abs(held), 100_000) : integer(in: 1...3_000)),
                reduceOnly: closes))
    }
}
