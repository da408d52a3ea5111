/// Reads files of Deribit option chains: one row per option and snapshot, in any order.

import Documents

/// Reads chains.
package enum OptionChainFile {
    /// What was read, and what was passed over.
    package struct Contents: Sendable {
        /// Ascending by time, then by currency.
        package var snapshots: [OptionSnapshot] = []
        package var rows = 0
        /// Rows without a volatility, a forward or a strike.
        package var incomplete = 0
    }

    private static let columns = [
        "snapshot", "currency", "expiry_datetime", "strike", "futures_price",
        "futures_instrument_name", "implied_volatility", "delta", "vega", "bid_price",
        "ask_price", "index_price", "option_type",
    ]

    /// The whole of a file, plain or gzip.
    ///
    /// - Throws: `OrderFlowFault` with the file, the line and the reason.
    package static func read(_ path: String) throws(OrderFlowFault) -> Contents {
        var line: Int?
        do throws(OrderFlowReason) {
            var table = try OrderFlowTable(path: path)
            line = table.number
            var places: [Int] = []
            for name in columns { places.append(try table.column(name)) }
            var collected = Collected()
            while true {
                line = table.number + 1
                guard try table.next() else { break }
                line = table.number
                try collected.take(Row(&table, places))
            }
            guard collected.contents.rows > 0 else { throw .noMessages }
            return collected.finished()
        } catch {
            throw OrderFlowFault(file: path, line: error.isAboutLine ? line : nil, reason: error)
        }
    }

    /// One row as text and numbers.
    private struct Row {
        let snapshot: String
        let time: UInt64
        let currency: String
        let expiry: UInt64
        let quote: OptionQuote?
        let hasFuture: Bool
        let index: Double

        init(_ table: inout OrderFlowTable, _ places: [Int]) throws(OrderFlowReason) {
            snapshot = table.text(places[0])
            guard let time = OptionChainFile.compactTime(snapshot) else {
                throw .notTime(field: "snapshot", value: PriceFile.printable(snapshot))
            }
            self.time = time
            currency = table.text(places[1])
            expiry = try OptionChainFile.expiryTime(table.text(places[2]))
            let number = { (table: OrderFlowTable, place: Int) in
                Double(table.text(places[place])).flatMap { $0.isFinite ? $0 : nil }
            }
            hasFuture = !table.text(places[5]).hasPrefix("SYN.")
            index = number(table, 11) ?? 0
            let isCall = table.text(places[12]) == "call"
            guard let strike = number(table, 3), strike > 0, let forward = number(table, 4),
                forward > 0, let volatility = number(table, 6), volatility > 0, index > 0
            else {
                quote = nil
                return
            }
            let delta = number(table, 7) ?? 0
            quote = OptionQuote(
                strike: strike, forward: forward, markVolatility: volatility,
                delta: isCall ? delta : 1 + delta, vega: number(table, 8) ?? 0,
                isBidAndAsked: number(table, 9) != nil && number(table, 10) != nil)
        }
    }

    /// `20260203T042935Z` in nanoseconds since 1970.
    private static func compactTime(_ text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16 else { return nil }
        let digits = text.map(String.init)
        let spread =
            digits[0..<4].joined() + "-" + digits[4..<6].joined() + "-" + digits[6..<8].joined()
            + " " + digits[9..<11].joined() + ":" + digits[11..<13].joined() + ":"
            + digits[13..<15].joined()
        let spreadBytes = Array(spread.utf8)
        return TimeText.nanoseconds(spreadBytes, 0..<spreadBytes.count)
    }

    /// `2026-04-24T08:00:00+00:00` in nanoseconds since 1970.
    private static func expiryTime(_ text: String) throws(OrderFlowReason) -> UInt64 {
        let bytes = Array(text.utf8)
        guard let time = TimeText.nanoseconds(bytes, 0..<bytes.count) else {
            throw .notTime(field: "expiry_datetime", value: PriceFile.printable(text))
        }
        return time
    }

    /// Rows brought together by snapshot, currency and expiry.
    private struct Collected {
        var contents = Contents()
        private var places: [String: Int] = [:]

        mutating func take(_ row: Row) {
            contents.rows += 1
            guard let quote = row.quote, row.expiry > row.time else {
                contents.incomplete += 1
                return
            }
            let key = row.snapshot + row.currency
            let place = places[key] ?? contents.snapshots.count
            if place == contents.snapshots.count {
                places[key] = place
                contents.snapshots.append(
                    OptionSnapshot(
                        currency: row.currency, time: row.time, index: row.index, expiries: []))
            }
            let chains = contents.snapshots[place].expiries
            if let chain = chains.firstIndex(where: { $0.expiry == row.expiry }) {
                contents.snapshots[place].expiries[chain].quotes.append(quote)
            } else {
                contents.snapshots[place].expiries.append(
                    ExpiryChain(expiry: row.expiry, quotes: [quote], hasFuture: row.hasFuture))
            }
        }

        func finished() -> Contents {
            var contents = contents
            contents.snapshots.sort { ($0.time, $0.currency) < ($1.time, $1.currency) }
            for place in contents.snapshots.indices {
                contents.snapshots[place].expiries.sort { $0.expiry < $1.expiry }
                for chain in contents.snapshots[place].expiries.indices {
                    contents.snapshots[place].expiries[chain].quotes.sort { $0.strike < $1.strike }
                }
            }
            return contents
        }
    }
}
