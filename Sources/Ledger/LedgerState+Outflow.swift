/// How money leaves a vault that must not empty at once. A withdrawal that is in order is paid as
/// far as there is room; the rest waits, still the account's money and still absorbing its losses,
/// and is let go pro rata once a minute. It is never lost: what no longer may leave stays where it
/// is. The owner may take a waiting withdrawal back.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Oracle
import Risk

extension LedgerState {
    /// Pays a withdrawal that is in order, or as much of it as the limits allow, and queues the
    /// rest.
    mutating func letGo(_ pending: PendingWithdrawal, _ limits: VaultParameters) {
        let home = accounts.compartment(of: pending.account)
        let place = Int(home.number)
        let vault = accounts.funds[place].vault
        let outflow = breakers.standings[pending.account].outflow ?? AccountOutflow()
        let small = outflow.small(at: facts.time)
        if pending.amount <= limits.smallAmount - min(small, limits.smallAmount),
            pending.amount <= breakers.vaults[place].smallRoom(in: vault, limits, at: facts.time)
        {
            breakers.vaults[place].countSmall(pending.amount, at: facts.time)
            breakers.touchedVaults.touch(place)
            changeOutflow(of: pending.account) { $0.withdrawSmall(pending.amount, at: $1) }
            return pay(pending.amount, to: pending.destination, from: pending.account)
        }
        // Nobody overtakes those who wait, but for what he brought himself.
        let isQueueEmpty = !breakers.queued.contains { accounts.compartment(of: $0) == home }
        let room =
            isQueueEmpty
            ? breakers.vaults[place].room(in: vault, limits, at: facts.time) : .zero
        let now = min(pending.amount, outflow.credit(at: facts.time) + room)
        if now.isPositive {
            countOutflow(now, of: pending.account)
            pay(now, to: pending.destination, from: pending.account)
        }
        guard now < pending.amount else { return }
        enqueue(pending.amount - now, pending)
    }

    private mutating func enqueue(_ amount: Amount, _ pending: PendingWithdrawal) {
        var total = amount
        if let queued = breakers.standings[pending.account].queued {
            // Two requests of one block: another destination would need a second queue.
            guard queued.destination == pending.destination else {
                return emit(.withdrawalCancelled(pending.account, amount))
            }
            total += queued.amount
        }
        breakers.standings[pending.account].queued = QueuedWithdrawal(
            amount: total, destination: pending.destination, time: facts.time)
        breakers.setQueued(true, pending.account)
        emit(.withdrawalQueued(pending.account, amount, destination: pending.destination))
    }

    private mutating func pay(
        _ amount: Amount, to destination: Bytes32, from account: AccountIdentifier
    ) {
        let home = accounts.compartment(of: account)
        accounts.moveCapital(amount, from: .account(account), to: .vault(home))
        emit(.withdrawn(account, amount, destination: destination))
    }

    /// Counts what leaves: of the account first what it brought lately, the rest of the vault.
    private mutating func countOutflow(_ amount: Amount, of account: AccountIdentifier) {
        let place = Int(accounts.compartment(of: account).number)
        let counted = changeOutflow(of: account) { $0.withdraw(amount, at: $1) }
        breakers.vaults[place].count(counted, at: facts.time)
        breakers.touchedVaults.touch(place)
    }

    @discardableResult
    private mutating func changeOutflow<Result>(
        of account: AccountIdentifier, _ change: (inout AccountOutflow, Timestamp) -> Result
    ) -> Result {
        var outflow = breakers.standings[account].outflow ?? AccountOutflow()
        let result = change(&outflow, facts.time)
        breakers.standings[account].outflow = outflow
        return result
    }

    /// Takes note of what came in.
    mutating func countInflow(_ amount: Amount, to account: AccountIdentifier) {
        guard breakers.limits != nil else { return }
        let back = changeOutflow(of: account) { $0.deposit(amount, at: $1) }
        guard back.isPositive else { return }
        let place = Int(accounts.compartment(of: account).number)
        breakers.vaults[place].takeBack(back, at: facts.time)
        breakers.touchedVaults.touch(place)
    }

    // What waits.

    /// Lets go, pro rata, as much of what waits as there is room for; once a minute.
    mutating func releaseQueued() {
        guard let limits = breakers.limits, breakers.isNewMinute, !breakers.queued.isEmpty else {
            return
        }
        let queued = breakers.queued
        for place in catalogue.compartments.indices {
            let home = CompartmentIdentifier(UInt16(place))
            var total: Int128 = 0
            for account in queued where accounts.compartment(of: account) == home {
                total += Int128(breakers.standings[account].queued?.amount.units ?? 0)
            }
            guard total > 0 else { continue }
            let room = breakers.vaults[place].room(
                in: accounts.funds[place].vault, limits, at: facts.time)
            let share = min(Int128(room.units), total)
            for account in queued where accounts.compartment(of: account) == home {
                release(share, of: total, for: account)
            }
        }
    }

    /// Pays an account's part of what is let go, as far as the account can spare it.
    private mutating func release(
        _ share: Int128, of total: Int128, for account: AccountIdentifier
    ) {
        guard var queued = breakers.standings[account].queued else { return }
        guard isOpen(queued.destination, to: account) else { return unqueue(account) }
        guard accounts.liquidationStart(of: account) == nil, !isConverting(account),
            hasPrices(account, for: .withdraw)
        else { return }
        let part = Amount(microunits: Int64(Int128(queued.amount.units) * share / total))
        let place = Int(accounts.compartment(of: account).number)
        let amount = min(part, withdrawable(account), accounts.funds[place].vault)
        guard amount.isPositive else { return }
        countOutflow(amount, of: account)
        pay(amount, to: queued.destination, from: account)
        queued.amount -= amount
        breakers.standings[account].queued = queued.amount.isPositive ? queued : nil
        breakers.setQueued(queued.amount.isPositive, account)
    }

    /// Ends the wait of a withdrawal; the money stays in the account.
    private mutating func unqueue(_ account: AccountIdentifier) {
        guard let queued = breakers.standings[account].queued else { return }
        breakers.standings[account].queued = nil
        breakers.setQueued(false, account)
        emit(.withdrawalUnqueued(account, queued.amount))
    }

    /// The owner takes a waiting withdrawal back.
    mutating func cancelWithdrawal(of account: AccountIdentifier) throws(Refusal) {
        guard breakers.standings[account].queued != nil else { throw .noQueuedWithdrawal }
        // From here it must succeed.
        unqueue(account)
    }
}
