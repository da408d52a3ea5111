/// Where the search starts: the attacks on the rules that are known (`facts/risk.md`), each with
/// sizes and times drawn by chance, and plans of pure chance. Sizes are drawn near every limit that
/// the venue has: an owner's, the market's, and far beyond both for runs without them.

import FixedPoint

/// A known way to cheat.
package enum CollusionShape: String, CaseIterable, Sendable {
    /// Buy, push the index up, sell to the makers, let it fall back; or all of it upside down.
    case pump
    /// One sells its pumped position to another of them, which is left with it.
    case thirdAccount
    /// Both sides are their own; the index is pushed, one goes broke, the other closes there and is
    /// paid by others.
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

/// What a shape draws before it is written down as deeds.
private struct CollusionDraw {
    let accounts: Int
    /// The block of the first trade.
    let start: Int64
    /// Blocks for which the index is away before anybody closes.
    let wait: Int64
    /// Pieces in which an account opens, and closes: makers show little at a time.
    let pieces: Int64
    /// Hundredths of a percent, positive.
    let move: Int64
    /// What one account opens in all, in dollars.
    let worth: Int64
    /// 1 where the index is pushed up, -1 down.
    let sign: Int64

    init(accounts: Int, _ generator: inout SimulationGenerator) {
        self.accounts = accounts
        start = generator.integer(in: 3...12)
        wait = generator.integer(in: 1...3)
        let most: Int64 = generator.integer(in: 0...2) == 0 ? 12 : 4
        pieces = generator.integer(in: 1...most)
        let isFar = generator.integer(in: 0...1) == 0
        move = isFar ? generator.integer(in: 1_000...8_000) : generator.integer(in: 50...1_000)
        let reach: ClosedRange<Int64> =
            switch generator.integer(in: 0...3) {
            case 0: 2...60
            case 1: 60...90
            case 2: 90...500
            default: 500...3_000
            }
        worth = generator.integer(in: reach) * 1_000
        sign = generator.integer(in: 0...1) == 0 ? 1 : -1
    }

    /// The first block in which the index is away.
    var away: Int64 { start + pieces }
    /// The first block in which an account closes.
    var close: Int64 { away + wait }
    /// The first block in which the index is back.
    var back: Int64 { min(CollusionVenue.blocks - 1, close + pieces) }

    /// The index is away from `away` to `back`.
    var push: CollusionPush { CollusionPush(from: away, to: back, move: sign * move) }

    /// Opens with the move, or against it, piece by piece, from whoever is there.
    func opens(_ account: Int, against: Bool = false) -> [CollusionDeed] {
        trades(account, from: start, buys: (sign > 0) != against, limit: against ? -200 : 200)
    }

    /// Closes what was opened with the move while the index is away.
    func closes(_ account: Int) -> [CollusionDeed] {
        trades(account, from: close, buys: sign < 0, limit: move / 2, reduces: true)
    }

    /// - Parameter limit: along the move.
    private func trades(
        _ account: Int, from block: Int64, buys: Bool, limit: Int64, reduces: Bool = false
    ) -> [CollusionDeed] {
        (0..<pieces).map { piece in
            trade(
                block + piece, account, buys: buys, worth / pieces, limit: sign * limit,
                reduces: reduces)
        }
    }

    func trade(
        _ block: Int64, _ account: Int, buys: Bool, _ worth: Int64, limit: Int64,
        rests: Bool = false, reduces: Bool = false
    ) -> CollusionDeed {
        CollusionDeed(
            block: block, account: account,
            act: .trade(
                isBuy: buys, worth: worth, limit: max(-CollusionPlan.farthestFall, limit),
                rests: rests, reduceOnly: reduces))
    }
}

extension CollusionShape {
    /// A plan of the shape.
    func plan(accounts: Int, _ generator: inout SimulationGenerator) -> CollusionPlan {
        let draw = CollusionDraw(accounts: accounts, &generator)
        // From a little more than initial margin to more than all of a position.
        let cash = (0..<accounts).map { _ in
            max(5_000, draw.worth * generator.integer(in: 30...200) / 100)
        }
        var plan = CollusionPlan(cash: cash, deeds: [], pushes: [draw.push])
        switch self {
        case .pump: plan.deeds = (0..<accounts).flatMap { draw.opens($0) + draw.closes($0) }
        case .squatting:
            plan.deeds = (0..<accounts).flatMap { draw.opens($0) + draw.closes($0) }
            plan.pushes = []
        case .thirdAccount: plan.deeds = CollusionShape.handedOver(draw)
        case .straddle: plan.deeds = CollusionShape.straddle(draw)
        case .confiscation: plan.deeds = CollusionShape.waiting(draw)
        case .offMark:
            plan.deeds = draw.opens(0, against: true)
            plan.deeds += [
                draw.trade(
                    draw.close, accounts - 1, buys: draw.sign < 0, draw.worth,
                    limit: draw.sign * draw.move * 3 / 2, rests: true),
                draw.trade(
                    draw.close, 0, buys: draw.sign > 0, draw.worth,
                    limit: draw.sign * draw.move * 3 / 2, reduces: true),
            ]
        case .dust:
            plan.deeds = draw.opens(0, against: true)
            for step in 0..<6 {
                plan.deeds.append(
                    CollusionDeed(block: draw.away + Int64(step), account: 0, act: .topUp(10)))
            }
        case .chance:
            plan.deeds = (0..<generator.integer(in: 3...10)).map { _ in
                CollusionShape.deed(accounts: accounts, &generator)
            }
        }
        return plan
    }

    /// All but the last open; the last takes their positions over at the pushed price.
    private static func handedOver(_ draw: CollusionDraw) -> [CollusionDeed] {
        let last = draw.accounts - 1
        var deeds: [CollusionDeed] = []
        for account in 0..<last {
            deeds += draw.opens(account)
            deeds += [
                draw.trade(
                    draw.close, last, buys: draw.sign > 0, draw.worth,
                    limit: draw.sign * draw.move, rests: true),
                draw.trade(
                    draw.close + 1, account, buys: draw.sign < 0, draw.worth,
                    limit: draw.sign * (draw.move - 50), reduces: true),
                CollusionDeed(block: draw.close + 2, account: account, act: .withdraw),
            ]
        }
        return deeds
    }

    /// The last takes the losing side of all others, who close while it is closed by force.
    private static func straddle(_ draw: CollusionDraw) -> [CollusionDeed] {
        let last = draw.accounts - 1
        var deeds: [CollusionDeed] = []
        for account in 0..<last {
            deeds += [
                draw.trade(
                    draw.start, account, buys: draw.sign > 0, draw.worth, limit: 0, rests: true),
                draw.trade(draw.start + 1, last, buys: draw.sign < 0, draw.worth, limit: 0),
            ]
            deeds += draw.closes(account)
            deeds.append(
                CollusionDeed(block: draw.back, account: account, act: .withdraw))
        }
        return deeds
    }

    /// All wait far off for whom the move closes by force.
    private static func waiting(_ draw: CollusionDraw) -> [CollusionDeed] {
        (0..<draw.accounts).flatMap { account in
            [
                draw.trade(
                    draw.start, account, buys: draw.sign < 0, draw.worth,
                    limit: draw.sign * (draw.move + 400), rests: true),
                draw.trade(
                    draw.back + 3, account, buys: draw.sign > 0, draw.worth,
                    limit: draw.sign * 300, reduces: true),
            ]
        }
    }
}
