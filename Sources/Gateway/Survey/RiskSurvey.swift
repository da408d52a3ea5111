/// Where the venue's risk stands after one block: every account once. It is not for every call:
/// `Gateway+Surveys` says how often it is made.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle
import Risk

/// One market of the survey.
struct MarketStanding: Equatable, Sendable {
    let instrument: InstrumentIdentifier
    /// The sum of all longs.
    let openInterest: Quantity
    /// At the index, rounded down.
    let notional: Amount
    /// How many hold it, long or short.
    var accounts = 0
}

/// One compartment of the survey.
struct CompartmentStanding: Equatable, Sendable {
    /// Of all accounts.
    var equity = Amount.zero
    var accounts = 0
    var inLiquidation = 0
    var notional = Amount.zero
}

/// One account under the maintenance rule.
struct AccountExposure: Equatable, Sendable {
    let account: AccountIdentifier
    let equity: Amount
    let maintenance: Amount

    /// Maintenance over equity, rounded up; nil where there is no equity.
    var ratio: Ratio? {
        guard equity.isPositive else { return nil }
        let one = Int128(Ratio.one.units)
        let whole = Int128(maintenance.units) * one + Int128(equity.units) - 1
        return Ratio(units: Int64(clamping: whole / Int128(equity.units)))
    }

    /// Whether it is nearer to liquidation, or farther beyond it.
    func isWorse(than other: AccountExposure) -> Bool {
        guard equity.isPositive, other.equity.isPositive else {
            guard equity.isPositive == other.equity.isPositive else { return !equity.isPositive }
            return equity - maintenance < other.equity - other.maintenance
        }
        return Int128(maintenance.units) * Int128(other.equity.units)
            > Int128(other.maintenance.units) * Int128(equity.units)
    }
}

/// The survey of one block.
struct RiskSurvey: Sendable {
    let height: UInt64
    let time: Timestamp
    /// Live derivatives; of options those that somebody holds.
    private(set) var markets: [MarketStanding] = []
    /// By compartment.
    private(set) var compartments: [CompartmentStanding]
    /// The worst first.
    private(set) var worst: [AccountExposure] = []

    /// Accounts that are named.
    static let worstCount = 25

    /// Looks at every account. O(accounts and their positions).
    init(_ ledger: Ledger) {
        height = ledger.height
        time = ledger.time
        compartments = ledger.catalogue.compartments.map { _ in CompartmentStanding() }
        var holders = [Int](repeating: 0, count: ledger.catalogue.instruments.count)
        var number: UInt32 = 0
        for account in ledger.accounts.accounts {
            count(account, AccountIdentifier(number), ledger, &holders)
            number += 1
        }
        for identifier in ledger.catalogue.live { add(identifier, ledger, holders) }
    }

    private mutating func count(
        _ account: Account, _ identifier: AccountIdentifier, _ ledger: Ledger,
        _ holders: inout [Int]
    ) {
        let home = Int(account.compartment.number)
        compartments[home].accounts += 1
        if account.liquidationStart != nil { compartments[home].inLiquidation += 1 }
        var exposure = AccountExposure(
            account: identifier, equity: account.cash, maintenance: .zero)
        if !account.positions.isEmpty {
            let margin = ledger.maintenanceMargin(of: identifier)
            exposure = AccountExposure(
                account: identifier, equity: margin.equity, maintenance: margin.requirement)
            for position in account.positions { holders[Int(position.instrument.number)] += 1 }
        }
        compartments[home].equity = Amount(
            units: compartments[home].equity.units.addingClamped(exposure.equity.units))
        if exposure.maintenance.isPositive || exposure.equity.isNegative { rank(exposure) }
    }

    /// Keeps the worst; of equal ones the account that was opened first.
    private mutating func rank(_ exposure: AccountExposure) {
        if worst.count == RiskSurvey.worstCount {
            guard exposure.isWorse(than: worst[worst.count - 1]) else { return }
            worst.removeLast()
        }
        let place = worst.firstIndex { exposure.isWorse(than: $0) } ?? worst.count
        worst.insert(exposure, at: place)
    }

    private mutating func add(
        _ identifier: InstrumentIdentifier, _ ledger: Ledger, _ holders: [Int]
    ) {
        let place = Int(identifier.number)
        let instrument = ledger.catalogue.instruments[place]
        guard instrument.kind != .spot else { return }
        let interest = ledger.accounts.totals[place].openInterest
        guard interest.isPositive || instrument.kind.series == nil else { return }
        let exact =
            instrument.nanos(interest) * Int128(ledger.index(of: instrument).units)
            / Int128(Instrument.lotScale)
        let notional = Amount(units: Int64(clamping: exact))
        markets.append(
            MarketStanding(
                instrument: identifier, openInterest: interest, notional: notional,
                accounts: holders[place]))
        let home = Int(instrument.compartment.number)
        compartments[home].notional = Amount(
            units: compartments[home].notional.units.addingClamped(notional.units))
    }
}
