/// Which accounts have terms of rescue: a row for those alone, found by account in one step, so
/// that nobody else costs anything.

import Canonical
import FixedPoint

/// By account, where there are any: its terms and what it has had of them.
struct RescueTable {
    /// By account, up to the last that ever had terms: the place of its row, or -1.
    private var places: [Int32] = []
    private var rows: [AccountRescue] = []
    /// Rows that are used again.
    private var free: [Int32] = []
    /// Accounts changed since the last `clearTouched`.
    private(set) var touched: [AccountIdentifier] = []

    /// How many accounts have terms.
    var count: Int { rows.count - free.count }

    /// Whether an account has terms. O(1).
    func holds(_ account: AccountIdentifier) -> Bool {
        let place = Int(account.number)
        return place < places.count && places[place] >= 0
    }

    /// Writing nil takes the terms away.
    subscript(account: AccountIdentifier) -> AccountRescue? {
        get { holds(account) ? rows[Int(places[Int(account.number)])] : nil }
        set {
            touched.append(account)
            let place = Int(account.number)
            while places.count <= place { places.append(-1) }
            switch (newValue, places[place] >= 0) {
            case (let value?, true): rows[Int(places[place])] = value
            case (let value?, false):
                if let row = free.popLast() {
                    rows[Int(row)] = value
                    places[place] = row
                } else {
                    places[place] = Int32(truncatingIfNeeded: rows.count)
                    rows.append(value)
                }
            case (nil, true):
                free.append(places[place])
                places[place] = -1
            case (nil, false): break
            }
        }
    }

    /// The accounts whose leaves have changed, each once, ascending; and forgets them.
    mutating func takeTouched() -> [AccountIdentifier] {
        guard !touched.isEmpty else { return [] }
        var result: [AccountIdentifier] = []
        touched.sort()
        for account in touched where account != result.last { result.append(account) }
        touched.removeAll(keepingCapacity: true)
        return result
    }

    mutating func clearTouched() { touched.removeAll(keepingCapacity: true) }
}
