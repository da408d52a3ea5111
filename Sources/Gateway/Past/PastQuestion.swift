/// What the gateway asks the history for: questions as values, so that whoever holds the database
/// answers them on a thread of its own. Everything in them is raw: instruments by number, times and
/// numbers of events as ranges, so that no name is looked up on the way.

package import Canonical
import Catalogue
package import FixedPoint
package import History
import Ledger

/// When, from which event to which, and how many.
package struct PastRange: Equatable, Sendable {
    package var times: ClosedRange<Timestamp>
    /// Of the events behind the rows.
    package var numbers: ClosedRange<UInt64>
    package var isAscending: Bool
    package var count: Int

    package init(
        times: ClosedRange<Timestamp> = Timestamp.epoch...Timestamp(nanoseconds: .max),
        numbers: ClosedRange<UInt64> = 0...UInt64.max, isAscending: Bool = false, count: Int
    ) {
        self.times = times
        self.numbers = numbers
        self.isAscending = isAscending
        self.count = count
    }

    func holds(number: UInt64, time: Timestamp) -> Bool {
        times.contains(time) && numbers.contains(number)
    }
}

/// Which lines of an account's log.
package struct LineChoice: Sendable {
    /// Nil for all.
    package var kinds: [EntryKind]?
    /// Nil for any.
    package var currency: EntryCurrency?
    /// Nil for whatever it is about.
    package var instruments: Set<UInt16>?
}

/// A question about the past.
package enum PastQuestion: Sendable {
    /// Trades as the public sees them.
    case trades(InstrumentScope, PastRange)
    /// Candles of these spans, and where the price stood before the first.
    case candles(InstrumentIdentifier, minutes: UInt64, spans: ClosedRange<UInt64>)
    /// The hours of a perpetual's funding that begin in a time, ascending.
    case funding(InstrumentIdentifier, ClosedRange<Timestamp>)
    /// What expiries settled at.
    case settlements(InstrumentScope, PastRange)
    /// Settlement prices of an underlying, the last first.
    case deliveries(UnderlyingIdentifier, offset: Int, count: Int)
    case order(AccountIdentifier, OrderIdentifier)
    /// Orders of a label, the newest first.
    case labelled(AccountIdentifier, Label)
    /// Orders that have ended, the last to end first.
    case ended(
        AccountIdentifier, InstrumentScope, includesUnfilled: Bool, offset: Int, count: Int)
    case fills(AccountIdentifier, InstrumentScope, PastRange)
    /// The fills of one order, ascending, and the order.
    case fillsOfOrder(AccountIdentifier, OrderIdentifier)
    /// Lines of an account's log, the newest first.
    case log(AccountIdentifier, LineChoice, PastRange)
    /// The same by place, with how many there are in all.
    case page(AccountIdentifier, LineChoice, offset: Int, count: Int)
}

extension InstrumentScope {
    /// The groups of the instruments that a test means; all where it means every one.
    init(_ ledger: Ledger, where isWanted: (Instrument) -> Bool) {
        var wanted: Set<InstrumentGroup> = []
        var isAll = true
        for instrument in ledger.catalogue.instruments {
            if isWanted(instrument) {
                wanted.insert(InstrumentGroup(instrument))
            } else {
                isAll = false
            }
        }
        self = isAll ? .all : .groups(wanted.sorted { $0.number < $1.number })
    }
}
