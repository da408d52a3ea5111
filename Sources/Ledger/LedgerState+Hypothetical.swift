/// Margin of an account as it would be with other positions: the engine's own lanes and charges,
/// changed, asked and changed back, as `LedgerState+Assets` does to judge a withdrawal. Nothing of
/// it is seen by anybody else, and no leaf changes.

import Accounts
public import Canonical
import Catalogue
public import FixedPoint
public import Markets
public import Risk

/// Lots that are added to a position in thought.
public struct HypotheticalLots: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    /// Signed.
    public let lots: Quantity

    public init(_ instrument: InstrumentIdentifier, _ lots: Quantity) {
        self.instrument = instrument
        self.lots = lots
    }
}

/// Both margins.
public struct HypotheticalMargins: Equatable, Sendable {
    /// Open orders included.
    public let initial: MarginBreakdown
    public let maintenance: MarginBreakdown
}

extension Ledger {
    /// Margin as it would be had the account bought or sold some lots at the mark, without fees.
    ///
    /// - Parameter changes: each instrument at most once.
    /// - Returns: nil where an instrument is unknown, has no price, belongs to another compartment,
    ///   or a position would go beyond its limit.
    public func hypotheticalMargins(
        of account: AccountIdentifier, adding changes: [HypotheticalLots]
    ) -> HypotheticalMargins? {
        state.hypotheticalMargins(of: account, adding: changes)
    }
}

extension LedgerState {
    mutating func hypotheticalMargins(
        of account: AccountIdentifier, adding changes: [HypotheticalLots]
    ) -> HypotheticalMargins? {
        guard accounts.account(account) != nil,
            changes.allSatisfy({ isPossible($0, for: account) })
        else { return nil }
        var initialGain = Amount.zero
        for change in changes { initialGain += initialChange(change, of: account) }
        for change in changes {
            risk.changePosition(of: account, in: change.instrument, by: change.lots)
        }
        var initial = initialMargin(of: account)
        let maintenance = maintenanceMargin(of: account)
        for change in changes {
            risk.changePosition(of: account, in: change.instrument, by: -change.lots)
        }
        // At the mark a purchase changes no equity; at the worse of mark and stable price it does.
        initial.equity += initialGain
        return HypotheticalMargins(initial: initial, maintenance: maintenance)
    }

    private mutating func isPossible(
        _ change: HypotheticalLots, for account: AccountIdentifier
    ) -> Bool {
        let place = Int(change.instrument.number)
        guard place < catalogue.instruments.count, risk.instruments[place].isPriced,
            catalogue.instruments[place].compartment == accounts.compartment(of: account)
        else { return false }
        let held = accounts.quantity(of: account, in: change.instrument)
        let limit = catalogue.instruments[place].positionLimit
        let exposure = risk.exposure(of: account, in: change.instrument)
        let (sum, overflow) = held.units.addingReportingOverflow(change.lots.units)
        guard !overflow, sum != .min else { return false }
        let position = Quantity(lots: sum)
        return position + exposure.buys <= limit && exposure.sells - position <= limit
            && !(isSpot(change.instrument) && position.isNegative)
    }

    /// What the initial rule's valuation makes of lots bought at the mark.
    private mutating func initialChange(
        _ change: HypotheticalLots, of account: AccountIdentifier
    ) -> Amount {
        let risk = risk.instruments[Int(change.instrument.number)]
        let held = accounts.quantity(of: account, in: change.instrument)
        let after = held + change.lots
        let worth = { (lots: Quantity) in
            let value = lots.isNegative ? risk.shortValue : risk.longValue
            return (value * lots.units) >> risk.fractionBits
        }
        let paid = (risk.markValue * change.lots.units) >> risk.fractionBits
        return Amount(microunits: worth(after) - worth(held) - paid)
    }
}

extension Ledger {
    /// An account's market-maker protection, ascending by underlying.
    public func protections(of account: AccountIdentifier) -> [MakerProtection] {
        guard Int(account.number) < state.protections.count else { return [] }
        return state.protections[Int(account.number)]
    }
}
