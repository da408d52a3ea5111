/// What a price must be like to be used for something: the one table of DESIGN 7. The rows are the
/// uses, the columns what may be wrong with an index; every cell is tested.
///
/// | use       | price yet | age at most      | without quorum now | clamped | wide confidence |
/// |-----------|-----------|------------------|--------------------|---------|-----------------|
/// | display   | yes       | any              | yes                | yes     | yes             |
/// | cancel    | –         | any              | yes                | yes     | yes             |
/// | reduce    | yes       | `haltAge`        | yes                | yes     | yes             |
/// | trade     | yes       | `reduceOnlyAge`  | yes                | yes     | yes             |
/// | margin    | yes       | `reduceOnlyAge`  | yes                | yes     | yes             |
/// | withdraw  | yes       | `liquidationAge` | no                 | no      | no              |
/// | liquidate | yes       | `liquidationAge` | no                 | yes     | no              |
/// | settle    | yes       | any              | no                 | no      | no              |
///
/// *Without quorum now*: this block's prices had too little weight or too few venues left, so the
/// index stands where it stood. *Clamped*: the sources are farther than the index may move yet. An
/// account is liquidated on a clamped index all the same, for that lies between what was and what
/// the sources say. A settlement bounds age itself: no price counts in it for longer than its
/// `observationWeight`.

import FixedPoint

/// What a price is wanted for.
public enum PriceUse: Int, CaseIterable, Sendable {
    /// To be shown.
    case display
    /// Cancels and top-ups: no price needed.
    case cancel
    /// Orders that only reduce.
    case reduce
    /// Orders that may add risk, and listings.
    case trade
    /// What accrues by the price: funding.
    case margin
    /// Withdrawals, transfers out.
    case withdraw
    /// Liquidation, and the sale of collateral.
    case liquidate
    /// Averages at which contracts settle.
    case settle
}

/// How old a price may be, by the ages that genesis names.
enum AgeBand: Sendable {
    case any, halt, reduceOnly, liquidation
}

/// A row of the table.
struct PriceTolerance: Sendable {
    /// Whether there must be a price at all.
    var needsPrice = true
    let age: AgeBand
    /// Whether the index may stand without a quorum now.
    var allowsLostQuorum = true
    var allowsClamped = true
    var allowsWide = true
}

extension PriceUse {
    /// What this use puts up with.
    var tolerance: PriceTolerance {
        switch self {
        case .display: PriceTolerance(age: .any)
        case .cancel: PriceTolerance(needsPrice: false, age: .any)
        case .reduce: PriceTolerance(age: .halt)
        case .trade, .margin: PriceTolerance(age: .reduceOnly)
        case .withdraw:
            PriceTolerance(
                age: .liquidation, allowsLostQuorum: false, allowsClamped: false, allowsWide: false)
        case .liquidate:
            PriceTolerance(age: .liquidation, allowsLostQuorum: false, allowsWide: false)
        case .settle:
            PriceTolerance(
                age: .any, allowsLostQuorum: false, allowsClamped: false, allowsWide: false)
        }
    }
}

/// The ages of one underlying or curve.
struct PriceAges {
    let liquidation: Duration
    let reduceOnly: Duration
    let halt: Duration

    /// Whether an age lies within a band.
    func allow(_ age: Duration, _ band: AgeBand) -> Bool {
        switch band {
        case .any: true
        case .halt: age <= halt
        case .reduceOnly: age <= reduceOnly
        case .liquidation: age <= liquidation
        }
    }
}
