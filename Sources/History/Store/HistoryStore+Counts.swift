/// How many rows there are of a kind, for answers that say so.

package import Canonical
import FixedPoint

extension HistoryStore {
    /// How many entries an account's statement has of some kinds.
    ///
    /// - Parameter currency: nil for all.
    package func countEntries(
        of account: AccountIdentifier, _ kinds: [EntryKind], _ currency: EntryCurrency?
    ) throws(HistoryFault) -> Int {
        var conditions = Conditions(dialect)
        conditions.add("account", "=", Int64(account.number))
        conditions.add("kind", in: kinds.map { Int64($0.rawValue) })
        switch currency {
        case .quote: conditions.add("asset IS NULL")
        case .asset(let instrument): conditions.add("asset", "=", Int64(instrument.number))
        case nil: break
        }
        let count = try database.number(
            "SELECT count(*) FROM entries" + conditions.clause, conditions.values)
        return Int(count ?? 0)
    }
}
