/// What a replay of order flow found: as text for the terminal, and as JSON.

import Documents

/// A name and how often it was seen.
package struct OrderFlowCount: Equatable, Sendable {
    package let name: String
    package let count: Int
}

/// A comparison of best prices.
package struct OrderFlowComparison: Equatable, Sendable {
    package let compared: Int
    package let agreed: Int
    /// Why the others did not, most frequent first.
    package let reasons: [OrderFlowCount]

    init(_ agreement: OrderFlowAgreement) {
        compared = agreement.compared
        agreed = agreement.agreed
        reasons = OrderFlowReport.sorted(agreement.reasons)
    }

    /// In 10⁻⁶, rounded down; nil where nothing was compared.
    package var share: Int64? {
        compared == 0 ? nil : Int64(agreed) * 1_000_000 / Int64(compared)
    }
}

/// The result of one file.
package struct OrderFlowReport: Equatable, Sendable {
    package var file = ""
    package var format = ""
    /// Tick and lot, and how sizes were scaled.
    package var grid = ""
    /// In the file, by kind.
    package var kinds: [OrderFlowCount] = []
    package var messages = 0
    /// About orders that nothing is known of; skipped.
    package var unknownOrders = 0
    /// About unknown orders that were taken to mean one at their price.
    package var meantByPrice = 0
    /// Levels that came into sight, and orders that left out of it.
    package var cameIntoSight = 0
    package var leftOutOfSight = 0

    /// The venue's own best prices against the book that the messages alone describe, both sides of
    /// every message that has them.
    package var told: OrderFlowComparison
    /// Whether the file holds the venue's own best prices; else `prices` and `sizes` compare with
    /// the book that the messages describe.
    package var hasVenueBest = false
    /// The engine's best price against the file's, both sides of every block.
    package var prices: OrderFlowComparison
    /// The lots at the best price, where the prices agree.
    package var sizes: OrderFlowComparison

    package var accounts = 0
    package var blocks = 0
    package var transactions = 0
    package var commands = 0
    package var trades = 0
    package var executedAsNamed = 0
    package var executedElsewhere = 0
    package var repaired = 0
    package var alreadyDone = 0
    package var refusals: [OrderFlowCount] = []
    package var openOrders = 0
    package var conserved = false
    package var stateRoot = ""
    /// Real nanoseconds inside `Ledger.apply`, signatures included. Not part of the result.
    package var applyNanoseconds: UInt64 = 0

    /// The file's messages per second of `Ledger.apply`, rounded down; 0 when no time was measured.
    package var messagesPerSecond: Int { perSecond(messages) }
    /// Commands per second of `Ledger.apply`, rounded down; 0 when no time was measured.
    package var commandsPerSecond: Int { perSecond(commands) }

    private func perSecond(_ count: Int) -> Int {
        guard applyNanoseconds > 0 else { return 0 }
        let rate = Int128(count) * Int128(TimeText.second) / Int128(applyNanoseconds)
        return Int(clamping: rate)
    }

    /// Most frequent first, then by name.
    static func sorted(_ counts: [String: Int]) -> [OrderFlowCount] {
        counts.map { OrderFlowCount(name: $0.key, count: $0.value) }.sorted { left, right in
            left.count != right.count ? left.count > right.count : left.name < right.name
        }
    }
}

// MARK: Text

extension OrderFlowReport {
    /// The report: an aligned table, one fact per line, with a line feed at the end.
    package var text: String {
        var rows: [(String, String)] = [
            ("file", file), ("format", format), ("grid", grid),
            ("messages", ReportText.count(messages)),
        ]
        rows += OrderFlowReport.rows(kinds)
        rows.append(("unknown orders", ReportText.count(unknownOrders) + " messages, skipped"))
        if cameIntoSight + leftOutOfSight > 0 {
            rows += [
                ("came into sight", ReportText.count(cameIntoSight) + " levels"),
                ("left out of sight", ReportText.count(leftOutOfSight) + " orders"),
                ("meant by price", ReportText.count(meantByPrice) + " messages"),
            ]
        }
        rows += OrderFlowReport.rows("messages against venue", told)
        let reference = hasVenueBest ? "venue" : "messages"
        rows += OrderFlowReport.rows("engine against " + reference, prices)
        rows += OrderFlowReport.rows("sizes at the best", sizes)
        rows += [
            ("accounts", ReportText.count(accounts)), ("blocks", ReportText.count(blocks)),
            ("transactions", ReportText.count(transactions)),
            ("commands", ReportText.count(commands)), ("trades", ReportText.count(trades)),
            ("executed as named", ReportText.count(executedAsNamed)),
            ("executed elsewhere", ReportText.count(executedElsewhere)),
            ("repaired", ReportText.count(repaired)),
            ("already done", ReportText.count(alreadyDone)),
            ("refused", ReportText.count(refusals.reduce(0) { $0 + $1.count })),
        ]
        rows += OrderFlowReport.rows(refusals)
        rows += [
            ("open orders", ReportText.count(openOrders)),
            ("conserved", conserved ? "yes, after every block" : "NO"),
            ("state root", stateRoot),
            (
                "speed",
                "\(ReportText.count(messagesPerSecond)) messages/s, "
                    + "\(ReportText.count(commandsPerSecond)) commands/s, "
                    + "\(ReportText.duration(applyNanoseconds)) in the engine"
            ),
        ]
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { label, value in
            label + String(repeating: " ", count: width - label.count + 2) + value + "\n"
        }.joined()
    }

    private static func rows(_ counts: [OrderFlowCount]) -> [(String, String)] {
        counts.map { ("  " + $0.name, ReportText.count($0.count)) }
    }

    private static func rows(
        _ name: String, _ comparison: OrderFlowComparison
    ) -> [(String, String)] {
        guard let share = comparison.share else { return [(name, "nothing to compare")] }
        let percent = ReportText.decimal(share, scale: 4, digits: 2)
        let counts =
            "\(ReportText.count(comparison.agreed)) of \(ReportText.count(comparison.compared))"
        return [(name, "\(percent) %, \(counts)")] + rows(comparison.reasons)
    }
}

// MARK: JSON

extension OrderFlowReport {
    /// The report as JSON text; shares are numbers from 0 to 1.
    package var json: String {
        let members: [(key: String, value: JSONValue)] = [
            ("file", .text(file)), ("format", .text(format)), ("grid", .text(grid)),
            ("messages", .integer(Int64(messages))), ("kinds", OrderFlowReport.value(kinds)),
            ("unknownOrders", .integer(Int64(unknownOrders))),
            ("meantByPrice", .integer(Int64(meantByPrice))),
            ("cameIntoSight", .integer(Int64(cameIntoSight))),
            ("leftOutOfSight", .integer(Int64(leftOutOfSight))),
            ("messagesAgainstVenue", OrderFlowReport.value(told)),
            ("hasVenueBest", .boolean(hasVenueBest)),
            ("enginePrices", OrderFlowReport.value(prices)),
            ("engineSizes", OrderFlowReport.value(sizes)),
            ("accounts", .integer(Int64(accounts))), ("blocks", .integer(Int64(blocks))),
            ("transactions", .integer(Int64(transactions))),
            ("commands", .integer(Int64(commands))), ("trades", .integer(Int64(trades))),
            ("executedAsNamed", .integer(Int64(executedAsNamed))),
            ("executedElsewhere", .integer(Int64(executedElsewhere))),
            ("repaired", .integer(Int64(repaired))),
            ("alreadyDone", .integer(Int64(alreadyDone))),
            ("refusals", OrderFlowReport.value(refusals)),
            ("openOrders", .integer(Int64(openOrders))), ("conserved", .boolean(conserved)),
            ("stateRoot", .text(stateRoot)),
            ("applySeconds", .micro(Int64(clamping: applyNanoseconds / 1_000))),
            ("messagesPerSecond", .integer(Int64(messagesPerSecond))),
            ("commandsPerSecond", .integer(Int64(commandsPerSecond))),
        ]
        return JSONWriter.text(of: .object(members))
    }

    private static func value(_ counts: [OrderFlowCount]) -> JSONValue {
        .object(counts.map { ($0.name, .integer(Int64($0.count))) })
    }

    private static func value(_ comparison: OrderFlowComparison) -> JSONValue {
        .object([
            ("compared", .integer(Int64(comparison.compared))),
            ("agreed", .integer(Int64(comparison.agreed))),
            ("share", comparison.share.map { .micro($0) } ?? .null),
            ("reasons", value(comparison.reasons)),
        ])
    }
}
