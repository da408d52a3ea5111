/// What those earn who stand behind a compartment. Fees gather for an hour. Providers share theirs
/// by what they stood to lose, less what they ask for; committed makers share theirs by the time in
/// which their quotes stood near the mark, time of stress counted several times, and a maker who
/// was missing for too much of either earns nothing. What nobody earned stays with the venue.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

/// A perpetual as makers are measured in it.
private struct MeasuredMarket {
    let instrument: InstrumentIdentifier
    let isStressed: Bool
    /// The farthest prices that count.
    let lowestBid: Price
    let highestAsk: Price
    /// Of one lot at a price of one tick.
    let tickValue: Int64
}

extension LedgerState {
    /// Charges what an account under liquidation pays for being closed on the book: to the
    /// insurance fund, and where there are providers their share of it to them.
    mutating func chargeLiquidationFee(_ fee: Amount, of identifier: AccountIdentifier) {
        let home = accounts.compartment(of: identifier)
        let place = Int(home.number)
        var shared = Amount.zero
        if place < backstop.parameters.count, !backstop.providers.isEmpty {
            shared = BackstopState.share(backstop.parameters[place].liquidationShare, of: fee)
        }
        accounts.transfer(fee - shared, from: .account(identifier), to: .insurance(home))
        if shared.isPositive {
            accounts.transfer(shared, from: .account(identifier), to: .fees(home))
            backstop.changeFunds(of: place) { $0.backstop += shared }
        }
        emit(.liquidationFee(identifier, fee))
    }

    /// Measures makers over the time that passed, and shares out where an hour is over.
    mutating func followIncentives(elapsed: Duration) {
        guard backstop.hasIncentives else { return }
        for place in backstop.funds.indices {
            let epoch = backstop.funds[place].epoch
            if epoch != hour {
                if epoch != 0 {
                    payProviders(of: place)
                    payMakers(of: place)
                }
                let now = hour
                backstop.changeFunds(of: place) { funds in
                    let next = funds.nextPriority
                    funds = IncentiveFunds()
                    funds.epoch = now
                    funds.nextPriority = next
                }
            }
            measureMakers(of: place, elapsed: elapsed)
        }
    }

    // Providers.

    private mutating func payProviders(of home: Int) {
        guard home < backstop.parameters.count else { return }
        var weights: [(place: Int, weight: Int128)] = []
        var total: Int128 = 0
        for place in backstop.providers.indices {
            var provider = backstop.providers[place]
            guard Int(accounts.compartment(of: provider.account).number) == home else { continue }
            let equity = max(.zero, maintenanceMargin(of: provider.account).equity)
            let stake = min(equity, provider.weighed, provider.limits.totalLoss)
            let weight = BackstopState.share(.one - provider.limits.leastDiscount, of: stake)
            weights.append((place, Int128(weight.units)))
            total += Int128(weight.units)
            provider.weighed = equity
            backstop.set(provider)
        }
        let pot = Int128(backstop.funds[home].backstop.units)
        guard total > 0, pot > 0 else { return }
        for entry in weights {
            let amount = Amount(microunits: Int64(pot * entry.weight / total))
            guard amount.isPositive else { continue }
            let account = backstop.providers[entry.place].account
            accounts.transfer(
                amount, from: .fees(CompartmentIdentifier(UInt16(home))), to: .account(account))
            emit(.backstopPaid(account, amount))
        }
    }

    // Makers.

    private mutating func payMakers(of home: Int) {
        guard home < backstop.terms.count else { return }
        let (terms, funds) = (backstop.terms[home], backstop.funds[home])
        guard funds.measured > 0 else { return }
        var presences: [(presence: MakerPresence, weight: Int128)] = []
        var total: Int128 = 0
        for account in backstop.makers
        where Int(accounts.compartment(of: account).number) == home {
            let presence =
                funds.makers.first { $0.account == account } ?? MakerPresence(account: account)
            let weight = terms.weight(
                present: presence.all, stressed: presence.stressed, of: funds.measured,
                allStressed: funds.measuredStress)
            presences.append((presence, weight))
            total += weight
        }
        for entry in presences {
            let exact = total > 0 ? Int128(funds.rebates.units) * entry.weight / total : 0
            let rebate = Amount(microunits: Int64(exact))
            accounts.transfer(
                rebate, from: .fees(CompartmentIdentifier(UInt16(home))),
                to: .account(entry.presence.account))
            emit(
                .makerMeasured(
                    MakerEpoch(
                        account: entry.presence.account,
                        present: Duration(nanoseconds: entry.presence.all),
                        measured: Duration(nanoseconds: funds.measured),
                        presentStressed: Duration(nanoseconds: entry.presence.stressed),
                        measuredStressed: Duration(nanoseconds: funds.measuredStress),
                        rebate: rebate)))
        }
    }

    /// Counts the time that passed for every maker whose quotes stand in a perpetual. An order
    /// counts once it has stood through a block: one that comes last and leaves first is never met.
    private mutating func measureMakers(of home: Int, elapsed: Duration) {
        guard home < backstop.terms.count, !backstop.makers.isEmpty else { return }
        let terms = backstop.terms[home]
        let makers = backstop.makers.filter {
            Int(accounts.compartment(of: $0).number) == home
        }
        let markets = makers.isEmpty ? [] : measuredMarkets(of: home, terms)
        let rested = backstop.funds[home].nextPriority
        var standing: [MakerPresence] = []
        for account in makers {
            var presence = MakerPresence(account: account)
            for market in markets
            where stands(account, in: market, size: terms.size, rested: rested) {
                presence.all += elapsed.nanoseconds
                if market.isStressed { presence.stressed += elapsed.nanoseconds }
            }
            if presence.all > 0 { standing.append(presence) }
        }
        let stressed = UInt64(markets.count { $0.isStressed })
        let next = facts.nextPriority
        backstop.changeFunds(of: home) { funds in
            funds.nextPriority = next
            funds.measured += UInt64(markets.count) * elapsed.nanoseconds
            funds.measuredStress += stressed * elapsed.nanoseconds
            for entry in standing { funds.add(entry) }
        }
    }

    /// The perpetuals of a compartment in which quotes can stand now.
    private mutating func measuredMarkets(
        of home: Int, _ terms: MakerTerms
    ) -> [MeasuredMarket] {
        var markets: [MeasuredMarket] = []
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard instrument.kind == .perpetual, Int(instrument.compartment.number) == home,
                prices[place].isPriced, phases[place].isContinuous || phases[place].isAuction
            else { continue }
            let mark = prices[place].mark
            let bounds = proven { () throws(ArithmeticFault) in
                let reach = try mark.multiplied(by: terms.reach, rounding: .down)
                return (
                    try instrument.ticks(at: mark - reach, rounding: .up),
                    try instrument.ticks(at: mark + reach, rounding: .down)
                )
            }
            markets.append(
                MeasuredMarket(
                    instrument: identifier, isStressed: isStressed(place, instrument, terms),
                    lowestBid: bounds.0, highestAsk: bounds.1,
                    tickValue: instrument.tickValue))
        }
        return markets
    }

    /// Whether a market is under stress: its level is raised, or its index has moved.
    private func isStressed(
        _ place: Int, _ instrument: Instrument, _ terms: MakerTerms
    ) -> Bool {
        let underlying = Int(instrument.underlying.number)
        let moves = breakers.underlyings[underlying].window.moves(of: feeds[underlying].index)
        return breakers.levels[place] > .normal || moves.fiveMinutes >= terms.stressMove
    }

    /// Whether so much of an account stands on each side of a market, near enough.
    private mutating func stands(
        _ account: AccountIdentifier, in market: MeasuredMarket, size: Amount, rested: UInt64
    ) -> Bool {
        var (bids, asks): (Int128, Int128) = (0, 0)
        for place in 0..<books.openOrderCount(of: account) {
            let open = books.openOrder(of: account, at: place)
            guard open.instrument == market.instrument else { continue }
            let order = books[open.slot]
            guard !books.isWaiting(order), !order.reduceOnly,
                books.priority(of: open.slot) < rested
            else { continue }
            let worth =
                Int128(order.price.units) * Int128(market.tickValue) * Int128(order.shown.units)
            switch order.side {
            case .buy where order.price >= market.lowestBid: bids += worth
            case .sell where order.price <= market.highestAsk: asks += worth
            default: break
            }
        }
        return min(bids, asks) >= Int128(size.units)
    }
}

extension IncentiveFunds {
    /// Adds the time in which a maker stood.
    fileprivate mutating func add(_ time: MakerPresence) {
        let place = makers.firstIndex { $0.account >= time.account } ?? makers.count
        if place == makers.count || makers[place].account != time.account {
            makers.insert(MakerPresence(account: time.account), at: place)
        }
        makers[place].all += time.all
        makers[place].stressed += time.stressed
    }
}
