/// What an account has done that bears on what it may do: the flow of its owner, whether it is a
/// committed maker, what it put in and took out lately, and a withdrawal that waits. Few accounts
/// have any of it, so there are rows only for those.

import Breakers
import Canonical
import FixedPoint

/// A withdrawal that waits for room in the vault. It is still the account's money.
struct QueuedWithdrawal: Equatable {
    /// Positive.
    var amount: Amount
    let destination: Bytes32
    /// When it was asked for.
    let time: Timestamp
}

/// The standing of one account.
struct AccountStanding: Equatable {
    /// Of the owner, in his first account alone.
    var flow: AccountFlow?
    /// Committed to make markets: may open while a market only reduces.
    var isMaker = false
    var outflow: AccountOutflow?
    var queued: QueuedWithdrawal?
    /// When a liquidation of it last counted.
    var liquidatedAt: Timestamp?

    var isIdle: Bool { self == AccountStanding() }
}

/// By account, where there is a row: its standing, and which leaves the block has changed.
struct StandingTable {
    /// By account: the place of its row, or -1.
    private var places: [Int32] = []
    private var rows: [AccountStanding] = []
    /// Accounts changed since the last `clearTouched`, in the order of their first change.
    private(set) var touched: [AccountIdentifier] = []
    private var isTouched: [Bool] = []

    /// Takes in the next account.
    mutating func append() {
        places.makeRoom(for: 1)
        places.append(-1)
        isTouched.makeRoom(for: 1)
        isTouched.append(false)
    }

    /// The standing of an account; reading makes no row, writing does.
    subscript(identifier: AccountIdentifier) -> AccountStanding {
        get {
            let place = places[Int(identifier.number)]
            return place < 0 ? AccountStanding() : rows[Int(place)]
        }
        _modify {
            let account = Int(identifier.number)
            if places[account] < 0 {
                places[account] = Int32(truncatingIfNeeded: rows.count)
                rows.append(AccountStanding())
            }
            if !isTouched[account] {
                isTouched[account] = true
                touched.append(identifier)
            }
            yield &rows[Int(places[account])]
        }
    }

    /// Whether an account has a row in which something stands.
    func isIdle(_ identifier: AccountIdentifier) -> Bool {
        let place = places[Int(identifier.number)]
        return place < 0 || rows[Int(place)].isIdle
    }

    var count: Int { places.count }

    /// Forgets which leaves have changed.
    mutating func clearTouched() {
        for identifier in touched { isTouched[Int(identifier.number)] = false }
        touched.removeAll(keepingCapacity: true)
    }
}

extension QueuedWithdrawal: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(amount)
        encoder.append(destination)
        encoder.append(time)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        amount = try decoder.quantity()
        guard amount.isPositive else { throw DecodingFault(.outOfRange, at: start) }
        destination = try decoder.bytes32()
        time = try decoder.timestamp()
    }
}

extension AccountStanding: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(flow)
        encoder.append(isMaker)
        encoder.append(outflow)
        encoder.append(queued)
        encoder.append(liquidatedAt != nil)
        if let liquidatedAt { encoder.append(liquidatedAt) }
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        flow = try decoder.optional()
        isMaker = try decoder.boolean()
        outflow = try decoder.optional()
        queued = try decoder.optional()
        liquidatedAt = try decoder.boolean() ? try decoder.timestamp() : nil
        guard !isIdle else { throw DecodingFault(.outOfRange, at: start) }
    }
}
