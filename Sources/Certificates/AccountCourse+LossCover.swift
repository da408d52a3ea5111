/// Who pays what a bankrupt account lacks, seen from that account and from whoever pays: the
/// owner's other accounts and the fund before positions are closed against the other side, those
/// who close and those who earned afterwards.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Risk

extension AccountCourse {
    /// The fund pays: no more than is missing, and than its caps allow.
    mutating func cover(_ amount: Amount) throws(StepFault) {
        try beginForced()
        guard amount.isPositive, amount <= -margin.equity else { throw .tooMuch }
        if genesis.safeguards.isOn(.fundCap) {
            let home = accounts.compartment(of: AccountCourse.own)
            let compartment = genesis.catalogue.compartments[Int(home.number)]
            guard
                amount
                    <= share(
                        compartment.insuranceAccountShare, of: forcedNotional, rounding: .down),
                let funds = state.funds(of: home),
                funds.insuranceDay == time.count(of: .day),
                funds.insurancePaidToday
                    <= share(
                        compartment.insuranceDailyShare, of: funds.insuranceAtDayStart,
                        rounding: .down)
            else { throw .fundCap }
        }
        try move(amount)
        forced?.byFund += amount
    }

    /// What the block has closed of the account, with what it is about to.
    private var forcedNotional: Amount {
        var total = closed
        for position in accounts[AccountCourse.own].positions {
            let value = risk.instruments[Int(position.instrument.number)]
            guard value.instrument.kind != .spot else { continue }
            total += Amount(
                microunits: (value.markValue * position.quantity.magnitude.units)
                    >> value.fractionBits)
        }
        return total
    }

    /// What the account lacks was said: owner and fund have paid as it says, and the rest is
    /// missing still.
    mutating func state(_ event: Shortfall) throws(StepFault) {
        try beginForced()
        guard let plan = forced, plan.left == nil, event.byOwner == plan.byOwner,
            event.byFund == plan.byFund
        else { throw .shortfall }
        let missing = -margin.equity
        guard !missing.isNegative, event.amount.isPositive,
            event.amount == missing + plan.byOwner + plan.byFund
        else { throw .equity }
        forced?.left = missing
    }

    /// Others pay: no more than is missing.
    mutating func receive(_ amount: Amount) throws(StepFault) {
        try beginForced()
        let left = forced?.left
        guard amount.isPositive, amount <= max(left ?? .zero, -margin.equity) else {
            throw .tooMuch
        }
        try move(amount)
        if let left {
            forced?.left = max(.zero, left - amount)
        } else {
            forced?.byOwner += amount
        }
    }

    /// Being asked: the profit and the limit are the account's own, and headroom is no more than it
    /// has without its open orders, which are not in a certificate. Of an account that is itself
    /// closed in the block, initial margin moves before its positions do.
    mutating func ask(_ demand: LossDemand) throws(StepFault) {
        prepareForced()
        guard isProfit(demand.profit) else { throw .profit }
        if liquidationStart == nil {
            let initial = risk.initialMargin(of: AccountCourse.own, in: accounts)
            let equity = demand.stage == .owner ? margin.equity : initial.equity
            guard demand.headroom <= equity - initial.requirement else { throw .demand }
        }
        let own = max(.zero, min(demand.profit, demand.headroom))
        let isUnlimited =
            demand.stage == .counterparty && !genesis.safeguards.isOn(.fairDeleveraging)
        guard demand.limit == (isUnlimited ? .max : own), demand.amount.isPositive,
            demand.amount <= demand.limit, demand.amount <= demand.loss,
            demand.share > 0, demand.shares >= Int128(demand.share)
        else { throw .demand }
        if demand.stage == .counterparty {
            try takeShare(of: demand)
        } else {
            guard demand.share == own.units else { throw .demand }
        }
        let (sum, overflow) = demanded.units.addingReportingOverflow(demand.amount.units)
        guard !overflow else { throw .tooMuch }
        demanded = Amount(microunits: sum)
    }

    /// Who closed in a market is asked by the lots that he closed there.
    private mutating func takeShare(of demand: LossDemand) throws(StepFault) {
        guard let instrument = demand.instrument,
            let place = standings.lastIndex(where: { $0.instrument == instrument }),
            standings[place].closed.units == demand.share
        else { throw .demand }
        standings[place].closed = .zero
    }

    /// Paying: no more than was asked for.
    mutating func pay(_ amount: Amount) throws(StepFault) {
        guard amount.isPositive, amount <= demanded else { throw .tooMuch }
        try move(-amount)
        demanded -= amount
    }

    /// What nobody could be asked for.
    func owe(_ amount: Amount) throws(StepFault) {
        guard isClosed else { throw .notClosed }
        guard amount.isPositive, amount == -cash else { throw .debt }
    }
}
