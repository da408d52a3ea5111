/// Health under both rules: `H = equity + Σ min(0, worst scenario) − charges` (DESIGN 5). The parts
/// are in `RiskState+Breakdown`; here is the sum alone, for those who only ask whether it is
/// negative.

public import Accounts
public import Canonical
import Catalogue
public import FixedPoint

/// What is left of both margins.
@frozen
public struct Healths: Equatable, Sendable {
    public let initial: Amount
    public let maintenance: Amount

    @usableFromInline
    init(initial: Int64, maintenance: Int64) {
        self.initial = Amount(microunits: initial)
        self.maintenance = Amount(microunits: maintenance)
    }
}

/// Which rules to judge by.
enum WantedRules {
    case initial, maintenance, both

    var hasInitial: Bool { self != .maintenance }
    var hasMaintenance: Bool { self != .initial }
}

extension RiskState {
    /// What is left of initial margin, all open orders counted: `initialMargin(…).health`.
    public func initialHealth(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState
    ) -> Amount {
        let place = Int(identifier.number)
        return Amount(
            microunits: worths(place, balances, wants: .initial).initial + initialLoss(place))
    }

    /// What is left of maintenance margin: `maintenanceMargin(…).health`.
    public func maintenanceHealth(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState
    ) -> Amount {
        let place = Int(identifier.number)
        return Amount(
            microunits: worths(place, balances, wants: .maintenance).maintenance
                + maintenanceLoss(place))
    }

    /// Both in one walk over the account.
    public func healths(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState
    ) -> Healths {
        let place = Int(identifier.number)
        let worths = worths(place, balances, wants: .both)
        return Healths(
            initial: worths.initial + initialLoss(place),
            maintenance: worths.maintenance + maintenanceLoss(place))
    }

    /// Equity less charges, in µ.
    @inline(__always)
    func worths(
        _ place: Int, _ balances: borrowing AccountsState, wants: WantedRules
    ) -> (initial: Int64, maintenance: Int64) {
        var initial = balances.accounts[place].cash.units
        var maintenance = initial
        for slot in 0..<balances.accounts[place].positions.count {
            let position = balances.accounts[place].positions[slot]
            let instrument = Int(position.instrument.number)
            let bits = lots[instrument].fractionBits
            let owed = position.fundingOwedRoundedUp(at: balances.totals[instrument].fundingIndex)
            if wants.hasInitial {
                let value = lots[instrument].initialValue(isLong: position.quantity.isPositive)
                let worth = position.equity(lotValue: value, fractionBits: bits)
                initial += (worth - owed).units
            }
            if wants.hasMaintenance {
                let value = lots[instrument].markValue
                let worth = position.equity(lotValue: value, fractionBits: bits)
                maintenance += (worth - owed).units
            }
        }
        let charges = charges(place, wants: wants)
        return (initial - charges.initial, maintenance - charges.maintenance)
    }

    /// Σ of the worst initial scenarios, in µ; at most zero.
    func initialLoss(
        _ place: Int, of known: UnderlyingIdentifier? = nil, knownAs worst: Int64 = 0
    ) -> Int64 {
        let margin = accounts[place]
        var loss: Int64 = 0
        var slot = 0
        for underlying in margin.underlyings {
            let lowest =
                specials.contains(underlying)
                ? specialLoss(place, of: underlying, under: .initial)
                : underlying == known ? worst : table.worstInitial(rowPool[margin.rows, slot])
            loss += lowest &>> fractionBits[Int(underlying.number)]
            slot += 1
        }
        return loss
    }

    /// Σ of the worst maintenance scenarios, in µ; at most zero.
    private func maintenanceLoss(_ place: Int) -> Int64 {
        let margin = accounts[place]
        var loss: Int64 = 0
        var slot = 0
        for underlying in margin.underlyings {
            let lowest =
                specials.contains(underlying)
                ? specialLoss(place, of: underlying, under: .maintenance)
                : table.worstMaintenance(rowPool[margin.rows, slot])
            loss += lowest &>> fractionBits[Int(underlying.number)]
            slot += 1
        }
        return loss
    }
}
