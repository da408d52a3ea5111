/// How an account becomes a provider of its compartment's backstop, changes what it takes, and
/// leaves. A provider is a margin account of its own: all that it holds stands behind the
/// compartment and nothing else of its owner does; what it takes is its own to close. So there are
/// no shares of a pool whose price could be pushed (decision 0025).
///
///     account ─setBackstop─▶ provider ─giveBackstopNotice─▶ on notice ─leaveBackstop─▶ account
///
/// While it is one its money stays and its orders only reduce.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Commits an account with these limits; of a provider, other limits, which count after a
    /// delay.
    mutating func setBackstop(
        _ limits: BackstopLimits, of account: AccountIdentifier
    ) throws(Refusal) {
        let home = Int(accounts.compartment(of: account).number)
        guard home < backstop.parameters.count else { throw .noBackstop }
        guard limits.areInRange(underlyings: feeds.count) else {
            throw .backstopLimitsOutOfRange
        }
        guard let place = backstop.place(of: account) else {
            try checkProvider(account, backstop.parameters[home])
            // From here it must succeed.
            backstop.set(BackstopProvider(account: account, limits: limits))
            emit(.backstopSet(account, limits, start: facts.time))
            return
        }
        var provider = backstop.providers[place]
        guard provider.noticeEnd == nil else { throw .backstopNoticeGiven }
        // From here it must succeed.
        let start = facts.time.advanced(by: backstop.parameters[home].limitDelay)
        provider.waiting = WaitingLimits(limits: limits, start: start)
        backstop.set(provider)
        emit(.backstopSet(account, limits, start: start))
    }

    /// What must hold before an account is committed: it holds cash and nothing else.
    private mutating func checkProvider(
        _ account: AccountIdentifier, _ parameters: BackstopParameters
    ) throws(Refusal) {
        guard accounts.liquidationStart(of: account) == nil else { throw .inLiquidation }
        let place = Int(account.number)
        guard accounts[account].positions.isEmpty, books.openOrderCount(of: account) == 0,
            breakers.standings[account].queued == nil, askedWithdrawals[place] == .zero
        else { throw .accountInUse }
        guard accounts.cash(of: account) >= parameters.minimum else {
            throw .belowBackstopMinimum
        }
        let home = accounts.compartment(of: account)
        let count = backstop.providers.count { accounts.compartment(of: $0.account) == home }
        guard count < Int(parameters.providers) else { throw .backstopFull }
    }

    /// A provider asks to leave: it stands on until the notice is over.
    mutating func giveBackstopNotice(of account: AccountIdentifier) throws(Refusal) {
        guard let place = backstop.place(of: account) else { throw .notCommitted }
        var provider = backstop.providers[place]
        guard provider.noticeEnd == nil else { throw .backstopNoticeGiven }
        // From here it must succeed.
        let home = Int(accounts.compartment(of: account).number)
        let end = facts.time.advanced(by: backstop.parameters[home].notice)
        provider.noticeEnd = end
        backstop.set(provider)
        emit(.backstopNoticeGiven(account, end: end))
    }

    /// A provider whose notice is over is an account like any other again, with what it took.
    mutating func leaveBackstop(_ account: AccountIdentifier) throws(Refusal) {
        guard let place = backstop.place(of: account) else { throw .notCommitted }
        guard let end = backstop.providers[place].noticeEnd, end <= facts.time else {
            throw .backstopNoticeNotOver
        }
        // From here it must succeed.
        backstop.remove(account)
        emit(.backstopLeft(account))
    }

    // While it is committed.

    /// That money and assets may leave an account.
    func checkUncommitted(_ account: AccountIdentifier) throws(Refusal) {
        guard !backstop.isProvider(account) else { throw .committedToBackstop }
    }

    /// That an account may place an order: a provider only reduces.
    func checkBackstopOrder(
        of account: AccountIdentifier, reduceOnly: Bool
    ) throws(Refusal) {
        guard reduceOnly || !backstop.isProvider(account) else { throw .providerOnlyReduces }
    }

    /// Limits whose delay is over count from this block on.
    mutating func followBackstops() {
        backstop.failures = []
        for place in backstop.providers.indices {
            guard let waiting = backstop.providers[place].waiting, waiting.start <= facts.time
            else { continue }
            var provider = backstop.providers[place]
            provider.limits = waiting.limits
            provider.waiting = nil
            provider.stopped = []
            backstop.set(provider)
        }
    }

    // Bounded losses.

    /// After the liquidations of a block: forgets the clocks of those that have ended, and closes
    /// what providers have lost as much by as they may.
    mutating func settleBackstops() {
        for clock in backstop.clocks where accounts.liquidationStart(of: clock.account) == nil {
            backstop.setAuctionStart(nil, of: clock.account)
        }
        boundLosses()
    }

    /// Closes what has lost as much as it may: of a provider in the markets of an underlying, or of
    /// all providers of a compartment together. It closes at the mark against the other side, and
    /// they take no more there.
    private mutating func boundLosses() {
        guard !backstop.providers.isEmpty, isMargined else { return }
        var losses: [BackstopLoss] = []
        for provider in backstop.providers where !accounts[provider.account].positions.isEmpty {
            guard accounts.liquidationStart(of: provider.account) == nil,
                hasPrices(provider.account, for: .liquidate)
            else { continue }
            for place in feeds.indices {
                let underlying = UnderlyingIdentifier(UInt16(place))
                let loss = openLoss(of: provider.account, in: underlying)
                guard loss.isPositive else { continue }
                losses.append(
                    BackstopLoss(
                        account: provider.account, underlying: underlying, loss: loss,
                        limit: provider.limits.market(of: underlying)?.loss ?? .zero))
            }
        }
        for entry in losses {
            let home = accounts.compartment(of: entry.account)
            var together: Int128 = 0
            for other in losses
            where other.underlying == entry.underlying
                && accounts.compartment(of: other.account) == home
            { together += Int128(other.loss.units) }
            let bound = backstop.parameters[Int(home.number)].marketLoss
            guard entry.loss >= entry.limit || together >= Int128(bound.units) else { continue }
            stop(entry)
        }
    }

    /// What the open positions of an account in an underlying have lost at the mark; negative is a
    /// profit. Spot is none of a backstop's.
    func openLoss(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> Amount {
        var profit = Amount.zero
        for position in accounts[account].positions {
            let instrument = catalogue.instruments[Int(position.instrument.number)]
            guard instrument.underlying == underlying, instrument.kind != .spot else { continue }
            let risk = risk.instruments[Int(position.instrument.number)]
            profit += position.unrealisedProfit(
                lotValue: risk.markValue, fractionBits: risk.fractionBits)
        }
        return -profit
    }

    private mutating func stop(_ entry: BackstopLoss) {
        guard let place = backstop.place(of: entry.account) else { return }
        var provider = backstop.providers[place]
        if !provider.stopped.contains(entry.underlying) {
            provider.stopped.append(entry.underlying)
            provider.stopped.sort()
            backstop.set(provider)
        }
        emit(.backstopStopped(entry.account, entry.underlying, loss: entry.loss))
        for position in accounts[entry.account].positions {
            let instrument = catalogue.instruments[Int(position.instrument.number)]
            guard instrument.underlying == entry.underlying, instrument.kind != .spot else {
                continue
            }
            closeStopped(position, of: entry.account)
        }
    }

    /// Closes a position of a provider at the mark against all who hold the other side, in
    /// proportion to their lots: none of them loses by it. Θ(accounts).
    private mutating func closeStopped(_ position: Position, of provider: AccountIdentifier) {
        let instrument = position.instrument
        let lots = Int128(position.quantity.magnitude.units)
        var others: [(account: AccountIdentifier, lots: Int64)] = []
        var total: Int128 = 0
        for place in accounts.accounts.indices {
            let account = AccountIdentifier(UInt32(place))
            let held = accounts.quantity(of: account, in: instrument)
            guard held.sign * position.quantity.sign < 0 else { continue }
            others.append((account, held.magnitude.units))
            total += Int128(held.magnitude.units)
        }
        touchInstrument(instrument)
        // Everybody's lots sum to zero, so there are as many on the other side.
        var (counted, closed): (Int128, Int128) = (0, 0)
        for other in others {
            counted += Int128(other.lots)
            let part = Quantity(lots: Int64(lots * counted / total - closed))
            closed += Int128(part.units)
            if part.isPositive { close(part, of: position, provider, against: other.account) }
        }
        for other in others { cancelUnbacked(other.account) }
    }

    private mutating func close(
        _ lots: Quantity, of position: Position, _ provider: AccountIdentifier,
        against other: AccountIdentifier
    ) {
        let place = Int(position.instrument.number)
        let mark = risk.instruments[place]
        let notional = Amount(microunits: (mark.markValue * lots.units) >> mark.fractionBits)
        let isLong = position.quantity.isPositive
        accounts.closeAgainst(
            long: isLong ? provider : other, short: isLong ? other : provider,
            instrument: position.instrument, lots: lots, notional: notional, hour: hour)
        let signed = Quantity(lots: position.quantity.sign * lots.units)
        risk.changePosition(of: provider, in: position.instrument, by: -signed)
        risk.changePosition(of: other, in: position.instrument, by: signed)
        caps.grow(by: -lots, of: place)
        emit(
            .backstopClosed(
                SliceMove(
                    account: provider, provider: other, instrument: position.instrument,
                    quantity: signed, notional: notional)))
    }

    /// What providers can lose in a market at most by their limits: none more than it has, and all
    /// together no more than the compartment's bound.
    func backstopBound(
        of underlying: UnderlyingIdentifier, in home: CompartmentIdentifier
    ) -> Amount {
        guard Int(home.number) < backstop.parameters.count else { return .zero }
        var sum: Int128 = 0
        for provider in backstop.providers
        where accounts.compartment(of: provider.account) == home {
            let limit = provider.limits.market(of: underlying)?.loss ?? .zero
            let equity = max(.zero, maintenanceMargin(of: provider.account).equity)
            sum += Int128(min(limit, equity).units)
        }
        let bound = backstop.parameters[Int(home.number)].marketLoss
        return min(bound, Amount(microunits: Int64(clamping: sum)))
    }
}

/// What a provider has lost in the markets of an underlying, and may lose.
private struct BackstopLoss {
    let account: AccountIdentifier
    let underlying: UnderlyingIdentifier
    let loss: Amount
    let limit: Amount
}
