/// What two to five accounts under one hand do on a venue: orders, transfers, withdrawals, money
/// that they put in later, and moves of the index that they pay for on other venues. A plan is a
/// value that a search can change piece by piece.

import FixedPoint

/// Something that one of the accounts does.
struct CollusionDeed: Equatable, Sendable {
    enum Act: Equatable, Sendable {
        /// - Parameters:
        ///   - worth: in dollars, at its limit.
        ///   - limit: hundredths of a percent away from the price before anybody moved it.
        case trade(isBuy: Bool, worth: Int64, limit: Int64, rests: Bool, reduceOnly: Bool)
        case cancel
        /// Takes out what may leave.
        case withdraw
        /// Gives what may leave to another of them.
        case transfer(to: Int)
        /// Puts in so many dollars more.
        case topUp(Int64)
    }

    /// The block in which it happens.
    var block: Int64
    var account: Int
    var act: Act
}

/// A move of the index for a time.
struct CollusionPush: Equatable, Sendable {
    /// Blocks; the last one excluded.
    var from: Int64
    var to: Int64
    /// Hundredths of a percent.
    var move: Int64
}

/// What the accounts do together.
package struct CollusionPlan: Equatable, Sendable {
    /// By account: dollars that it begins with.
    var cash: [Int64]
    var deeds: [CollusionDeed]
    var pushes: [CollusionPush]

    /// How many accounts act together.
    package var accounts: Int { cash.count }

    /// How far the index is moved in a block, in hundredths of a percent.
    func move(in block: Int64) -> Int64 {
        let sum = pushes.reduce(0) { $0 + ($1.from <= block && block < $1.to ? $1.move : 0) }
        return max(-CollusionPlan.farthestFall, min(CollusionPlan.farthestRise, sum))
    }

    /// No price falls by more than nine tenths or rises to more than three times what it was.
    static let farthestFall: Int64 = 9_000
    static let farthestRise: Int64 = 20_000
}

/// What moving an index costs (docs/economics.md): `a·x²` for a stretch in which it is away by x at
/// most, `a = 25·κ·D₂·(1 + T/τ)`.
struct CollusionCost: Sendable {
    /// κ·D₂ in dollars: what buys up the cheapest majority of sources to 2 %.
    let depth: Double
    /// τ in seconds.
    let replenishment: Double
    let blockSeconds: Double

    /// In dollars, over all stretches of a plan.
    func cost(of plan: CollusionPlan, blocks: Int64) -> Double {
        var total = 0.0
        var length = 0.0
        var most = 0.0
        for block in 0...blocks {
            let move = block == blocks ? 0 : plan.move(in: block)
            if move == 0 {
                total += stretch(most: most, seconds: length)
                (length, most) = (0, 0)
            } else {
                length += blockSeconds
                most = max(most, Double(abs(move)) / 10_000)
            }
        }
        return total
    }

    private func stretch(most: Double, seconds: Double) -> Double {
        25 * depth * (1 + seconds / replenishment) * most * most
    }
}
