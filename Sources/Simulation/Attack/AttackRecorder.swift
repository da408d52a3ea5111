/// What one run of a scenario came to: counts of refusals and events by name, what each account
/// gained, what funds paid, and samples for the charts. It reads events and state; it changes
/// nothing.

import Accounts
import Canonical
import Catalogue
import Documents
import FixedPoint
import Ledger
import Oracle
import Risk

/// How often something happened, and when first.
package struct AttackCount: Sendable {
    package let name: String
    package var count: Int
    /// Seconds after the start.
    package let first: Int64
}

/// The state at a moment, in micro-units.
struct AttackSample: Sendable {
    /// Seconds after the start.
    let time: Int64
    /// By underlying; nil before the first.
    let indices: [Int64?]
    let stables: [Int64?]
    /// By group.
    let profits: [Int64]
    /// By compartment.
    let funds: [Int64]
    /// By instrument: the open interest at the mark.
    let interests: [Int64]
}

struct AttackRecorder {
    private let scenario: AttackScenario
    private(set) var refusals: [AttackCount] = []
    private(set) var events: [AttackCount] = []
    private(set) var samples: [AttackSample] = []
    private(set) var blocks = 0
    // By account.
    private var broughtIn: [Int64]
    private var takenOut: [Int64]
    private var awaited: [[AttackAccount.Holding]]
    private var liquidated: [Int64]
    private var liquidations: [Int]
    // By compartment.
    private var insurancePaid: [Int64]
    private var lossShared: [Int64]
    // By instrument.
    private var deleveraged: [Int64]
    private var highestInterest: [Int64]
    // By underlying.
    private var highestIndex: [Int64]
    private var lowestIndex: [Int64]
    private var closingOrders: [OrderIdentifier] = []
    private var breakers: BreakerRecorder

    init(_ scenario: AttackScenario, catalogue: Catalogue) {
        self.scenario = scenario
        breakers = BreakerRecorder(underlyings: scenario.underlyings, catalogue: catalogue)
        broughtIn = scenario.accounts.map(\.spent.units)
        awaited = scenario.accounts.map(\.holdings)
        takenOut = scenario.accounts.map { _ in 0 }
        liquidated = takenOut
        liquidations = scenario.accounts.map { _ in 0 }
        insurancePaid = scenario.compartments.map { _ in 0 }
        lossShared = insurancePaid
        deleveraged = scenario.markets.map { _ in 0 }
        highestInterest = deleveraged
        highestIndex = scenario.underlyings.map { _ in 0 }
        lowestIndex = scenario.underlyings.map { _ in .max }
    }

    // MARK: Blocks

    /// - Parameter isOpening: whether the block only opens and funds accounts.
    mutating func add(
        _ outcome: BlockOutcome, at time: Int64, isOpening: Bool = false, ledger: Ledger
    ) {
        blocks += 1
        for receipt in outcome.receipts {
            if let refusal = receipt.refusal {
                AttackRecorder.count("\(refusal)", at: time, in: &refusals)
            }
        }
        closingOrders.removeAll(keepingCapacity: true)
        for event in outcome.events {
            let name = AttackRecorder.name(of: event)
            AttackRecorder.count(name, at: time, in: &events)
            add(event, at: time)
            if case .breakerChanged(let certificate) = event {
                breakers.add(certificate, at: ledger.time.nanoseconds, ledger.catalogue)
            }
        }
        if !isOpening { sample(ledger, at: time) }
    }

    private static func count(_ name: String, at time: Int64, in list: inout [AttackCount]) {
        if let place = list.firstIndex(where: { $0.name == name }) {
            list[place].count += 1
        } else {
            list.append(AttackCount(name: name, count: 1, first: time))
        }
    }

    /// The case of an event.
    private static func name(of event: Event) -> String {
        Mirror(reflecting: event).children.first?.label ?? "\(event)"
    }

    private mutating func add(_ event: Event, at time: Int64) {
        switch event {
        case .observationRefused(_, let refusal), .priceJudged(_, _, .some(let refusal)):
            AttackRecorder.count("\(refusal)", at: time, in: &refusals)
        case .deposited(let account, let amount, _):
            broughtIn[Int(account.number)] += amount.units
        case .assetDeposited(let account, let instrument, _, _):
            let place = Int(account.number)
            let first = awaited[place].firstIndex { $0.market == Int(instrument.number) }
            if let first { broughtIn[place] += awaited[place].remove(at: first).cost.units }
        case .withdrawn(let account, let amount, _):
            takenOut[Int(account.number)] += amount.units
        case .transferred(let source, let target, let amount):
            takenOut[Int(source.number)] += amount.units
            broughtIn[Int(target.number)] += amount.units
        case .orderAccepted(let order) where order.origin == .liquidation:
            closingOrders.append(order.order)
        case .traded(let trade) where closingOrders.contains(trade.takerOrder):
            liquidated[Int(trade.taker.number)] += trade.notional.units
        case .liquidationStarted(let account, _, _): liquidations[Int(account.number)] += 1
        case .deleveraged(let closing):
            deleveraged[Int(closing.instrument.number)] += closing.notional.units
            liquidated[Int(closing.account.number)] += closing.notional.units
        case .insurancePaid(let account, let amount):
            insurancePaid[compartment(of: account)] += amount.units
        case .lossShared(let account, _, let amount):
            lossShared[compartment(of: account)] += amount.units
        default: break
        }
    }

    private func compartment(of account: AccountIdentifier) -> Int {
        scenario.accounts[Int(account.number)].compartment
    }

    // MARK: Samples

    private mutating func sample(_ ledger: Ledger, at time: Int64) {
        let interests = scenario.markets.indices.map { place in
            let value = ledger.risk.instruments[place]
            let lots = ledger.accounts.totals[place].openInterest.units
            return Int64(
                clamping: (Int128(value.markValue) * Int128(lots)) >> Int128(value.fractionBits))
        }
        for (place, interest) in interests.enumerated() {
            highestInterest[place] = max(highestInterest[place], interest)
        }
        for (place, feed) in ledger.feeds.enumerated() where feed.isPriced {
            highestIndex[place] = max(highestIndex[place], feed.index.units)
            lowestIndex[place] = min(lowestIndex[place], feed.index.units)
        }
        samples.append(
            AttackSample(
                time: time, indices: ledger.feeds.map { $0.isPriced ? $0.index.units : nil },
                stables: ledger.feeds.map { $0.isPriced ? $0.stable.units : nil },
                profits: scenario.groups.map { profit(of: $0, ledger) },
                funds: ledger.accounts.funds.map(\.insurance.units), interests: interests))
    }

    /// What an account is worth at the marks, assets without a haircut.
    private func equity(of account: Int, _ ledger: Ledger) -> Int64 {
        let state = ledger.accounts[AttackTraders.identifier(account)]
        var equity = state.cash
        for position in state.positions {
            let value = ledger.risk.instruments[Int(position.instrument.number)]
            let index = ledger.accounts.totals[Int(position.instrument.number)].fundingIndex
            equity +=
                position.equity(lotValue: value.markValue, fractionBits: value.fractionBits)
                - position.fundingOwedRoundedUp(at: index)
        }
        return equity.units
    }

    private func profit(of subject: String, _ ledger: Ledger) -> Int64 {
        accounts(of: subject).reduce(0) {
            $0 + takenOut[$1] - broughtIn[$1] + max(0, equity(of: $1, ledger))
        }
    }

    /// The accounts that a name or a group means.
    private func accounts(of subject: String) -> [Int] {
        let named = scenario.accounts.indices.filter { scenario.accounts[$0].name == subject }
        return named.isEmpty
            ? scenario.accounts.indices.filter { scenario.accounts[$0].group == subject } : named
    }

    /// The levels that markets had, other than normal.
    func levels(_ ledger: Ledger) -> [BreakerStretch] {
        breakers.finished(at: ledger.time.nanoseconds)
    }

    // MARK: Measures

    /// What a measure is at the end.
    func value(of measure: AttackMeasure, _ subject: String, _ ledger: Ledger) -> Int64 {
        let members = accounts(of: subject)
        let compartment = scenario.compartments.firstIndex { $0.name == subject } ?? 0
        let market = scenario.markets.firstIndex { $0.instrument == subject } ?? 0
        let underlying = scenario.underlyings.firstIndex(of: subject) ?? 0
        switch measure {
        case .profit: return profit(of: subject, ledger)
        case .withdrawn: return members.reduce(0) { $0 + takenOut[$1] - broughtIn[$1] }
        case .liquidated: return members.reduce(0) { $0 + liquidated[$1] }
        case .liquidations: return Int64(members.reduce(0) { $0 + liquidations[$1] })
        case .insurance: return insurancePaid[compartment]
        case .badDebt: return badDebt(of: compartment, ledger)
        case .shared: return lossShared[compartment]
        case .untouched: return isUntouched(compartment, ledger) ? 1 : 0
        case .openInterest: return highestInterest[market]
        case .deleveraged: return deleveraged[market]
        case .level: return highestLevel(of: market, ledger)
        case .highestIndex: return highestIndex[underlying]
        case .lowestIndex: return lowestIndex[underlying]
        case .refused: return AttackRecorder.total(of: subject, in: refusals)
        case .event: return AttackRecorder.total(of: subject, in: events)
        }
    }

    private static func total(of name: String, in list: [AttackCount]) -> Int64 {
        Int64(list.first { $0.name == name }?.count ?? 0)
    }

    /// The highest level of a market, its index or its compartment.
    private func highestLevel(of market: Int, _ ledger: Ledger) -> Int64 {
        let entry = scenario.markets[market]
        let names = [
            entry.instrument, scenario.underlyings[entry.underlying] + " index",
            scenario.compartments[entry.compartment].name + " (all)",
        ]
        let own = levels(ledger).filter { names.contains($0.market) }
        return Int64(own.map(\.severity).max() ?? 0)
    }

    private func badDebt(of compartment: Int, _ ledger: Ledger) -> Int64 {
        scenario.accounts.indices.filter { scenario.accounts[$0].compartment == compartment }
            .reduce(0) { $0 + max(0, -equity(of: $1, ledger)) }
    }

    private func isUntouched(_ compartment: Int, _ ledger: Ledger) -> Bool {
        let members = scenario.accounts.indices.filter {
            scenario.accounts[$0].compartment == compartment
        }
        return insurancePaid[compartment] == 0 && lossShared[compartment] == 0
            && badDebt(of: compartment, ledger) == 0
            && members.allSatisfy { liquidations[$0] == 0 && liquidated[$0] == 0 }
    }
}
