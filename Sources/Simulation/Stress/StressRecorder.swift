/// Reads what a block did and what the ledger holds, and adds it to the result. It changes nothing.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Documents
import Ledger
import Markets
import Oracle
import Risk

struct StressRecorder {
    private static let million: Int64 = 1_000_000
    /// Steps between two samples, and between two looks at initial margin.
    private static let sampling = 6
    private static let looking = 36

    private(set) var result: StressResult
    private let plan: StressPlan
    private let roles: [StressRole]
    /// By account: what it held at first and whether it was reached, in micro-dollars.
    private var unreached: [Int64]
    private var closingOrders: [OrderIdentifier] = []
    private var inLiquidation: [AccountIdentifier] = []
    private var closingCosts: Int128 = 0
    private var efficiencies: [Int64] = []
    private var closedBefore: (book: Int64, against: Int64, auctioned: Int64) = (0, 0, 0)

    init(_ plan: StressPlan, _ population: StressPopulation, _ path: StressPath) {
        self.plan = plan
        roles = population.agents.map(\.role)
        unreached = population.agents.map { $0.role == .writer ? 0 : abs($0.target) }
        result = StressResult(seed: plan.seed)
        result.move = path.extreme - StressRecorder.million
        result.exposed = population.exposed(to: result.move)
    }

    /// Adds a block.
    ///
    /// - Parameter takenFrom: who took inventory on inside: called with the role's account, the
    ///   underlying and signed micro-dollars.
    mutating func add(
        _ outcome: BlockOutcome, _ world: StressWorld, ledger: Ledger,
        carry: (_ underlying: Int, _ notional: Int64) -> Void
    ) {
        result.blocks += 1
        closingOrders.removeAll(keepingCapacity: true)
        for event in outcome.events { add(event, world, ledger, carry: carry) }
        let step = StressPath.step
        for account in inLiquidation {
            result.secondsInLiquidation += step
            if ledger.maintenanceMargin(of: account).equity.isNegative {
                result.secondsUnderWater += step
            }
        }
        result.overshoot = max(result.overshoot, beyond(world.price(of: 0), world))
        if world.step % StressRecorder.looking == StressRecorder.looking - 1 { look(ledger) }
        if plan.keepsSeries, world.step % StressRecorder.sampling == 0 { sample(world, ledger) }
    }

    private mutating func add(
        _ event: Event, _ world: StressWorld, _ ledger: Ledger,
        carry: (_ underlying: Int, _ notional: Int64) -> Void
    ) {
        switch event {
        case .orderAccepted(let order) where order.origin == .liquidation:
            closingOrders.append(order.order)
        case .traded(let trade):
            let signed = trade.takerSide == .buy ? trade.notional.units : -trade.notional.units
            let underlying = StressMarket.underlying(of: Int(trade.instrument.number))
            if trade.instrument.number < StressMarket.options.lowerBound {
                if carries(trade.taker) { carry(underlying, signed) }
                if carries(trade.maker) { carry(underlying, -signed) }
            }
            if closingOrders.contains(trade.takerOrder) { addForced(trade, world, ledger) }
        case .liquidationStarted(let account, _, _):
            result.liquidations += 1
            inLiquidation.append(account)
            if Int(account.number) < unreached.count {
                result.reached += unreached[Int(account.number)]
                unreached[Int(account.number)] = 0
            }
        case .liquidationEnded(let account, _, _):
            inLiquidation.removeAll { $0 == account }
        case .deleveraged(let closing):
            result.deleveraged += closing.notional.units
            let held = ledger.accounts.quantity(
                of: closing.account, in: closing.instrument
            ).units
            // The other side of a long that was closed has bought.
            if carries(closing.counterparty),
                closing.instrument.number < StressMarket.options.lowerBound
            {
                let sells = roles[Int(closing.account.number)] == .long || held > 0
                carry(
                    StressMarket.underlying(of: Int(closing.instrument.number)),
                    sells ? closing.notional.units : -closing.notional.units)
            }
        case .sliceMoved(let move): result.auctioned += move.notional.units
        case .insurancePaid(_, let amount): result.insurancePaid += amount.units
        case .lossShared(_, _, let amount): result.lossShared += amount.units
        case .badDebt(_, let amount): result.badDebt += amount.units
        default: break
        }
    }

    /// Whether an account carries what it takes on inside to the market outside.
    private func carries(_ account: AccountIdentifier) -> Bool {
        guard Int(account.number) < roles.count else { return false }
        let role = roles[Int(account.number)]
        return role == .maker || role == .arbitrageur || role == .optionMaker
    }

    private mutating func addForced(_ trade: Trade, _ world: StressWorld, _ ledger: Ledger) {
        result.closedOnBook += trade.notional.units
        guard Int(trade.instrument.number) == StressMarket.bitcoin else { return }
        let tick = ledger.catalogue.instruments[StressMarket.bitcoin].tickSize.units
        let distance = beyond(trade.price.units * tick, world)
        result.overshoot = max(result.overshoot, distance)
        closingCosts += Int128(distance) * Int128(trade.notional.units)
    }

    /// How far a price stands beyond the course in the direction of the crash, in 10⁻⁶ of it.
    private func beyond(_ price: Int64, _ world: StressWorld) -> Int64 {
        let course = world.course(of: 0)
        let distance = (price - course) / max(1, course / StressRecorder.million)
        return result.move < 0 ? -distance : distance
    }

    private mutating func look(_ ledger: Ledger) {
        let interest = StressRecorder.interest(ledger)
        if result.openInterest == 0 { result.openInterest = interest }
        var asked: Int64 = 0
        for place in roles.indices where roles[place] != .maker && roles[place] != .optionMaker {
            asked += ledger.initialMargin(of: StressTraders.identifier(place)).requirement.units
        }
        guard asked > 0 else { return }
        // Both sides of a contract are asked for margin.
        efficiencies.append(
            Int64(clamping: Int128(interest) * 2 * Int128(StressRecorder.million) / Int128(asked)))
    }

    /// What is open at the marks, in micro-dollars; an option counts as what it is on.
    private static func interest(_ ledger: Ledger) -> Int64 {
        (0..<StressMarket.count).reduce(0) { sum, place in
            let price = ledger.prices[place < StressMarket.options.lowerBound ? place : 1].mark
            return sum
                + StressTraders.worth(
                    ledger.accounts.totals[place].openInterest.units, at: price.units,
                    in: ledger.catalogue.instruments[place])
        }
    }

    private mutating func sample(_ world: StressWorld, _ ledger: Ledger) {
        result.series.times.append(ledger.time.nanoseconds)
        result.series.course.append(world.course(of: 0))
        result.series.index.append(ledger.feeds[0].index.units)
        result.series.mark.append(ledger.prices[0].mark.units)
        result.series.closedOnBook.append(result.closedOnBook - closedBefore.book)
        result.series.deleveraged.append(result.deleveraged - closedBefore.against)
        result.series.auctioned.append(result.auctioned - closedBefore.auctioned)
        closedBefore = (result.closedOnBook, result.deleveraged, result.auctioned)
        result.series.depth.append(world.depth)
        result.series.fund.append(ledger.accounts.funds[0].insurance.units)
    }

    /// The result at the end.
    func finished(_ ledger: Ledger, acts: [StressRole: Int]) -> StressResult {
        var result = result
        result.fundStart = StressPlan.fund
        result.fundEnd = ledger.accounts.funds[0].insurance.units
        if result.closedOnBook > 0 {
            result.closingCost = Int64(
                clamping: closingCosts / Int128(result.closedOnBook))
        }
        if !efficiencies.isEmpty {
            result.marginEfficiency = efficiencies.reduce(0, +) / Int64(efficiencies.count)
        }
        result.acts = acts
        result.stateRoot = ledger.root.storage.hexadecimal
        result.auditFailure = ledger.auditFailure()
        return result
    }
}
