/// The orders that wait for a trigger.

public import Canonical
public import FixedPoint

extension OrderBooks {
    /// Appends the slots of the waiting orders of a book that a reference price fires.
    ///
    /// - Parameters:
    ///   - floor, ceiling: the reference in ticks, rounded down and up.
    public func appendFired(
        by reference: TriggerReference, floor: Price, ceiling: Price,
        in book: InstrumentIdentifier, to slots: inout [OrderSlot]
    ) {
        for isRising in [false, true] {
            let kind = LadderKind.trigger(reference, isRising: isRising)
            var level = levels.best(Int32(book.number) &* LadderKind.count &+ kind)
            while level != OrderRecord.none {
                let price = levels[level].price
                guard isRising ? price <= floor : price >= ceiling else { break }
                var slot = levels[level].first
                while slot != OrderRecord.none {
                    slots.append(slot)
                    slot = orders[slot].next
                }
                level = levels[level].worse
            }
        }
    }
}
