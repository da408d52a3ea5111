/// The obvious book: an array of orders, sorted again before every use, no margin, no levels, no
/// slots. It must agree with the ledger trade for trade wherever margin does not bind.

import Canonical
import FixedPoint
import Ledger
import Markets

struct MatchingTwin {
    struct Entry: Equatable {
        let number: UInt64
        let account: AccountIdentifier
        let side: Side
        var ticks: Int64
        var lots: Int64
        /// Rises with every change that loses the place.
        var turn: Int
    }

    /// Maker order, taker order, ticks, lots.
    typealias Fill = [Int64]

    private(set) var entries: [Entry] = []
    private var nextNumber: UInt64 = 1
    private var nextTurn = 0

    /// The resting orders of a side, the one that fills first at the front.
    func queue(_ side: Side) -> [Entry] {
        entries.filter { $0.side == side }.sorted { left, right in
            if left.ticks == right.ticks { return left.turn < right.turn }
            return (left.ticks > right.ticks) == (side == .buy)
        }
    }

    private func crosses(_ side: Side, _ ticks: Int64, _ maker: Entry) -> Bool {
        side == .buy ? maker.ticks <= ticks : maker.ticks >= ticks
    }

    /// Whether the ledger must accept it, and the fills.
    mutating func place(
        _ account: AccountIdentifier, _ request: OrderRequest
    ) -> (isAccepted: Bool, fills: [Fill]) {
        guard let limit = request.limit?.ticks else { return (false, []) }
        let makers = queue(request.side.opposite).filter { crosses(request.side, limit, $0) }
        if request.postOnly, !makers.isEmpty { return (false, []) }
        let available = makers.filter { $0.account != account }.reduce(0) { $0 + $1.lots }
        if request.timeInForce == .fillOrKill, available < request.quantity.lots {
            return (false, [])
        }
        let entry = Entry(
            number: nextNumber, account: account, side: request.side, ticks: limit,
            lots: request.quantity.lots, turn: 0)
        nextNumber += 1
        return (true, match(entry, rests: request.timeInForce == .goodTillCancelled))
    }

    private mutating func match(_ incoming: Entry, rests: Bool) -> [Fill] {
        var taker = incoming
        var fills: [Fill] = []
        while taker.lots > 0, var maker = queue(taker.side.opposite).first,
            crosses(taker.side, taker.ticks, maker)
        {
            entries.removeAll { $0.number == maker.number }
            if maker.account == taker.account { continue }
            let lots = min(taker.lots, maker.lots)
            taker.lots -= lots
            maker.lots -= lots
            fills.append([Int64(maker.number), Int64(taker.number), maker.ticks, lots])
            if maker.lots > 0 { entries.append(maker) }
        }
        if taker.lots > 0, rests {
            nextTurn += 1
            taker.turn = nextTurn
            entries.append(taker)
        }
        return fills
    }

    mutating func cancel(_ account: AccountIdentifier, _ number: UInt64) -> Bool {
        let count = entries.count
        entries.removeAll { $0.number == number && $0.account == account }
        return entries.count < count
    }

    mutating func amend(
        _ account: AccountIdentifier, _ request: AmendRequest
    ) -> (isAccepted: Bool, fills: [Fill]) {
        let place = entries.firstIndex {
            $0.number == request.order.number && $0.account == account
        }
        guard let place else { return (false, []) }
        var entry = entries[place]
        let ticks = (request.limit?.ticks ?? 0)
        let isAway = entry.side == .buy ? ticks <= entry.ticks : ticks >= entry.ticks
        if isAway, request.remaining.lots <= entry.lots {
            if ticks != entry.ticks {
                nextTurn += 1
                entries[place].turn = nextTurn
            }
            entries[place].ticks = ticks
            entries[place].lots = request.remaining.lots
            return (true, [])
        }
        let side = entry.side
        if request.postOnly, queue(side.opposite).contains(where: { crosses(side, ticks, $0) }) {
            return (false, [])
        }
        entries.remove(at: place)
        entry.ticks = ticks
        entry.lots = request.remaining.lots
        return (true, match(entry, rests: true))
    }
}
