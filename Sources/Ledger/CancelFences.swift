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
        /// Ascending by label, each with the highest nonce that cancelled it.
        var labelled: [(label: Label, nonce: UInt64)] = []
        /// Cancels of all orders, or of all quotes, of an instrument or of any.
        var sweeping: [(instrument: InstrumentIdentifier?, quotesOnly: Bool, nonce: UInt64)] = []
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
        let slot = CancelFences.search(accounts[place].named.count) {
            accounts[place].named[$0].name < name
        }
        if slot < accounts[place].named.count, accounts[place].named[slot].name == name {
            let highest = max(accounts[place].named[slot].nonce, nonce)
            accounts[place].named[slot].nonce = highest
        } else {
            accounts[place].named.insert((name, nonce), at: slot)
        }
    }

    /// Voids placements of a label under lower nonces.
    mutating func cancel(_ label: Label, of account: AccountIdentifier, nonce: UInt64) {
        let place = use(account)
        let slot = CancelFences.search(accounts[place].labelled.count) {
            accounts[place].labelled[$0].label < label
        }
        if slot < accounts[place].labelled.count, accounts[place].labelled[slot].label == label {
            let highest = max(accounts[place].labelled[slot].nonce, nonce)
            accounts[place].labelled[slot].nonce = highest
        } else {
            accounts[place].labelled.insert((label, nonce), at: slot)
        }
    }

    /// Voids placements in an instrument, or in any, under lower nonces.
    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, nonce: UInt64
    ) {
        sweep(in: instrument, quotesOnly: false, of: account, nonce: nonce)
    }

    /// Voids quotes in an instrument, or in any, under lower nonces.
    mutating func cancelQuotes(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, nonce: UInt64
    ) {
        sweep(in: instrument, quotesOnly: true, of: account, nonce: nonce)
    }

    private mutating func sweep(
        in instrument: InstrumentIdentifier?, quotesOnly: Bool, of account: AccountIdentifier,
        nonce: UInt64
    ) {
        let place = use(account)
        for slot in accounts[place].sweeping.indices
        where accounts[place].sweeping[slot].instrument == instrument
            && accounts[place].sweeping[slot].quotesOnly == quotesOnly
        {
            let highest = max(accounts[place].sweeping[slot].nonce, nonce)
            accounts[place].sweeping[slot].nonce = highest
            return
        }
        accounts[place].sweeping.append((instrument, quotesOnly, nonce))
    }

    /// Whether a placement comes too late.
    func voids(
        _ instrument: InstrumentIdentifier, name: ClientOrderIdentifier, label: Label,
        of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        let place = Int(account.number)
        guard place < accounts.count else { return false }
        if voids(instrument, isQuote: false, of: account, nonce: nonce) { return true }
        let (named, labelled) = (accounts[place].named, accounts[place].labelled)
        var slot = CancelFences.search(labelled.count) { labelled[$0].label < label }
        if slot < labelled.count, labelled[slot].label == label, nonce < labelled[slot].nonce {
            return true
        }
        slot = CancelFences.search(named.count) { named[$0].name < name }
        return slot < named.count && named[slot].name == name && nonce < named[slot].nonce
    }

    /// Whether a quote comes too late.
    func voidsQuotes(
        _ instrument: InstrumentIdentifier, of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        voids(instrument, isQuote: true, of: account, nonce: nonce)
    }

    private func voids(
        _ instrument: InstrumentIdentifier, isQuote: Bool, of account: AccountIdentifier,
        nonce: UInt64
    ) -> Bool {
        let place = Int(account.number)
        guard place < accounts.count else { return false }
        for fence in accounts[place].sweeping
        where (fence.instrument == nil || fence.instrument == instrument)
            && (isQuote || !fence.quotesOnly)
        {
            if nonce < fence.nonce { return true }
        }
        return false
    }

    private mutating func use(_ account: AccountIdentifier) -> Int {
        let place = Int(account.number)
        while accounts.count <= place { accounts.append(Names()) }
        if accounts[place].named.isEmpty, accounts[place].labelled.isEmpty,
            accounts[place].sweeping.isEmpty
        {
            used.append(place)
        }
        return place
    }

    /// The first of so many ascending entries that is not before what is looked for.
    private static func search(_ count: Int, isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
