/// How much an owner may send. Orders beyond the rate are refused, and nothing else: cancels and
/// money that comes in pass always. What makes an owner suspect slows that owner, and no market
/// hears of it (`facts/risk.md`, attack 6).
///
/// All accounts of an owner share one rate. An order is a placement, an amendment that may trade,
/// or a quote; all quotes of one transaction, a mass quote, count as one order together, since they
/// cost one signature and one turn. Amendments that only shrink or move away count as cancels. An
/// order that is refused for any reason counts as nothing: a refusal leaves no trace.

import Accounts
import Breakers
import Canonical
import FixedPoint
import Markets

/// What a command counts as.
enum FlowAct {
    case order, cancel, neither
}

extension LedgerState {
    /// What a command of an account counts as.
    mutating func flowAct(
        of commands: CommandList, _ index: Int, by account: AccountIdentifier,
        _ stamp: NonceStamp
    ) -> FlowAct {
        switch commands.entries[index] {
        case .place: return .order
        case .cancel: return .cancel
        case .amend(let request):
            return amendClass(request, of: account).0 == .first ? .cancel : .order
        case .other(let place):
            switch commands.others[Int(place)] {
            case .cancelClient, .cancelAll, .cancelLabel, .cancelQuotes: return .cancel
            case .quote(let request):
                if request.bidQuantity == .zero, request.askQuantity == .zero { return .cancel }
                if let counted = breakers.countedQuote, counted.account == account,
                    counted.stamp == stamp
                {
                    return .neither
                }
                return .order
            default: return .neither
            }
        }
    }

    /// That one more order of an owner is within the rate.
    func checkRate(of account: AccountIdentifier, _ rates: FlowParameters) throws(Refusal) {
        let holder = breakers.flowHolders[Int(account.number)]
        guard let flow = breakers.standings[holder].flow else { return }
        guard flow.admitsOrder(rates, at: facts.time) else { throw .throttled }
    }

    /// Counts what has been done.
    mutating func count(
        _ act: FlowAct, by account: AccountIdentifier, _ rates: FlowParameters,
        quote stamp: NonceStamp?
    ) {
        if let stamp { breakers.countedQuote = (account, stamp) }
        let now = facts.time
        changeFlow(of: account) { flow in
            switch act {
            case .order: flow.countOrder(rates, at: now)
            case .cancel: flow.countCancel(rates, at: now)
            case .neither: false
            }
        }
    }

    /// Counts that an order met another of its owner.
    mutating func countSelfTrade(of account: AccountIdentifier) {
        guard let rates = breakers.rates else { return }
        let now = facts.time
        changeFlow(of: account) { $0.countSelfTrade(rates, at: now) }
    }

    /// Counts a trade in the measures of its market and in the flows of both owners; of an account
    /// under liquidation the engine trades, not its owner.
    ///
    /// - Parameter isAuction: neither side took.
    mutating func countTrade(
        _ taker: OrderRecord, _ maker: OrderRecord, _ notional: Amount, isAuction: Bool
    ) {
        let now = facts.time
        if !genesis.safeguards.breakers.isEmpty, !isAuction {
            let bucket = breakerParameters(of: maker.instrument).toxicityBucket
            breakers.markets[Int(maker.instrument.number)].flow.count(
                notional, isBuy: taker.side == .buy, bucket: bucket, at: now)
            breakers.touch(.instrument(maker.instrument))
        }
        guard let rates = breakers.rates else { return }
        let takerHolder = breakers.flowHolders[Int(taker.account.number)]
        let makerHolder = breakers.flowHolders[Int(maker.account.number)]
        changeFlow(of: maker.account) {
            $0.countFill(
                notional, isBuyer: maker.side == .buy, isTaker: false, with: takerHolder.number,
                rates, at: now)
        }
        guard !taker.flags.isLiquidation else { return }
        changeFlow(of: taker.account) {
            $0.countFill(
                notional, isBuyer: taker.side == .buy, isTaker: !isAuction,
                with: makerHolder.number, rates, at: now)
        }
    }

    /// Changes the flow of an owner, and says so where suspicions have changed.
    private mutating func changeFlow(
        of account: AccountIdentifier, _ change: (inout AccountFlow) -> Bool
    ) {
        let holder = breakers.flowHolders[Int(account.number)]
        var flow = breakers.standings[holder].flow ?? AccountFlow()
        let isChanged = change(&flow)
        breakers.standings[holder].flow = flow
        if isChanged { emit(.suspicionsChanged(holder, flow.suspicions)) }
    }
}
