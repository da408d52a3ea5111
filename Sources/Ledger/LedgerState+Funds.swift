/// Money at the edge of the ledger and between accounts. Each function refuses, one reason a line;
/// the line "From here it must succeed" ends the refusing.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

/// A withdrawal that was in order when it was asked for. It is still the account's money, and still
/// absorbs its losses, until the block closes (DESIGN 9; `facts/risk.md`, attack 8).
struct PendingWithdrawal {
    let account: AccountIdentifier
    let amount: Amount
    let destination: Bytes32
}

extension LedgerState {
    mutating func openAccount(
        owner: SignerKey, compartment: CompartmentIdentifier
    ) throws(Refusal) {
        try checkOpening(owner: owner, compartment: compartment)
        // From here it must succeed.
        let identifier = accounts.open(owner: owner, compartment: compartment)
        makeListsForAccount(AccountKeys(master: owner))
        linkSibling(identifier)
        emit(.accountOpened(identifier, owner: owner, compartment))
    }

    /// That one more account of an owner may be opened.
    func checkOpening(owner: SignerKey, compartment: CompartmentIdentifier) throws(Refusal) {
        guard catalogue.compartment(compartment) != nil else { throw .unknownCompartment }
        guard accounts.accounts(ofOwner: owner).count < Ledger.accountLimit else {
            throw .tooManyAccounts
        }
    }

    /// What is kept for each account besides the account itself.
    mutating func makeListsForAccount(_ keys: AccountKeys) {
        self.keys.append(keys)
        risk.openAccount()
        books.openAccount()
        protections.makeRoom(for: 1)
        protections.append([])
        askedWithdrawals.makeRoom(for: 1)
        askedWithdrawals.append(.zero)
        isWithdrawingAsset.makeRoom(for: 1)
        isWithdrawingAsset.append(false)
        openStanding()
    }

    mutating func deposit(
        _ amount: Amount, to target: AccountIdentifier, reference: Bytes32
    ) throws(Refusal) {
        guard let account = accounts.account(target) else { throw .unknownAccount }
        try checkDeposit(amount, into: account.compartment)
        // From here it must succeed.
        accounts.moveCapital(amount, from: .vault(account.compartment), to: .account(target))
        countInflow(amount, to: target)
        emit(.deposited(target, amount, reference: reference))
    }

    mutating func depositInsurance(
        _ amount: Amount, to compartment: CompartmentIdentifier
    ) throws(Refusal) {
        guard catalogue.compartment(compartment) != nil else { throw .unknownCompartment }
        try checkDeposit(amount, into: compartment)
        // From here it must succeed.
        accounts.moveCapital(amount, from: .vault(compartment), to: .insurance(compartment))
        emit(.insuranceDeposited(compartment, amount))
    }

    private mutating func checkDeposit(
        _ amount: Amount, into compartment: CompartmentIdentifier
    ) throws(Refusal) {
        guard amount.isPositive else { throw .amountNotPositive }
        let place = Int(compartment.number)
        let room = catalogue.compartments[place].vaultLimit - accounts.funds[place].vault
        guard amount <= room else { throw .vaultFull }
    }

    mutating func setFeeTier(_ tier: UInt16, of target: AccountIdentifier) throws(Refusal) {
        guard accounts.account(target) != nil else { throw .unknownAccount }
        guard Int(tier) < catalogue.feeTiers.count else { throw .unknownFeeTier }
        // From here it must succeed.
        accounts.setFeeTier(tier, of: target)
        rebuildLanes(of: target, in: risk.underlyings(of: target))
        emit(.feeTierChanged(target, tier))
        cancelUnbacked(target)
    }

    mutating func transfer(
        _ amount: Amount, from signer: AccountSigner, to target: AccountIdentifier
    ) throws(Refusal) {
        let source = signer.account
        guard let receiver = accounts.account(target) else { throw .unknownAccount }
        guard source != target else { throw .sameAccount }
        guard receiver.compartment == accounts.compartment(of: source) else {
            throw .wrongCompartment
        }
        try checkReceiver(target, of: signer)
        try checkLeaving(amount, from: source, leavesVault: false)
        // From here it must succeed.
        accounts.moveCapital(amount, from: .account(source), to: .account(target))
        emit(.transferred(from: source, to: target, amount))
    }

    mutating func withdraw(
        _ amount: Amount, to destination: Bytes32, from signer: AccountSigner
    ) throws(Refusal) {
        let source = signer.account
        try checkDestination(destination, of: signer)
        guard breakers.standings[source].queued == nil else { throw .withdrawalQueued }
        try checkLeaving(amount, from: source, leavesVault: true)
        // From here it must succeed.
        askedWithdrawals[Int(source.number)] += amount
        pendingWithdrawals.append(
            PendingWithdrawal(account: source, amount: amount, destination: destination))
    }

    /// What must hold before money leaves an account, what it has already asked for included.
    mutating func checkLeaving(
        _ amount: Amount, from source: AccountIdentifier, leavesVault: Bool
    ) throws(Refusal) {
        guard amount.isPositive else { throw .amountNotPositive }
        guard accounts.liquidationStart(of: source) == nil else { throw .inLiquidation }
        guard !isConverting(source) else { throw .inConversion }
        try checkUncommitted(source)
        guard hasPrices(source, for: .withdraw) else { throw .priceTooOld }
        let asked = askedWithdrawals[Int(source.number)]
        let backed = risk.withdrawable(
            of: source, in: accounts, hour: holdHour, reserve: rampReserve(of: source))
        guard amount <= backed - asked else { throw .insufficientFunds }
        try checkDebt(after: amount + asked, from: source, leavesVault: leavesVault)
    }

    /// What may leave an account now.
    func withdrawable(_ identifier: AccountIdentifier) -> Amount {
        max(
            .zero,
            min(
                risk.withdrawable(
                    of: identifier, in: accounts, hour: holdHour,
                    reserve: rampReserve(of: identifier)),
                borrowable(identifier)))
    }

    /// The hour by which profit on hold is judged: the end of time where nothing is held.
    var holdHour: UInt64 { genesis.safeguards.isOn(.profitHold) ? hour : .max }

    /// Whether a withdrawal may still leave after everything else that the block did.
    private func isStillInOrder(_ pending: PendingWithdrawal) -> Bool {
        guard genesis.safeguards.isOn(.withdrawalRecheck) else { return true }
        let account = accounts[pending.account]
        return account.liquidationStart == nil && account.conversionStart == nil
            && isOpen(pending.destination, to: pending.account)
            && pending.amount <= withdrawable(pending.account)
    }

    /// Checks the pending withdrawals again, after everything else that the block did, and pays out
    /// those that are still in order.
    mutating func releaseWithdrawals() {
        for pending in pendingWithdrawals {
            askedWithdrawals[Int(pending.account.number)] = .zero
            let account = accounts[pending.account]
            // After bad debt the accounts own more than the vault holds: the last cannot all leave.
            let vault = accounts.funds[Int(account.compartment.number)].vault
            guard pending.amount <= vault, isStillInOrder(pending) else {
                emit(.withdrawalCancelled(pending.account, pending.amount))
                continue
            }
            if let limits = breakers.limits {
                letGo(pending, limits)
                continue
            }
            accounts.moveCapital(
                pending.amount, from: .account(pending.account), to: .vault(account.compartment))
            emit(
                .withdrawn(
                    pending.account, pending.amount, destination: pending.destination))
        }
        pendingWithdrawals.removeAll(keepingCapacity: true)
    }
}
