/// What the cancels of a block void. A cancel runs before every placement of its block, so an order
/// that was sent before it, and so has a lower nonce, must not slip in after it: a placement is
/// void if a cancel of its account with a higher nonce named its client name, or all orders
/// (DESIGN 4). Looking up costs one comparison for an account without cancels in the block, else
/// O(log cancels of the block); the first look after a cancel sorts them.

import Canonical

/// The cancels of one block.
struct CancelFences {
    /// What a cancel named.
    private enum Target: UInt8 {
        case everything, instrument, name
    }

    /// One cancel, or several of the same target.
    private struct Fence {
        let account: UInt32
        let target: Target
        /// The instrument or the name; 0 for everything.
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

    /// Whether a placement comes too late.
    mutating func voids(
        _ request: OrderRequest, of account: AccountIdentifier, nonce: UInt64
    ) -> Bool {
        let place = Int(account.number)
        guard place < isFenced.count, isFenced[place] else { return false }
        if !isSorted { sort() }
        return nonce < highestNonce(.everything, 0, of: account)
            || nonce < highestNonce(.instrument, UInt64(request.instrument.number), of: account)
            || nonce < highestNonce(.name, request.clientIdentifier.number, of: account)
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
