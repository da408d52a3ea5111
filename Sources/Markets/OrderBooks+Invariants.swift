/// What must hold of a book between any two commands.

public import Canonical
import FixedPoint

extension OrderBooks {
    /// The first invariant that does not hold, in words; nil if all do. Costs O(orders).
    ///
    /// - Parameter mayCross: whether the book collects orders for an auction.
    public func brokenInvariant(
        in book: InstrumentIdentifier, mayCross: Bool = false
    ) -> String? {
        if !mayCross, isCrossed(book) { return "Invariant 1: the best bid lies below the best ask" }
        for kind in 0..<LadderKind.count {
            let ladder = Int32(book.number) * LadderKind.count + kind
            if let broken = brokenInvariant(ladder, isHighestBest: kind & 1 == 0) { return broken }
        }
        return nil
    }

    /// The same for all books, and that every open order stands in a queue.
    public func brokenInvariant(mayCross: (InstrumentIdentifier) -> Bool) -> String? {
        for number in 0..<bookCount {
            let book = InstrumentIdentifier(UInt16(number))
            if let broken = brokenInvariant(in: book, mayCross: mayCross(book)) { return broken }
        }
        var counted = 0
        for ladder in 0..<Int32(bookCount) * LadderKind.count {
            var level = levels.best(ladder)
            while level != OrderRecord.none {
                var slot = levels[level].first
                while slot != OrderRecord.none {
                    counted += 1
                    slot = orders[slot].next
                }
                level = levels[level].worse
            }
        }
        return counted == count ? nil : "Invariant 5: \(count) open orders all stand in a queue"
    }

    private func brokenInvariant(_ ladder: Int32, isHighestBest: Bool) -> String? {
        var place = levels.best(ladder)
        var better = OrderRecord.none
        while place != OrderRecord.none {
            let level = levels[place]
            if better != OrderRecord.none {
                let last = levels[better].price
                guard isHighestBest ? level.price < last : level.price > last else {
                    return "Invariant 3: price \(level.price.units) stands in its turn"
                }
            }
            guard level.better == better else { return "Invariant 4: levels know their neighbours" }
            var sum = Quantity.zero
            var slot = level.first
            var priority: UInt64 = 0
            while slot != OrderRecord.none {
                let record = orders[slot]
                let number = record.identifier.number
                guard record.shown.isPositive else {
                    return "Invariant 2: order \(number) shows some lots"
                }
                guard record.priority > priority else {
                    return "Invariant 3: order \(number) stands in its turn"
                }
                guard self.slot(of: record.identifier, of: record.account) == slot else {
                    return "Invariant 5: order \(number) stands in its account's list"
                }
                priority = record.priority
                sum += record.shown
                slot = record.next
            }
            guard sum == level.quantity, sum.isPositive else {
                return "Invariant 4: a level sums up its orders"
            }
            better = place
            place = level.worse
        }
        return nil
    }
}
