/// A portfolio with its market, as a file states it: what `rampart-lab margin` works on. Everything
/// is in range and refers to something that is there, else `PortfolioDocument` would have refused
/// it. The format is in docs/portfolio.md.

import Catalogue
import FixedPoint
import Risk

/// One account's holdings at one moment.
package struct Portfolio: Sendable {
    /// The path as the user gave it, for messages.
    let file: String
    let time: Timestamp
    /// After everything that was paid for the positions; may be negative.
    let cash: Amount
    /// What one unit of the collateral is worth in the currency of the indexes.
    let collateralPrice: Ratio
    let underlyings: [PortfolioUnderlying]
    /// At least one.
    let positions: [PortfolioPosition]
}

/// An underlying with its prices.
struct PortfolioUnderlying: Sendable {
    let symbol: String
    let index: IndexPrice
    let stable: IndexPrice
    /// 10⁻⁹ units.
    let lotSize: Int64
    /// The rate of the perpetual for eight hours.
    let funding: Ratio
    /// M of Rampart's rule; nil takes the preset's.
    let move: Ratio?
    let concentration: Concentration
    /// The shares of a holding that do not count.
    let initialHaircut: Ratio
    let maintenanceHaircut: Ratio
    let expiries: [PortfolioExpiry]
    /// Where it stands in the file.
    let line: Int

    /// Whether anything says what an option on it is worth.
    var listsOptions: Bool { expiries.contains { !$0.smile.isEmpty } }
}

/// An expiry with its forward and its volatilities.
struct PortfolioExpiry: Sendable {
    let time: Timestamp
    let forward: IndexPrice
    /// What discounts payments, a year.
    let rate: Ratio
    /// The average of the part of the settlement window that has passed.
    let average: IndexPrice
    /// Ascending by strike; of one point the volatility is flat, of none there is no volatility.
    let smile: [SmilePoint]
}

/// The volatility at a strike.
struct SmilePoint: Equatable, Sendable {
    let strike: IndexPrice
    /// A year's.
    let volatility: Ratio
}

/// One position.
struct PortfolioPosition: Sendable {
    /// As `PortfolioName` writes it.
    let name: String
    /// The place of its underlying.
    let underlying: Int
    /// The place of its expiry among those of the underlying.
    let expiry: Int?
    let kind: InstrumentKind
    /// Lots, signed; not zero.
    let quantity: Quantity
    /// What a unit cost on average; nil takes the mark.
    let entry: IndexPrice?
    /// Nil takes what follows from index, forward and volatility.
    let mark: IndexPrice?
    let line: Int
}
