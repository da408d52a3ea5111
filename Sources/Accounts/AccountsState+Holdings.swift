/// Assets other than the quote currency: a position of spot is a holding, and what all accounts
/// hold of it is what the vault of that asset holds (law 2). Lots cross the edge of the ledger here
/// and in no other way. They come in at a cost of record, so that selling them is no profit but for
/// what they gained since, and leave with their share of it.

public import Canonical
public import FixedPoint

extension AccountsState {
    /// Credits lots that have arrived in the asset's vault.
    ///
    /// - Parameters:
    ///   - lots: positive.
    ///   - cost: the cost of record.
    ///   - worth: by how much they raise the account's equity: capital, and no profit.
    /// - Precondition: the instrument is spot.
    public mutating func depositAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, to identifier: AccountIdentifier,
        cost: Amount, worth: Amount
    ) {
        totals[Int(instrument.number)].holdings += lots
        receive(lots, of: instrument, by: identifier, cost: cost, worth: worth)
    }

    /// Takes off lots that leave the asset's vault.
    ///
    /// - Parameters:
    ///   - lots: positive, at most the holding.
    ///   - worth: by how much they lower the account's equity.
    public mutating func withdrawAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, from identifier: AccountIdentifier,
        worth: Amount
    ) {
        totals[Int(instrument.number)].holdings -= lots
        _ = release(lots, of: instrument, by: identifier, worth: worth)
    }

    /// Moves lots to another account, with their share of the cost.
    ///
    /// - Parameter lots: positive, at most the holding of `source`.
    public mutating func transferAsset(
        _ lots: Quantity, of instrument: InstrumentIdentifier, from source: AccountIdentifier,
        to target: AccountIdentifier, worth: Amount
    ) {
        let cost = release(lots, of: instrument, by: source, worth: worth)
        receive(lots, of: instrument, by: target, cost: cost, worth: worth)
    }

    private mutating func receive(
        _ lots: Quantity, of instrument: InstrumentIdentifier, by identifier: AccountIdentifier,
        cost: Amount, worth: Amount
    ) {
        touch(identifier)
        let place = Int(identifier.number)
        let slot = openPosition(of: identifier, in: instrument)
        _ = accounts[place].positions[slot].add(lots: lots, notional: cost)
        totals[Int(instrument.number)].openInterest += lots
        accounts[place].anchors.move(by: worth)
    }

    private mutating func release(
        _ lots: Quantity, of instrument: InstrumentIdentifier, by identifier: AccountIdentifier,
        worth: Amount
    ) -> Amount {
        touch(identifier)
        let place = Int(identifier.number)
        let (slot, found) = accounts[place].search(instrument)
        precondition(
            found && accounts[place].positions[slot].quantity >= lots,
            "Invariant: only what is held leaves, not \(lots.units) lots")
        let cost = accounts[place].positions[slot].release(lots)
        totals[Int(instrument.number)].openInterest -= lots
        accounts[place].anchors.move(by: -worth)
        if accounts[place].positions[slot].quantity == .zero {
            accounts[place].positions.remove(at: slot)
        }
        return cost
    }
}
