/// What the cancels of a block void. A cancel runs before every placement of its block, so an order
/// that was sent before it, and so has a lower nonce, must not slip in after it: a placement is
/// void if a cancel of its account with a higher nonce named its client name, or all orders
/// (DESIGN 4). Looking up costs O(log cancels of the account).

import Canonical

/// The cancels of one block, by account.
struct CancelFences {
    private struct Names {
        /// Ascending by name, each with the highest nonce that cancelled it.
        var named: [(name: ClientOrderIdentifier, nonce: UInt64)] = []
        /// Cancels of all orders, of an instrument or of any.
        var sweeping: [(instrument: InstrumentIdentifier?, nonce: UInt64)] = []
    }

    private var accounts: [Names] = []
    private var used: [Int] = []

    /// Forgets the block.
    mutating func clear() {
        for place in used { accounts[place] = Names() }
        used.removeAll(keepingCapacity: true)
    }

    /// Voids placements of a name under lower nonces.
    mutating func cancel(
        _ name: ClientOrderIdentifier, of account: AccountIdentifier, nonce: UInt64
    ) {
        let place = use(account)
        let slot = CancelFences.search(name, in: accounts[place].named)
        if slot < accounts[place].named.count, accounts[place].named[slot].name == name {
            let highest = max(accounts[place].named[slot].nonce, nonce)
            accounts[place].named[slot].nonce = highest
        } else {
            accounts[place].named.insert((name, nonce), at: slot)
        }
    }

    /// Voids placements in an instrument, or in any, under lower nonces.
    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, nonce: UInt64
    ) {
        let place = use(account)
        for slot in accounts[place].sweeping.indices
        where accounts[place].sweeping[slot].instrument == instrument {
            let highest = max(accounts[place].sweeping[slot].nonce, nonce)
            accounts[place].sweeping[slot].nonce = highest
            return
        }
        accounts[place].sweeping.append((instrument, nonce))
    }

    /// Whether a placement comes too late.
    func voids(
        _ request: OrderRequest, of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        guard Int(account.number) < accounts.count else { return false }
        let names = accounts[Int(account.number)]
        for fence in names.sweeping
        where fence.instrument == nil || fence.instrument == request.instrument {
            if nonce < fence.nonce { return true }
        }
        let slot = CancelFences.search(request.clientIdentifier, in: names.named)
        return slot < names.named.count && names.named[slot].name == request.clientIdentifier
            && nonce < names.named[slot].nonce
    }

    private mutating func use(_ account: AccountIdentifier) -> Int {
        let place = Int(account.number)
        while accounts.count <= place { accounts.append(Names()) }
        if accounts[place].named.isEmpty, accounts[place].sweeping.isEmpty { used.append(place) }
        return place
    }

    private static func search(
        _ name: ClientOrderIdentifier, in list: [(name: ClientOrderIdentifier, nonce: UInt64)]
    ) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
