/// Backstops, auctions and makers, for those who ask (`docs/backstop.md`).

import Accounts
public import Canonical
public import FixedPoint
public import Liquidation
import Risk

/// A provider as others see it.
public struct BackstopStanding: Equatable, Sendable {
    public let account: AccountIdentifier
    public let limits: BackstopLimits
    /// Limits that will count, and from when on.
    public let nextLimits: BackstopLimits?
    public let nextStart: Timestamp?
    /// From when on it may leave, if it has given notice.
    public let noticeEnd: Timestamp?
    /// Where it has lost what it may.
    public let stopped: [UnderlyingIdentifier]
    public let equity: Amount
}

/// For how long a committed maker has stood since the hour began, all perpetuals added.
public struct MakerStanding: Equatable, Sendable {
    public let account: AccountIdentifier
    public let present: Duration
    public let measured: Duration
    public let presentStressed: Duration
    public let measuredStressed: Duration
}

extension Ledger {
    /// The terms of a compartment's backstop; nil where it has none.
    public func backstopParameters(
        of compartment: CompartmentIdentifier
    ) -> BackstopParameters? {
        let place = Int(compartment.number)
        return place < state.backstop.parameters.count ? state.backstop.parameters[place] : nil
    }

    /// What makers owe the perpetuals of a compartment; nil where nothing.
    public func makerTerms(of compartment: CompartmentIdentifier) -> MakerTerms? {
        let place = Int(compartment.number)
        return place < state.backstop.terms.count ? state.backstop.terms[place] : nil
    }

    /// The providers of a compartment, ascending by account.
    public func backstopProviders(of compartment: CompartmentIdentifier) -> [BackstopStanding] {
        var result: [BackstopStanding] = []
        for provider in state.backstop.providers
        where state.accounts.compartment(of: provider.account) == compartment {
            result.append(
                BackstopStanding(
                    account: provider.account, limits: provider.limits,
                    nextLimits: provider.waiting?.limits, nextStart: provider.waiting?.start,
                    noticeEnd: provider.noticeEnd, stopped: provider.stopped,
                    equity: state.maintenanceMargin(of: provider.account).equity))
        }
        return result
    }

    /// The committed makers of a compartment, ascending by account.
    public func makerStandings(of compartment: CompartmentIdentifier) -> [MakerStanding] {
        let place = Int(compartment.number)
        guard place < state.backstop.funds.count else { return [] }
        let funds = state.backstop.funds[place]
        var result: [MakerStanding] = []
        for account in state.backstop.makers
        where state.accounts.compartment(of: account) == compartment {
            let presence =
                funds.makers.first { $0.account == account } ?? MakerPresence(account: account)
            result.append(
                MakerStanding(
                    account: account, present: Duration(nanoseconds: presence.all),
                    measured: Duration(nanoseconds: funds.measured),
                    presentStressed: Duration(nanoseconds: presence.stressed),
                    measuredStressed: Duration(nanoseconds: funds.measuredStress)))
        }
        return result
    }

    /// What providers and makers of a compartment have earned since the hour began.
    public func gatheredFees(
        of compartment: CompartmentIdentifier
    ) -> (backstop: Amount, rebates: Amount) {
        let place = Int(compartment.number)
        guard place < state.backstop.funds.count else { return (.zero, .zero) }
        return (state.backstop.funds[place].backstop, state.backstop.funds[place].rebates)
    }

    /// When the auction of an account under liquidation began; nil where there is none.
    public func auctionStart(of account: AccountIdentifier) -> Timestamp? {
        state.backstop.auctionStart(of: account)
    }
}
