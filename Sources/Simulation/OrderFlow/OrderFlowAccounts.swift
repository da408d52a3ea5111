/// Who sends a file's orders. Bids rest with some accounts, asks with others, and executions come
/// from takers; every account has an owner of its own, so that no two orders that could trade have
/// the same owner, and self-trade prevention never acts.

import Markets

/// The accounts of a replay, and what each of them can still carry.
struct OrderFlowAccounts {
    /// Accounts of a side at most.
    private static let mostMakers = 512
    private static let takers = 4
    /// Open orders of an account, before the next one gets them: below what genesis allows
    /// (65,535), and few enough for an account's list to be searched and shifted cheaply. One
    /// account of a side carries what it can: then its commands share transactions.
    private static let mostOrders = 4_000
    /// Position limits are shared so that this many times the largest depth fits.
    private static let reserve: Int64 = 4

    private struct Account {
        var orders = 0
        /// Lots that rest.
        var lots: Int64 = 0
        var position: Int64 = 0
        var nonce: UInt64 = 0
    }

    private let makers: Int
    private let positionLimit: Int64
    private var accounts: [Account]
    /// By side: which maker's turn it is.
    private var current = [0, 0]

    /// - Parameters:
    ///   - orders: the most that rest on a side at any time.
    ///   - lots: the most lots that rest on a side at any time.
    init(orders: Int, lots: Int64, positionLimit: Int64) {
        let needed = max(
            orders / OrderFlowAccounts.mostOrders + 1,
            Int(clamping: lots / max(1, positionLimit / OrderFlowAccounts.reserve)) + 1)
        makers = min(needed, OrderFlowAccounts.mostMakers)
        self.positionLimit = positionLimit
        accounts = Array(
            repeating: Account(), count: makers * 2 + OrderFlowAccounts.takers)
    }

    var count: Int { accounts.count }

    /// The account that an order of a side goes to.
    mutating func maker(for side: Side, lots: Int64) -> Int {
        let place = Int(side.rawValue)
        // Where nobody has room the engine refuses the order, and the report says so.
        for _ in 0..<makers where !hasRoom(place * makers + current[place], side, lots) {
            current[place] = (current[place] + 1) % makers
        }
        return place * makers + current[place]
    }

    private func hasRoom(_ account: Int, _ side: Side, _ lots: Int64) -> Bool {
        let state = accounts[account]
        return state.orders < OrderFlowAccounts.mostOrders
            && side.sign * state.position + state.lots + lots <= positionLimit
    }

    /// The taker whose position an order of a side shrinks most, or grows least.
    func taker(for side: Side) -> Int {
        let takers = (makers * 2)..<accounts.count
        return takers.min { left, right in
            accounts[left].position * side.sign < accounts[right].position * side.sign
        } ?? takers.lowerBound
    }

    mutating func nextNonce(_ account: Int) -> UInt64 {
        accounts[account].nonce += 1
        return accounts[account].nonce
    }

    mutating func changeResting(_ account: Int, orders: Int, lots: Int64) {
        accounts[account].orders += orders
        accounts[account].lots += lots
    }

    mutating func changePosition(_ account: Int, by lots: Int64) {
        accounts[account].position += lots
    }
}
