/// How the search changes a plan: one or two things of it, by chance.

import FixedPoint

extension CollusionShape {
    private static let last = CollusionVenue.blocks - 1

    /// Anything that one may do.
    static func deed(
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
        return scaled == 0 ? 1 : max(-8_000, min(10_000_000, scaled))
    }

    private static func place(in count: Int, _ generator: inout SimulationGenerator) -> Int {
        Int(generator.integer(in: 0...Int64(count - 1)))
    }
}
