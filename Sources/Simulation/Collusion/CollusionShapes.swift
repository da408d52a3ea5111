/// Where the search starts: the attacks on the rules that are known (`facts/risk.md`), each with sizes
/// and times drawn by chance, and plans of pure chance; and how a plan is changed.

import FixedPoint

/// A known way to cheat.
package enum CollusionShape: String, CaseIterable, Sendable {
    /// Buy, push the index up, sell to the makers, let it fall back.
    case pump
    /// One sells its pumped position to another of them, which is left with it.
    case thirdAccount
    /// Both sides are their own; the index is pushed, one goes broke, the other is paid by others.
    case straddle
    /// A bid far below the mark, and the index pushed down until others are closed by force.
    case confiscation
    /// Short of margin, one closes with another off the mark.
    case offMark
    /// One that is being liquidated puts in a little again and again.
    case dust
    /// Many small positions that fill what may be open.
    case squatting
    /// Anything.
    case chance
}

extension CollusionShape {
    private static let last = CollusionVenue.blocks - 1

    /// A plan of the shape.
    func plan(accounts: Int, _ generator: inout SimulationGenerator) -> CollusionPlan {
        let cash = (0..<accounts).map { _ in generator.integer(in: 5...120) * 1_000 }
        var plan = CollusionPlan(cash: cash, deeds: [], pushes: [])
        let start = generator.integer(in: 3...20)
        let length = generator.integer(in: 1...12)
        let move = generator.integer(in: 100...6_000)
        let worth = generator.integer(in: 2...60) * 1_000
        let other = accounts - 1
        func trade(
            _ block: Int64, _ account: Int, buys: Bool, limit: Int64, rests: Bool = false,
            reduces: Bool = false
        ) -> CollusionDeed {
            CollusionDeed(
                block: block, account: account,
                act: .trade(
                    isBuy: buys, worth: worth, limit: limit, rests: rests, reduceOnly: reduces))
        }
        func push(_ move: Int64) -> CollusionPush {
            CollusionPush(from: start + 2, to: start + 2 + length, move: move)
        }
        let end = start + 2 + length
        switch self {
        case .pump, .squatting:
            for account in 0..<accounts {
                plan.deeds.append(trade(start, account, buys: true, limit: 200))
                plan.deeds.append(
                    trade(end - 1, account, buys: false, limit: move / 2, reduces: true))
            }
            if self == .pump { plan.pushes = [push(move)] }
        case .thirdAccount:
            plan.deeds = [
                trade(start, 0, buys: true, limit: 200),
                trade(end - 1, other, buys: true, limit: move, rests: true),
                trade(end, 0, buys: false, limit: move, reduces: true),
                CollusionDeed(block: end + 1, account: 0, act: .withdraw),
            ]
            plan.pushes = [push(move)]
        case .straddle:
            plan.deeds = [
                trade(start, 0, buys: true, limit: 0, rests: true),
                trade(start + 1, other, buys: false, limit: 0),
                CollusionDeed(block: end - 1, account: 0, act: .withdraw),
            ]
            plan.pushes = [push(generator.integer(in: 0...1) == 0 ? move : -min(move, 8_000))]
        case .confiscation:
            plan.deeds = [
                trade(start, 0, buys: true, limit: -min(move, 8_000) - 400, rests: true),
                trade(end + 3, 0, buys: false, limit: -300, reduces: true),
            ]
            plan.pushes = [push(-min(move, 8_000))]
        case .offMark:
            plan.deeds = [
                trade(start, 0, buys: true, limit: 200),
                trade(end, other, buys: true, limit: -min(move, 4_000), rests: true),
                trade(end, 0, buys: false, limit: -min(move, 4_000), reduces: true),
            ]
            plan.pushes = [push(-min(move, 4_000))]
        case .dust:
            plan.deeds = [trade(start, 0, buys: true, limit: 200)]
            for step in 0..<6 {
                plan.deeds.append(
                    CollusionDeed(block: start + 3 + Int64(step), account: 0, act: .topUp(10)))
            }
            plan.pushes = [push(-min(move, 4_000))]
        case .chance:
            for _ in 0..<generator.integer(in: 3...10) {
                plan.deeds.append(CollusionShape.deed(accounts: accounts, &generator))
            }
            plan.pushes = [push(generator.integer(in: -3_000...6_000))]
        }
        return plan
    }

    private static func deed(
        accounts: Int, _ generator: inout SimulationGenerator
    ) -> CollusionDeed {
        let act: CollusionDeed.Act
        switch generator.integer(in: 0...9) {
        case 0: act = .cancel
        case 1: act = .withdraw
        case 2: act = .transfer(to: Int(generator.integer(in: 0...Int64(accounts - 1))))
        case 3: act = .topUp(generator.integer(in: 1...20_000))
        default:
            act = .trade(
                isBuy: generator.integer(in: 0...1) == 0,
                worth: generator.integer(in: 1...60) * 1_000,
                limit: generator.integer(in: -4_000...4_000),
                rests: generator.integer(in: 0...1) == 0,
                reduceOnly: generator.integer(in: 0...3) == 0)
        }
        return CollusionDeed(
            block: generator.integer(in: 2...last),
            account: Int(generator.integer(in: 0...Int64(accounts - 1))), act: act)
    }

    /// A plan that differs in one or two things.
    static func changed(
        _ plan: CollusionPlan, _ generator: inout SimulationGenerator
    ) -> CollusionPlan {
        var plan = plan
        for _ in 0..<generator.integer(in: 1...2) { change(&plan, &generator) }
        return plan
    }

    private static func change(_ plan: inout CollusionPlan, _ generator: inout SimulationGenerator)
    {
        switch generator.integer(in: 0...7) {
        case 0: plan.deeds.append(deed(accounts: plan.accounts, &generator))
        case 1 where plan.deeds.count > 1:
            plan.deeds.remove(at: place(in: plan.deeds.count, &generator))
        case 2, 3: changePush(&plan, &generator)
        case 4:
            let account = place(in: plan.accounts, &generator)
            plan.cash[account] = scaled(plan.cash[account], &generator)
        default:
            guard !plan.deeds.isEmpty else { return }
            changeDeed(
                &plan.deeds[place(in: plan.deeds.count, &generator)], plan.accounts, &generator)
        }
    }

    private static func changePush(
        _ plan: inout CollusionPlan, _ generator: inout SimulationGenerator
    ) {
        guard !plan.pushes.isEmpty, generator.integer(in: 0...9) > 0 else {
            let from = generator.integer(in: 2...last - 2)
            plan.pushes.append(
                CollusionPush(
                    from: from, to: min(last, from + generator.integer(in: 1...20)),
                    move: generator.integer(in: -3_000...6_000)))
            return
        }
        let push = place(in: plan.pushes.count, &generator)
        switch generator.integer(in: 0...3) {
        case 0: plan.pushes[push].from = generator.integer(in: 2...plan.pushes[push].to - 1)
        case 1: plan.pushes[push].to = generator.integer(in: plan.pushes[push].from + 1...last)
        case 2: plan.pushes[push].move += generator.integer(in: -400...400)
        default: plan.pushes[push].move = scaled(plan.pushes[push].move, &generator)
        }
    }

    private static func changeDeed(
        _ deed: inout CollusionDeed, _ accounts: Int, _ generator: inout SimulationGenerator
    ) {
        switch generator.integer(in: 0...4) {
        case 0: deed.block = max(2, min(last, deed.block + generator.integer(in: -4...4)))
        case 1: deed.account = place(in: accounts, &generator)
        default:
            guard case .trade(var isBuy, var worth, var limit, var rests, var reduceOnly) = deed.act
            else { return }
            switch generator.integer(in: 0...5) {
            case 0: isBuy.toggle()
            case 1: rests.toggle()
            case 2: reduceOnly.toggle()
            case 3: limit = max(-9_000, limit + generator.integer(in: -500...500))
            default: worth = scaled(worth, &generator)
            }
            deed.act = .trade(
                isBuy: isBuy, worth: worth, limit: limit, rests: rests, reduceOnly: reduceOnly)
        }
    }

    /// Between half and twice as much.
    private static func scaled(_ value: Int64, _ generator: inout SimulationGenerator) -> Int64 {
        let scaled = value * generator.integer(in: 50...200) / 100
        return scaled == 0 ? 1 : max(-8_000, min(1_000_000, scaled))
    }

    private static func place(in count: Int, _ generator: inout SimulationGenerator) -> Int {
        Int(generator.integer(in: 0...Int64(count - 1)))
    }
}
