/// The leaves of backstops: written where there is anything, deleted where there is nothing left,
/// and read again.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation

extension LedgerState {
    /// Writes a leaf of a provider, an auction or a compartment's incentives; nothing where there
    /// is none.
    func encodeBackstop(_ key: LeafKey, into encoder: inout CanonicalEncoder) {
        switch key {
        case .backstop(let account):
            if let place = backstop.place(of: account) {
                encoder.append(backstop.providers[place])
            }
        case .auction(let account):
            if let start = backstop.auctionStart(of: account) { encoder.append(start) }
        case .incentives(let home):
            let place = Int(home.number)
            guard place < backstop.funds.count, !backstop.funds[place].isIdle else { return }
            encoder.append(backstop.funds[place])
        default: break
        }
    }

    /// Reads such a leaf to its place; what it belongs to is checked when all are read.
    mutating func restoreBackstop(
        _ key: LeafKey, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        switch key {
        case .backstop(let account):
            let provider = try BackstopProvider(account: account, from: &decoder)
            guard !backstop.isProvider(account),
                provider.limits.areInRange(underlyings: feeds.count)
            else { throw DecodingFault(.outOfRange, at: 0) }
            backstop.set(provider)
        case .auction(let account):
            let start = try decoder.timestamp()
            guard backstop.auctionStart(of: account) == nil else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            backstop.setAuctionStart(start, of: account)
        case .incentives(let home):
            let place = Int(home.number)
            guard place < backstop.funds.count, backstop.hasIncentives else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            let funds: IncentiveFunds = try decoder.value()
            backstop.changeFunds(of: place) { $0 = funds }
        default: break
        }
    }

    /// After accounts and standings: what rows belong to exists, and the list of makers.
    mutating func restoreBackstops() throws(RestoreFault) {
        for provider in backstop.providers {
            guard let account = accounts.account(provider.account),
                Int(account.compartment.number) < backstop.parameters.count
            else { throw .unexpected(.backstop(provider.account)) }
        }
        for clock in backstop.clocks where !liquidating.contains(clock.account) {
            throw .unexpected(.auction(clock.account))
        }
        for place in accounts.accounts.indices {
            let account = AccountIdentifier(UInt32(place))
            if breakers.standings[account].isMaker { backstop.setMaker(true, account) }
        }
        _ = backstop.takeTouched()
    }

    /// What is wrong with backstops; nil if nothing is.
    func backstopFailure() -> String? {
        for clock in backstop.clocks where !liquidating.contains(clock.account) {
            return "account \(clock.account.number) has an auction only while in liquidation"
        }
        for place in accounts.accounts.indices {
            let account = AccountIdentifier(UInt32(place))
            guard breakers.standings[account].isMaker == backstop.makers.contains(account) else {
                return "account \(place) is listed if it is a committed maker"
            }
        }
        for place in backstop.funds.indices {
            let owed = backstop.funds[place].backstop + backstop.funds[place].rebates
            guard !backstop.funds[place].backstop.isNegative, owed <= accounts.funds[place].fees
            else { return "what compartment \(place) shares out lies with its fees" }
        }
        return nil
    }
}

extension BackstopProvider {
    fileprivate init(
        account: AccountIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        self.init(account: account, limits: try decoder.value())
        waiting =
            try decoder.boolean()
            ? WaitingLimits(limits: try decoder.value(), start: try decoder.timestamp()) : nil
        noticeEnd = try decoder.boolean() ? try decoder.timestamp() : nil
        stopped = try decoder.list(limit: Bounds.underlyings)
        weighed = try decoder.quantity()
    }
}

extension CanonicalEncoder {
    /// All of a provider but its name, which is the leaf's.
    fileprivate mutating func append(_ provider: BackstopProvider) {
        append(provider.limits)
        append(provider.waiting != nil)
        if let waiting = provider.waiting {
            append(waiting.limits)
            append(waiting.start)
        }
        append(provider.noticeEnd != nil)
        if let noticeEnd = provider.noticeEnd { append(noticeEnd) }
        append(provider.stopped)
        append(provider.weighed)
    }
}

extension MakerPresence: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(all)
        encoder.append(stressed)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        all = try decoder.uint64()
        stressed = try decoder.uint64()
    }
}

extension IncentiveFunds: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(epoch)
        encoder.append(backstop)
        encoder.append(rebates)
        encoder.append(measured)
        encoder.append(measuredStress)
        encoder.append(nextPriority)
        encoder.append(makers)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        epoch = try decoder.uint64()
        backstop = try decoder.quantity()
        rebates = try decoder.quantity()
        measured = try decoder.uint64()
        measuredStress = try decoder.uint64()
        nextPriority = try decoder.uint64()
        makers = try decoder.list(limit: 1 << 16)
        for place in makers.indices.dropFirst()
        where makers[place].account <= makers[place - 1].account {
            throw DecodingFault(.outOfOrder, at: start)
        }
        guard !isIdle else { throw DecodingFault(.outOfRange, at: start) }
    }
}
