/// What a scenario file states (docs/scenarios.md): a venue, prices of each source, accounts and
/// what they do, faults, the defences that the historic venue lacked, and what must come of it with
/// and without them. Everything refers to everything else by its place in the lists here.

package import Canonical
import Documents
import FixedPoint

/// One attack, read and checked.
package struct AttackScenario: Sendable {
    /// The path of the file, for messages.
    package let file: String
    /// The file without folder and ending.
    package let name: String
    /// One line.
    package let title: String
    /// What happened, where, and what this file scales or leaves out.
    package let facts: String
    /// Nanoseconds since 1970.
    let start: UInt64
    /// How long it lasts, in seconds.
    let length: Int64
    /// Seconds from block to block.
    let blockStep: Int64
    let markets: [AttackMarket]
    /// The symbols of underlyings, in the order of the markets that name them first.
    let underlyings: [String]
    let compartments: [AttackCompartment]
    let sources: [AttackSource]
    let paths: [AttackPath]
    let accounts: [AttackAccount]
    let makers: [AttackMaker]
    let actions: [AttackAction]
    let faults: [AttackFault]
    /// The defences that are off in the second run.
    package let without: DefenceSet
    let expectations: [AttackExpectation]
    /// What the genesis of both runs says differently from the standard one.
    let genesis: JSONNode?
    /// What the genesis of the second run says besides.
    let genesisWithout: JSONNode?
    /// The line of `markets`, for faults of a genesis that the file did not write.
    let marketsLine: Int

    /// The groups that accounts belong to, in order of appearance.
    package var groups: [String] {
        var names: [String] = []
        for account in accounts where !names.contains(account.group) { names.append(account.group) }
        return names
    }
}

/// One instrument, with its underlying unless an earlier market has it.
struct AttackMarket: Sendable {
    /// Whose standard parameters it takes.
    enum Kind: String, CaseIterable, Sendable {
        case bitcoin, ether
        case longTail = "long-tail"
    }

    let instrument: String
    let isSpot: Bool
    let underlying: Int
    let kind: Kind
    let compartment: Int
    /// Micro-units of the quote asset when the scenario begins.
    let price: Int64
    /// The highest price that its grid must hold, in micro-units.
    let highest: Int64
    let line: Int
}

struct AttackCompartment: Sendable {
    let name: String
    /// What the insurance fund holds when the scenario begins.
    let insurance: Amount
}

/// A market of a venue, and the publishers that read it.
struct AttackSource: Sendable {
    let name: String
    let venue: UInt16
    /// Of its quote currency; nil where indices are in it.
    let quote: Int?
    let publishers: Int
    let weight: UInt32
}

/// The prices of an underlying at a source, or at all sources that have none of their own.
struct AttackPath: Sendable {
    struct Point: Sendable {
        /// Seconds after the start.
        let time: Int64
        /// Micro-units.
        let price: Int64
    }

    let underlying: Int
    /// Nil is every other source.
    let source: Int?
    /// Ascending by time; not empty.
    let points: [Point]
    /// Whether a price holds until the next one; else they are joined by straight lines.
    let isStepped: Bool
    let confidence: IndexPrice
    let depthBelow: Amount
    let depthAbove: Amount

    /// The price at a second, rounded down; nil before the first point.
    func price(at time: Int64) -> Int64? {
        guard let last = points.lastIndex(where: { $0.time <= time }) else { return nil }
        guard !isStepped, last + 1 < points.count else { return points[last].price }
        let (before, after) = (points[last], points[last + 1])
        let rise = Int128(after.price - before.price) * Int128(time - before.time)
        return before.price + Int64(clamping: rise / Int128(after.time - before.time))
    }
}

/// One margin account.
struct AttackAccount: Sendable {
    /// Lots of an asset, and what they cost elsewhere.
    struct Holding: Sendable {
        let market: Int
        /// In 10⁻⁹ units.
        let quantity: Int64
        let cost: Amount
        /// The second from which on they arrive, as soon as they have a price: what is deposited
        /// is booked at its worth.
        let at: Int64
    }

    let name: String
    /// Accounts of one owner share a key.
    let owner: Int
    let group: String
    let compartment: Int
    let cash: Amount
    let holdings: [Holding]
    /// What its owner spends outside the venue, such as on moving a price there.
    let spent: Amount
}

/// A ladder of orders on both sides of a reference, made anew as time passes.
struct AttackMaker: Sendable {
    enum Reference: Equatable, Sendable {
        case mark, index
        /// What a source really shows, whatever its publishers say.
        case source(Int)
    }

    let account: Int
    let market: Int
    let reference: Reference
    let buys: Bool
    let sells: Bool
    /// Distance of the first level, and between levels, as shares of the reference.
    let halfSpread: Ratio
    let spacing: Ratio
    let levels: Int
    let size: AttackSize
    /// Seconds.
    let from: Int64
    let to: Int64
    let every: Int64
    /// Whether its quote is cancelled before the next where the reference has moved by more than
    /// the half spread: else stale quotes of others may keep it from quoting there.
    let pulls: Bool
}

/// How much an order is for.
enum AttackSize: Equatable, Sendable {
    /// In 10⁻⁹ units.
    case units(Int64)
    /// Worth so much at the order's price, in micro-units.
    case worth(Int64)
    /// All that the account holds.
    case position
}

/// Something that an account does at a time, perhaps again and again.
struct AttackAction: Sendable {
    enum Limit: Equatable, Sendable {
        case none
        /// Micro-units.
        case price(Int64)
        /// Through the mark by a share of it.
        case through(Ratio)
    }

    enum OrderKind: String, CaseIterable, Sendable {
        case market, limit, postOnly, immediate, fillOrKill
    }

    struct Order: Sendable {
        let market: Int
        let isBuy: Bool
        let size: AttackSize
        let limit: Limit
        let kind: OrderKind
        let reduceOnly: Bool
    }

    enum Deed: Sendable {
        case order(Order)
        case cancelAll
        case deposit(Amount)
        /// Nil is all that may leave.
        case withdraw(Amount?)
        case transfer(Amount?, to: Int)
    }

    let account: Int
    /// Seconds after the start; then every so many seconds, so many times in all.
    let at: Int64
    let every: Int64
    let times: Int64
    let deed: Deed

    /// Whether it is done between two seconds, the first excluded.
    func isDue(after last: Int64, by now: Int64) -> Bool {
        guard now >= at else { return false }
        let latest = min((now - at) / every, times - 1)
        return at + latest * every > last
    }
}

/// What goes wrong with prices or with the chain for a time.
struct AttackFault: Sendable {
    enum Kind: Equatable, Sendable {
        /// Its publishers say nothing.
        case silent
        /// Its publishers repeat the price of the fault's beginning as new.
        case frozen
        case zero
        case negative
        /// Times a power of ten.
        case shifted(Int64)
        /// A price that somebody makes up, in micro-units, signed with the publishers' keys.
        case says(Int64)
        /// The same, signed with the key of a stranger.
        case forged(Int64)
        /// The observations bear times so many seconds old.
        case late(Int64)
        /// No blocks at all.
        case pause
    }

    let kind: Kind
    /// Nil is every source.
    let source: Int?
    /// Nil is every underlying.
    let underlying: Int?
    /// Seconds; the last one excluded.
    let from: Int64
    let to: Int64

    func isActive(at time: Int64) -> Bool { time >= from && time < to }
}
