/// The files of a day on which a venue closed winners: a row for each account that was closed, and
/// a row for each market. The shape is that of the files on 2025-10-10 (`../shared/data`).

package import Documents
import Foundation

/// An account that was closed against, as its row says.
package struct Winner: Equatable {
    /// All in millionths of a dollar.
    package var profit: Int64
    package var notional: Int64
    package var equity: Int64
    /// Gross notional / equity, in millionths.
    package var leverage: Int64
}

/// What the files hold.
package struct DeleveragedDay: Equatable {
    /// Accounts that had a profit and equity.
    package var winners: [Winner] = []
    /// Accounts that had neither, and can be asked for nothing.
    package var others = 0
    /// What accounts with less than nothing lacked, each once.
    package var lacking: Int64 = 0
    package var bankrupt = 0
    /// By market: the notional that was closed.
    package var markets: [Int64] = []

    /// Reads both files, plain or gzip.
    ///
    /// - Throws: with the file, the line and what is wrong with it.
    package init(users: String, coins: String) throws(InputFault) {
        let columns = [
            "adl_notional", "closed_pnl", "account_value_realtime", "leverage_realtime",
        ]
        try DeleveragedDay.read(users, columns) { row in
            let winner = Winner(profit: row[1], notional: row[0], equity: row[2], leverage: row[3])
            if winner.equity < 0 {
                lacking -= winner.equity
                bankrupt += 1
            }
            if winner.profit > 0, winner.equity > 0, winner.notional > 0 {
                winners.append(winner)
            } else {
                others += 1
            }
        }
        try DeleveragedDay.read(coins, ["adl_notional"]) { row in
            if row[0] > 0 { markets.append(row[0]) }
        }
        guard !winners.isEmpty, !markets.isEmpty else {
            throw InputFault(file: users, line: nil, reason: "nobody with a profit was closed")
        }
    }

    /// A day that is made.
    package init(winners: [Winner], markets: [Int64]) {
        self.winners = winners
        self.markets = markets
    }

    private static func read(
        _ path: String, _ columns: [String], _ take: ([Int64]) -> Void
    ) throws(InputFault) {
        var line: Int?
        do throws(OrderFlowReason) {
            var table = try OrderFlowTable(path: path)
            var places: [Int] = []
            for column in columns { places.append(try table.column(column)) }
            while try table.next() {
                line = table.number
                var row: [Int64] = []
                for (place, column) in zip(places, columns) {
                    let text = table.text(place)
                    guard let value = millionths(text) else {
                        throw OrderFlowReason.notNumber(field: column, value: text)
                    }
                    row.append(value)
                }
                take(row)
            }
        } catch {
            throw InputFault(file: path, line: line, reason: error.description)
        }
    }

    /// A decimal number, in millionths; beyond 64 bits the nearest.
    private static func millionths(_ text: String) -> Int64? {
        guard let value = Double(text), value.isFinite else { return nil }
        let scaled = (value * 1e6).rounded()
        return abs(scaled) < largest ? Int64(scaled) : (scaled < 0 ? -1 : 1) * Int64(largest)
    }

    /// A trillion dollars, or a leverage of as much.
    private static let largest = 1e18
}
