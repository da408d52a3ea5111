/// Everything that is kept incrementally, made again from scratch and compared: after each block in
/// tests, on demand in release (DESIGN 12; `rampart-lab replay --audit`).

import Accounts
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Markets
import Risk

extension LedgerState {
    /// The first thing that is not as it should be, in words; nil if all is. O(state).
    func auditFailure() -> String? {
        do {
            try accounts.auditBooks()
        } catch {
            return "conservation: \(error)"
        }
        if let broken = books.brokenInvariant(mayCross: { !phases[Int($0.number)].isContinuous }) {
            return "books: \(broken)"
        }
        if let broken = collateralFailure() { return broken }
        if let broken = keysFailure() { return broken }
        if let broken = capsFailure() { return broken }
        if let broken = breakersFailure() { return broken }
        if let broken = backstopFailure() { return broken }
        if let underlying = misstatedUnderlying() {
            return "the prices of underlying \(underlying.number) are as they are stated"
        }
        var resting = 0
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            let orders = openOrders(of: identifier)
            resting += orders.count
            guard orders.allSatisfy({ $0.account == identifier }) else {
                return "the open orders of account \(place) are its own"
            }
            if let difference = risk.difference(
                for: identifier, accounts[identifier],
                orders: orders.filter { $0.isResting })
            {
                return "risk: \(difference)"
            }
            let isListed = liquidating.contains(identifier)
            guard isListed == (accounts.liquidationStart(of: identifier) != nil) else {
                return "account \(place) is listed for liquidation if it is in it"
            }
        }
        guard resting == books.count else {
            return "\(books.count) orders are open, \(resting) are listed with their accounts"
        }
        var fresh = SparseMerkleTree()
        fresh.update(leaves().map { $0.change })
        return fresh.root == tree.root ? nil : "the state tree holds the leaves"
    }

    /// What is wrong with the keys or the list of owners; nil if nothing is.
    private func keysFailure() -> String? {
        guard keys.rows.count == accounts.accounts.count else {
            return "\(accounts.accounts.count) accounts have \(keys.rows.count) rows of keys"
        }
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            let owned = accounts.accounts(ofOwner: accounts.owner(of: identifier))
            guard owned.contains(identifier) else {
                return "account \(place) is listed with its owner"
            }
            guard keys[identifier].isSound else { return "the keys of account \(place) are sound" }
        }
        return nil
    }
}
