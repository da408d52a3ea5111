/// What the cancels of a block void. A cancel runs before every placement of its block, so an order
/// that was sent before it, and so has a lower nonce, must not slip in after it: a placement is
/// void if a cancel of its account with a higher nonce named its client name, its label, or all
/// orders or quotes (DESIGN 4). A label stands by its fingerprint: should two labels of one account
/// share one, an order too many of that account is void. Looking up costs one comparison for an
/// account without cancels in the block, else O(log cancels of the block); the first look after a
/// cancel sorts them.

import Canonical

/// The cancels of one block.
struct CancelFences {
    /// What a cancel named.
    private enum Target: UInt8 {
        case everything, instrument, quotes, quotesOfInstrument, name, label
    }

    /// One cancel, or several of the same target.
    private struct Fence {
        let account: UInt32
        let target: Target
        /// The instrument, the name or the fingerprint of the label; 0 for everything.
        let number: UInt64
        /// The highest nonce under which it was cancelled.
        var nonce: UInt64

        func isBefore(_ other: Fence) -> Bool {
            if account != other.account { return account < other.account }
            if target != other.target { return target.rawValue < other.target.rawValue }
            return number < other.number
        }
    }

    /// In the order of `Fence.isBefore`, each target once, if `isSorted`.
    private var fences: [Fence] = []
    private var isSorted = true
    /// By account: whether it has a fence.
    private var isFenced: [Bool] = []

    /// Forgets the block.
    mutating func clear() {
        for place in fences.indices { isFenced[Int(fences[place].account)] = false }
        fences.removeAll(keepingCapacity: true)
        isSorted = true
    }

    /// Voids placements of a name under lower nonces.
    mutating func cancel(
        _ name: ClientOrderIdentifier, of account: AccountIdentifier, nonce: UInt64
    ) {
        add(.name, name.number, of: account, nonce: nonce)
    }

    /// Voids placements in an instrument, or in any, under lower nonces.
    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, nonce: UInt64
    ) {
        if let instrument {
            add(.instrument, UInt64(instrument.number), of: account, nonce: nonce)
        } else {
            add(.everything, 0, of: account, nonce: nonce)
        }
    }

    /// Voids placements of a label under lower nonces.
    mutating func cancel(_ label: Label, of account: AccountIdentifier, nonce: UInt64) {
        add(.label, label.fingerprint, of: account, nonce: nonce)
    }

    /// Voids quotes in an instrument, or in any, under lower nonces.
    mutating func cancelQuotes(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, nonce: UInt64
    ) {
        if let instrument {
            add(.quotesOfInstrument, UInt64(instrument.number), of: account, nonce: nonce)
        } else {
            add(.quotes, 0, of: account, nonce: nonce)
        }
    }

    /// Whether a placement comes too late.
    mutating func voids(
        _ request: OrderRequest, of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        guard hasFences(account) else { return false }
        return nonce < highestNonce(.everything, 0, of: account)
            || nonce < highestNonce(.instrument, UInt64(request.instrument.number), of: account)
            || nonce < highestNonce(.name, request.clientIdentifier.number, of: account)
            || !request.label.isEmpty
                && nonce < highestNonce(.label, request.label.fingerprint, of: account)
    }

    /// Whether a quote comes too late.
    mutating func voidsQuotes(
        _ instrument: InstrumentIdentifier, of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        guard hasFences(account) else { return false }
        let number = UInt64(instrument.number)
        return nonce < highestNonce(.everything, 0, of: account)
            || nonce < highestNonce(.instrument, number, of: account)
            || nonce < highestNonce(.quotes, 0, of: account)
            || nonce < highestNonce(.quotesOfInstrument, number, of: account)
    }

    /// Whether an account has fences; if so they are in order.
    private mutating func hasFences(_ account: AccountIdentifier) -> Bool {
        let place = Int(account.number)
        guard place < isFenced.count, isFenced[place] else { return false }
        if !isSorted { sort() }
        return true
    }

    private mutating func add(
        _ target: Target, _ number: UInt64, of account: AccountIdentifier, nonce: UInt64
    ) {
        let place = Int(account.number)
        if isFenced.count <= place {
            isFenced.append(contentsOf: repeatElement(false, count: place + 1 - isFenced.count))
        }
        isFenced[place] = true
        fences.append(Fence(account: account.number, target: target, number: number, nonce: nonce))
        isSorted = false
    }

    private mutating func sort() {
        fences.sort { $0.isBefore($1) }
        var kept = 0
        for place in fences.indices {
            let fence = fences[place]
            if kept > 0, !fences[kept - 1].isBefore(fence) {
                fences[kept - 1].nonce = max(fences[kept - 1].nonce, fence.nonce)
            } else {
                fences[kept] = fence
                kept += 1
            }
        }
        fences.removeLast(fences.count - kept)
        isSorted = true
    }

    /// The highest nonce that cancelled a target; 0, which voids nothing, if none did.
    private func highestNonce(
        _ target: Target, _ number: UInt64, of account: AccountIdentifier
    ) -> UInt64 {
        let wanted = Fence(account: account.number, target: target, number: number, nonce: 0)
        var low = 0
        var high = fences.count
        while low < high {
            let middle = (low + high) / 2
            if fences[middle].isBefore(wanted) { low = middle + 1 } else { high = middle }
        }
        guard low < fences.count, !wanted.isBefore(fences[low]) else { return 0 }
        return fences[low].nonce
    }
}
