/// The life of dated contracts at the mercy of chance: rules and the operator list them, they are
/// halted and reopened, traded, quoted and held into an expiry that prices may fail to cover.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension TestGenesis.Options {
    /// A rule for BTC, genesis contracts, and a window of a minute, so that lives see many ends.
    mutating func makeDated() {
        isDated = true
        listingRules = [TestGenesis.rule(days: 2, strikesEachSide: 1)]
        settlement = SettlementParameters(
            window: .seconds(60), coverage: Ratio(basisPoints: 8_000),
            observationWeight: .seconds(15))
    }
}

extension RandomVenue {
    func settlerSend(_ account: AccountIdentifier, _ count: Int) -> Send {
        if chance(1, in: 12) {
            return Send(
                signer: .operator, commands: (0..<count).map { _ in marketCommand() })
        }
        return Send(
            signer: .account(account),
            commands: (0..<count).map { _ in contractCommand(of: account) })
    }

    /// Milliseconds to half a minute before the next expiry, if it lies farther ahead than that.
    var timeToExpiry: UInt64? {
        let now = venue.time.nanoseconds
        let next = venue.ledger.catalogue.expiries[0].first { $0.nanoseconds > now }
        guard let next, next.nanoseconds - now > 90_000_000_000 else { return nil }
        return (next.nanoseconds - now) / 1_000_000 - 70_000
    }

    private func marketCommand() -> Command {
        let instrument = someContract()
        switch integer(in: 0...9) {
        case 0...1: return .halt(instrument)
        case 2...5: return .startAuction(instrument, length: .seconds(UInt64(integer(in: 0...5))))
        default:
            let days = UInt64(integer(in: 0...3))
            let expiry = TestGenesis.expiry.nanoseconds + days * 86_400_000_000_000
            let strike = IndexPrice(micros: integer(in: -1...60) * 1_000 * TestGenesis.million)
            let contract: DatedContract =
                chance(1, in: 3)
                ? .future(expiry: Timestamp(nanoseconds: expiry + UInt64(integer(in: 0...9)) / 9))
                : .pair(expiry: Timestamp(nanoseconds: expiry), strike: strike)
            let terms = TestGenesis.terms(
                positionLimit: chance(1, in: 4) ? extreme() : 2_000,
                compartment: CompartmentIdentifier(UInt16(integer(in: 0...2))))
            return .listContract(
                contract, on: UnderlyingIdentifier(UInt16(integer(in: 0...8)) / 8), terms)
        }
    }

    /// Any instrument, mostly a live one.
    private func someContract() -> InstrumentIdentifier {
        let catalogue = venue.ledger.catalogue
        return chance(1, in: 12)
            ? InstrumentIdentifier(UInt16(integer(in: 0...Int64(catalogue.instruments.count))))
            : pick(catalogue.live)
    }

    private func contractCommand(of account: AccountIdentifier) -> Command {
        let instrument = someContract()
        let place = min(Int(instrument.number), venue.ledger.prices.count - 1)
        let mark = markTicks(place)
        let reach = max(2, mark / 200)
        let side: Side = chance(1, in: 2) ? .buy : .sell
        switch integer(in: 0...19) {
        case 0: return .cancelAll(chance(1, in: 2) ? instrument : nil)
        case 1...2:
            let bid = max(1, mark - integer(in: 0...reach))
            return .quote(
                QuoteRequest(
                    instrument: instrument, bid: Price(ticks: bid),
                    bidQuantity: Quantity(lots: integer(in: 0...20)),
                    ask: Price(ticks: bid + integer(in: 0...reach)),
                    askQuantity: Quantity(lots: integer(in: 0...20))))
        default:
            var request = OrderRequest(
                instrument: instrument, side: side,
                limit: chance(1, in: 6)
                    ? nil : Price(ticks: max(1, mark + integer(in: -reach...reach))),
                quantity: Quantity(lots: integer(in: 1...60)), reduceOnly: chance(1, in: 10))
            if chance(1, in: 15) {
                request.trigger = Trigger(
                    .stop, on: .index, at: Price(ticks: integer(in: 80_000...120_000)))
            }
            return .place(request)
        }
    }
}
