/// What the cancels of a block void. A cancel runs before every placement of its block, so an order
/// that was sent before it, and so has a lower nonce, must not slip in after it: a placement is
/// void if a cancel of its account with a higher nonce named its client name, its label, or all
/// orders or quotes (DESIGN 4). Nonces say what came first among those of one signer alone; a
/// cancel by another signer of the account voids what it names in the whole block, since nothing
/// says which was sent first, and an order too few does less harm than one too many (decision
/// 0012).
///
/// A label stands by its fingerprint: should two labels of one account share one, an order too many
/// of that account is void. Looking up costs one comparison for an account without cancels in the
/// block, else O(log cancels of the block); the first look after a cancel sorts them.

import Canonical

/// Which signer of an account sent something, and under which nonce.
struct NonceStamp: Equatable {
    /// A place among the account's signers: 0 for the master, else an agent's slot.
    let signer: UInt8
    let nonce: UInt64
}

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
        /// Who cancelled: a place among the account's signers.
        let signer: UInt8
        /// The highest nonce under which this signer cancelled it.
        var nonce: UInt64

        /// By account and target.
        func isBefore(_ other: Fence) -> Bool {
            if account != other.account { return account < other.account }
            if target != other.target { return target.rawValue < other.target.rawValue }
            return number < other.number
        }

        /// By account and target, then by signer.
        func isSortedBefore(_ other: Fence) -> Bool {
            isBefore(other) || !other.isBefore(self) && signer < other.signer
        }
    }

    /// In the order of `isSortedBefore`, each target once for a signer, if `isSorted`.
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
        _ name: ClientOrderIdentifier, of account: AccountIdentifier, _ stamp: NonceStamp
    ) {
        add(.name, name.number, of: account, stamp)
    }

    /// Voids placements in an instrument, or in any, under lower nonces.
    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, _ stamp: NonceStamp
    ) {
        if let instrument {
            add(.instrument, UInt64(instrument.number), of: account, stamp)
        } else {
            add(.everything, 0, of: account, stamp)
        }
    }

    /// Voids placements of a label under lower nonces.
    mutating func cancel(_ label: Label, of account: AccountIdentifier, _ stamp: NonceStamp) {
        add(.label, label.fingerprint, of: account, stamp)
    }

    /// Voids quotes in an instrument, or in any, under lower nonces.
    mutating func cancelQuotes(
        in instrument: InstrumentIdentifier?, of account: AccountIdentifier, _ stamp: NonceStamp
    ) {
        if let instrument {
            add(.quotesOfInstrument, UInt64(instrument.number), of: account, stamp)
        } else {
            add(.quotes, 0, of: account, stamp)
        }
    }

    /// Whether a placement comes too late. One that will wait for its trigger runs among the
    /// cancels, in the order of the block, so that those of other signers have had their turn.
    mutating func voids(
        _ request: OrderRequest, of account: AccountIdentifier, _ stamp: NonceStamp
    ) -> Bool {
        guard hasFences(account) else { return false }
        let byAll = request.trigger == nil
        let instrument = UInt64(request.instrument.number)
        let name = request.clientIdentifier.number
        return voids(.everything, 0, of: account, stamp, byAll: byAll)
            || voids(.instrument, instrument, of: account, stamp, byAll: byAll)
            || voids(.name, name, of: account, stamp, byAll: byAll)
            || !request.label.isEmpty
                && voids(.label, request.label.fingerprint, of: account, stamp, byAll: byAll)
    }

    /// Whether a quote comes too late.
    mutating func voidsQuotes(
        _ instrument: InstrumentIdentifier, of account: AccountIdentifier, _ stamp: NonceStamp
    ) -> Bool {
        guard hasFences(account) else { return false }
        let number = UInt64(instrument.number)
        return voids(.everything, 0, of: account, stamp)
            || voids(.instrument, number, of: account, stamp)
            || voids(.quotes, 0, of: account, stamp)
            || voids(.quotesOfInstrument, number, of: account, stamp)
    }

    /// Whether an account has fences; if so they are in order.
    private mutating func hasFences(_ account: AccountIdentifier) -> Bool {
        let place = Int(account.number)
        guard place < isFenced.count, isFenced[place] else { return false }
        if !isSorted { sort() }
        return true
    }

    private mutating func add(
        _ target: Target, _ number: UInt64, of account: AccountIdentifier, _ stamp: NonceStamp
    ) {
        let place = Int(account.number)
        if isFenced.count <= place {
            isFenced.append(contentsOf: repeatElement(false, count: place + 1 - isFenced.count))
        }
        isFenced[place] = true
        fences.append(
            Fence(
                account: account.number, target: target, number: number, signer: stamp.signer,
                nonce: stamp.nonce))
        isSorted = false
    }

    private mutating func sort() {
        fences.sort { $0.isSortedBefore($1) }
        var kept = 0
        for place in fences.indices {
            let fence = fences[place]
            if kept > 0, !fences[kept - 1].isSortedBefore(fence) {
                fences[kept - 1].nonce = max(fences[kept - 1].nonce, fence.nonce)
            } else {
                fences[kept] = fence
                kept += 1
            }
        }
        fences.removeLast(fences.count - kept)
        isSorted = true
    }

    /// Whether a cancel of a target voids what was sent under a stamp; `byAll` counts those of
    /// other signers.
    private func voids(
        _ target: Target, _ number: UInt64, of account: AccountIdentifier, _ stamp: NonceStamp,
        byAll: Bool = true
    ) -> Bool {
        let wanted = Fence(
            account: account.number, target: target, number: number, signer: 0, nonce: 0)
        var low = 0
        var high = fences.count
        while low < high {
            let middle = (low + high) / 2
            if fences[middle].isBefore(wanted) { low = middle + 1 } else { high = middle }
        }
        while low < fences.count, !wanted.isBefore(fences[low]) {
            let isVoid =
                fences[low].signer == stamp.signer ? stamp.nonce < fences[low].nonce : byAll
            if isVoid { return true }
            low += 1
        }
        return false
    }

    /// The cancels of many orders at once: who gave them, and under which nonce.
    func forEachMassCancel(_ body: (AccountSigner, UInt64) -> Void) {
        for fence in fences where fence.target != .name {
            body(
                AccountSigner(
                    account: AccountIdentifier(fence.account),
                    slot: fence.signer == 0 ? nil : fence.signer), fence.nonce)
        }
    }
}
