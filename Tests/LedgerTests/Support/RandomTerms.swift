/// Blocks of orders with every term at once, sensible or not, on a market that walks, jumps and
/// goes into auctions. `Venue` audits the ledger and replays the events after each.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import TestKit
import Testing

final class RandomTerms {
    let venue: Venue
    let accounts: [AccountIdentifier]
    var random: SeededGenerator
    private(set) var refused = 0
    private(set) var accepted = 0

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        var options = TestGenesis.Options()
        options.openInterestLimit = 400_000
        venue = try Venue(options)
        var accounts = try venue.openAccounts(4, dollars: 60_000)
        accounts += try venue.openAccounts(2, dollars: 300)
        accounts.append(try venue.openSibling(of: accounts[0], dollars: 60_000))
        self.accounts = accounts
    }

    /// One block of chance.
    @discardableResult
    func step() throws -> BlockOutcome {
        let move = chance(1, in: 12) ? integer(in: -700...700) : integer(in: -30...30)
        venue.prices[0] = min(
            max(venue.prices[0] / 10_000 * (10_000 + move), 30_000_000_000), 80_000_000_000)
        if chance(1, in: 30) { venue.prices[0] = 50_000_000_000 }
        var sends = (0..<integer(in: 4...20)).map { _ in
            let account = pick(accounts)
            return Send(
                signer: .account(account),
                commands: (0..<(chance(1, in: 4) ? 4 : 1)).map { _ in command(of: account) })
        }
        if chance(1, in: 15) {
            sends.append(.operator(.auction(seconds: UInt64(integer(in: 1...8)))))
        }
        let block = venue.block(sends, milliseconds: UInt64(pick([200, 1_000, 1_000, 4_000])))
        let outcome = try venue.apply(block)
        for refusal in outcome.refusals {
            if refusal == nil { accepted += 1 } else { refused += 1 }
        }
        return outcome
    }

    private func command(of account: AccountIdentifier) -> Command {
        let label: Label = .text(pick(["", "a", "b"]))
        switch integer(in: 0...24) {
        case 0...14: return .place(placement())
        case 15...17: return .amend(amendment(of: account))
        case 18...20:
            let bid = mark() - integer(in: -20...200)
            return .quote(
                QuoteRequest(
                    instrument: TestGenesis.bitcoin, bid: Price(ticks: bid),
                    bidQuantity: Quantity(lots: integer(in: 0...40)),
                    ask: Price(ticks: bid + integer(in: 0...200)),
                    askQuantity: Quantity(lots: integer(in: 0...40))))
        case 21:
            return pick([
                .cancelLabel(label), .cancelQuotes(nil), .cancelAll(nil),
                .cancelClient(ClientOrderIdentifier(UInt64(integer(in: 1...6)))),
            ])
        case 22:
            return .cancel(someOrder(of: account)?.identifier ?? OrderIdentifier(1))
        case 23:
            return .protect(
                window: 10, freeze: 10, dollars: pick([0, 1_000, 5_000]))
        default: return .resetProtection(UnderlyingIdentifier(0))
        }
    }

    private func placement() -> OrderRequest {
        let side: Side = chance(1, in: 2) ? .buy : .sell
        let price = mark() - side.sign * integer(in: -150...400)
        var request = OrderRequest(
            instrument: TestGenesis.bitcoin, side: side,
            limit: chance(1, in: 8) ? nil : Price(ticks: price),
            quantity: Quantity(lots: integer(in: 1...60)), reduceOnly: chance(1, in: 8),
            clientIdentifier: ClientOrderIdentifier(UInt64(max(0, integer(in: -6...6)))),
            selfTrade: pick(SelfTradePrevention.allCases), isProtected: chance(1, in: 5))
        switch integer(in: 0...9) {
        case 0: request.timeInForce = .immediateOrCancel
        case 1: request.timeInForce = .fillOrKill
        case 2, 3:
            request.timeInForce = .goodTillTime
            request.expiry = venue.time.advanced(by: .seconds(UInt64(integer(in: 1...30))))
        case 4:
            request.postOnly = true
            request.slides = chance(2, in: 3)
        default: break
        }
        if chance(1, in: 5) {
            request.trigger = Trigger(
                pick(TriggerKind.allCases), on: pick(TriggerReference.allCases),
                at: Price(ticks: mark() + integer(in: -600...600)))
        }
        if chance(1, in: 4) { request.display = Quantity(lots: integer(in: 1...10)) }
        if chance(1, in: 4) {
            request.pair = ClientOrderIdentifier(UInt64(integer(in: 1...6)))
        }
        if chance(1, in: 3) { request.label = .text(pick(["a", "b"])) }
        return request
    }

    private func amendment(of account: AccountIdentifier) -> AmendRequest {
        guard let order = someOrder(of: account) else {
            return AmendRequest(
                order: OrderIdentifier(1), limit: nil, remaining: .zero, postOnly: false)
        }
        let price = chance(1, in: 3) ? order.price.ticks : mark() + integer(in: -300...300)
        let isWaiting = !order.isResting
        return AmendRequest(
            order: order.identifier, limit: order.price == .zero ? nil : Price(ticks: price),
            remaining: Quantity(lots: integer(in: 1...60)), postOnly: chance(1, in: 4),
            trigger: isWaiting && chance(1, in: 2)
                ? Price(ticks: mark() + integer(in: -600...600)) : nil)
    }

    private func someOrder(of account: AccountIdentifier) -> Order? {
        let orders = venue.openOrders(account)
        return orders.isEmpty ? nil : pick(orders)
    }

    private func mark() -> Int64 { venue.prices[0] / 500_000 }

    private func integer(in range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &random)
    }

    private func chance(_ part: Int64, in whole: Int64) -> Bool { integer(in: 1...whole) <= part }

    private func pick<Element>(_ list: [Element]) -> Element {
        list[Int(integer(in: 0...Int64(list.count - 1)))]
    }
}
