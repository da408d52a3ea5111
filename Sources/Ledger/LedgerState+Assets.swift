/// Assets other than the quote currency at the edge of the ledger and between accounts: whole lots
/// of a spot instrument. What leaves is gated like money (`LedgerState+Funds`): the margin after
/// it, valid prices, no profit on hold; and it leaves when the block closes (decision 0005).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

/// A withdrawal of an asset that was in order when it was asked for.
struct PendingAssetWithdrawal {
    let account: AccountIdentifier
    let instrument: InstrumentIdentifier
    let lots: Quantity
    let destination: Bytes32
}

extension LedgerState {
    mutating func depositAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, to target: AccountIdentifier,
        reference: Bytes32
    ) throws(Refusal) {
        guard accounts.account(target) != nil else { throw .unknownAccount }
        try checkAsset(instrument, of: target)
        guard lots.isPositive else { throw .amountNotPositive }
        let place = Int(instrument.number)
        let room =
            catalogue.instruments[place].openInterestLimit - accounts.totals[place].holdings
        guard lots <= room else { throw .vaultFull }
        try checkHoldingLimit(of: target, in: instrument, adding: lots)
        // From here it must succeed.
        // At the lower of mark and stable price: what it gained above that counts as profit.
        let long = Amount(
            microunits: (risk.instruments[place].longValue * lots.units)
                >> risk.instruments[place].fractionBits)
        accounts.depositAsset(
            lots, of: instrument, to: target, cost: long, worth: worth(lots, of: instrument))
        risk.changePosition(of: target, in: instrument, by: lots)
        touchInstrument(instrument)
        emit(.assetDeposited(target, instrument, lots, reference: reference))
    }

    mutating func transferAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, from signer: AccountSigner,
        to target: AccountIdentifier
    ) throws(Refusal) {
        let source = signer.account
        guard let receiver = accounts.account(target) else { throw .unknownAccount }
        guard source != target else { throw .sameAccount }
        guard receiver.compartment == accounts.compartment(of: source) else {
            throw .wrongCompartment
        }
        try checkReceiver(target, of: signer)
        try checkLeaving(lots, of: instrument, from: source)
        try checkHoldingLimit(of: target, in: instrument, adding: lots)
        // From here it must succeed.
        accounts.transferAsset(
            lots, of: instrument, from: source, to: target, worth: worth(lots, of: instrument))
        risk.changePosition(of: source, in: instrument, by: -lots)
        risk.changePosition(of: target, in: instrument, by: lots)
        emit(.assetTransferred(from: source, to: target, instrument, lots))
    }

    mutating func withdrawAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, to destination: Bytes32,
        from signer: AccountSigner
    ) throws(Refusal) {
        let source = signer.account
        try checkDestination(destination, of: signer)
        try checkLeaving(lots, of: instrument, from: source)
        // One at a time: then what is asked for need not be added up, and what the check says of
        // it holds unless something else of the block takes it.
        guard !isWithdrawingAsset[Int(source.number)] else { throw .withdrawalPending }
        // From here it must succeed.
        isWithdrawingAsset[Int(source.number)] = true
        pendingAssetWithdrawals.append(
            PendingAssetWithdrawal(
                account: source, instrument: instrument, lots: lots, destination: destination))
    }

    /// Checks the pending withdrawals of assets again, after those of money, and pays out those
    /// that are still in order.
    mutating func releaseAssetWithdrawals() {
        for pending in pendingAssetWithdrawals {
            isWithdrawingAsset[Int(pending.account.number)] = false
            do throws(Refusal) {
                guard isOpen(pending.destination, to: pending.account) else {
                    throw .destinationNotAllowed
                }
                try checkLeaving(pending.lots, of: pending.instrument, from: pending.account)
            } catch {
                emit(
                    .assetWithdrawalCancelled(
                        pending.account, pending.instrument, pending.lots, error))
                continue
            }
            accounts.withdrawAsset(
                pending.lots, of: pending.instrument, from: pending.account,
                worth: worth(pending.lots, of: pending.instrument))
            risk.changePosition(
                of: pending.account, in: pending.instrument, by: -pending.lots)
            touchInstrument(pending.instrument)
            emit(
                .assetWithdrawn(
                    pending.account, pending.instrument, pending.lots,
                    destination: pending.destination))
        }
        pendingAssetWithdrawals.removeAll(keepingCapacity: true)
    }

    // What is checked.

    /// That an instrument is an asset of the account's compartment.
    private func checkAsset(
        _ instrument: InstrumentIdentifier, of account: AccountIdentifier
    ) throws(Refusal) {
        guard let entry = catalogue.instrument(instrument) else { throw .unknownInstrument }
        guard entry.kind == .spot else { throw .notAnAsset }
        guard entry.compartment == accounts.compartment(of: account) else {
            throw .wrongCompartment
        }
    }

    /// That a holding and the open buys beside it stay inside the position limit.
    private mutating func checkHoldingLimit(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, adding lots: Quantity
    ) throws(Refusal) {
        let exposure = risk.exposure(of: account, in: instrument)
        let limit = catalogue.instruments[Int(instrument.number)].positionLimit
        guard lots <= limit - exposure.position - exposure.buys else { throw .positionLimit }
    }

    /// What must hold before lots leave an account.
    private mutating func checkLeaving(
        _ lots: Quantity, of instrument: InstrumentIdentifier, from source: AccountIdentifier
    ) throws(Refusal) {
        try checkAsset(instrument, of: source)
        guard lots.isPositive else { throw .amountNotPositive }
        guard accounts.liquidationStart(of: source) == nil else { throw .inLiquidation }
        guard !isConverting(source) else { throw .inConversion }
        try checkUncommitted(source)
        guard hasPrices(source, for: .withdraw) else { throw .priceTooOld }
        let exposure = risk.exposure(of: source, in: instrument)
        guard lots <= exposure.position - exposure.sells else { throw .notCovered }
        guard isBacked(source, without: lots, of: instrument) else { throw .insufficientFunds }
    }

    /// Whether an account meets initial margin without some lots, with no help from profit that is
    /// not realised or on hold, and with what it has asked to withdraw gone too. So fresh profit
    /// does not leave as an asset that it bought.
    private mutating func isBacked(
        _ account: AccountIdentifier, without lots: Quantity, of instrument: InstrumentIdentifier
    ) -> Bool {
        let held = accounts[account].heldProfit.held(at: holdHour) + rampReserve(of: account)
        let asked = askedWithdrawals[Int(account.number)]
        let place = Int(instrument.number)
        let bits = risk.instruments[place].fractionBits
        let value = risk.instruments[place].longValue
        var change = Amount.zero
        for position in accounts[account].positions where position.instrument == instrument {
            let rest = position.without(lots)
            change +=
                rest.equity(lotValue: value, fractionBits: bits)
                - position.equity(lotValue: value, fractionBits: bits)
            // What was profit of the lots leaves with them.
            change +=
                max(.zero, position.unrealisedProfit(lotValue: value, fractionBits: bits))
                - max(.zero, rest.unrealisedProfit(lotValue: value, fractionBits: bits))
        }
        // Lanes are sums, so the second change takes the first back exactly.
        risk.changePosition(of: account, in: instrument, by: -lots)
        let margin = initialMargin(of: account)
        risk.changePosition(of: account, in: instrument, by: lots)
        return !(margin.health + change - margin.unrealisedProfit - held - asked).isNegative
    }

    /// What lots are worth at the mark, rounded down.
    private func worth(_ lots: Quantity, of instrument: InstrumentIdentifier) -> Amount {
        let risk = risk.instruments[Int(instrument.number)]
        return Amount(microunits: (risk.markValue * lots.units) >> risk.fractionBits)
    }
}
