/// What a replay says on the terminal: progress on the way, and the report at the end.

import Documents

/// The report as text, and the lines of progress.
package enum ReplayConsole {
    private static let mostRefusals = 12

    /// The report: an aligned table, one fact per line, with a line feed at the end.
    package static func report(_ summary: ReplaySummary) -> String {
        var rows: [(String, String)] = [
            ("chain", summary.chain),
            (
                "simulated",
                "\(ReportText.dateTime(summary.start)) to \(ReportText.dateTime(summary.end)) UTC"
            ),
            ("markets", marketList(summary.markets)),
            ("traders", ReportText.count(summary.traders)),
            ("blocks", ReportText.count(summary.blocks)),
            ("observations", ReportText.count(summary.observations)),
            ("orders", ReportText.count(summary.orders)),
            ("trades", ReportText.count(summary.trades)),
            ("volume", ReportText.money(summary.volume)),
            ("fees", ReportText.money(summary.fees)),
            (
                "liquidations",
                counted(summary.liquidations, ReportText.money(summary.liquidatedNotional))
            ),
            (
                "deleveraged",
                counted(summary.deleveraged, ReportText.money(summary.deleveragedNotional))
            ),
            ("bad debt", ReportText.money(summary.badDebt)),
            ("insurance fund", ReportText.money(summary.insuranceFund)),
            ("worst account", worst(summary.worstAccount)),
            (
                "peak leverage",
                ReportText.decimal(summary.peakLeverage, scale: 6, digits: 2) + "×"
            ),
        ]
        if !summary.expiries.isEmpty {
            rows.append(("option premium", ReportText.money(summary.premium)))
            rows.append(("expiries", ReportText.count(summary.expiries.count)))
            rows += summary.expiries.map { ("  " + $0.name, line($0)) }
        }
        rows += priceRows(summary)
        rows.append(
            ("refused", ReportText.count(summary.refusals.reduce(0) { $0 + $1.count })))
        for refusal in sortedRefusals(summary).prefix(mostRefusals) {
            rows.append(("  " + refusal.name, ReportText.count(refusal.count)))
        }
        rows += [
            ("conserved", summary.conserved ? "yes, after every block" : "NO"),
            ("seed", String(summary.seed)),
            ("state root", summary.stateRoot),
            (
                "speed",
                "\(ReportText.count(summary.ordersPerSecond)) orders/s, "
                    + "\(ReportText.count(summary.blocksPerSecond)) blocks/s, "
                    + "\(ReportText.duration(summary.wallNanoseconds)) in all"
            ),
        ]
        rows.insert(contentsOf: summary.chains.map { ("options " + $0.underlying, $0.line) }, at: 3)
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { label, value in
            label + String(repeating: " ", count: width - label.count + 2) + value + "\n"
        }.joined()
    }

    /// Refusals, most frequent first, then by name.
    static func sortedRefusals(_ summary: ReplaySummary) -> [RefusalCount] {
        summary.refusals.sorted { left, right in
            left.count != right.count ? left.count > right.count : left.name < right.name
        }
    }

    private static func marketList(_ names: [String]) -> String {
        names.count <= 6
            ? names.joined(separator: ", ")
            : names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
    }

    /// What an expiry came to, on one line.
    private static func line(_ expiry: ExpirySummary) -> String {
        var text = "\(expiry.options) options, \(ReportText.compactMoney(expiry.premium)) premium; "
        text += "futures \(ReportText.compactMoney(expiry.futureVolume)); "
        guard let price = expiry.settlementPrice else {
            let interest = expiry.optionInterest + expiry.futureInterest
            return text + "open \(ReportText.compactMoney(interest))"
        }
        text += "settled at \(ReportText.money(price)): "
        text += "\(ReportText.compactMoney(expiry.exercised)) exercised, "
        text += "\(ReportText.compactMoney(expiry.assigned)) assigned, "
        return text + "\(ReportText.count(expiry.lapsed)) lapsed"
    }

    private static func counted(_ count: Int, _ notional: String) -> String {
        count == 0 ? "0" : "\(ReportText.count(count)), \(notional)"
    }

    private static func worst(_ account: WorstAccount?) -> String {
        guard let account else { return "none" }
        return "\(account.account) (\(account.kind)): equity \(ReportText.money(account.equity)), "
            + "profit \(ReportText.money(account.profit))"
    }
}

/// Where a replay stands.
package struct ReplayProgress: Equatable, Sendable {
    /// Part of the simulated time that is done, in 10⁻³, `0 ... 1000`.
    package var permille = 0
    /// Simulated nanoseconds since 1970.
    package var time: UInt64 = 0
    package var blocks = 0
    /// Orders, or messages of a file of order flow.
    package var orders = 0
    /// Real nanoseconds since the start.
    package var elapsed: UInt64 = 0

    package init(permille: Int, time: UInt64, blocks: Int, orders: Int, elapsed: UInt64) {
        self.permille = permille
        self.time = time
        self.blocks = blocks
        self.orders = orders
        self.elapsed = elapsed
    }
}

extension ReplayProgress {
    /// Where a replay from `start` to `end` stands at `time`, all in nanoseconds since 1970. Safe
    /// for spans of centuries.
    package init(
        time: UInt64, start: UInt64, end: UInt64, blocks: Int, orders: Int, elapsed: UInt64
    ) {
        let done = UInt128(min(max(time, start), end) - start) * 1_000
        self.init(
            permille: end > start ? Int(done / UInt128(end - start)) : 1_000, time: time,
            blocks: blocks, orders: orders, elapsed: elapsed)
    }
}

/// Turns progress into what to print: on a terminal one line that overwrites itself, else a line
/// every ten percent. Holds no clock and prints nothing itself.
package struct ReplayProgressLine: Sendable {
    /// Real nanoseconds between two updates of the line on a terminal.
    private static let pause: UInt64 = 100_000_000
    private let isTerminal: Bool
    private let counting: String
    private var nextPermille = 0
    private var nextElapsed: UInt64 = 0

    /// - Parameter counting: what `ReplayProgress.orders` counts.
    package init(isTerminal: Bool, counting: String = "orders") {
        self.isTerminal = isTerminal
        self.counting = counting
    }

    /// The text to write to standard error now; nil when it is not yet time.
    package mutating func text(for progress: ReplayProgress) -> String? {
        let isDone = progress.permille >= 1_000
        if isTerminal {
            guard isDone || progress.elapsed >= nextElapsed else { return nil }
            nextElapsed = progress.elapsed + ReplayProgressLine.pause
            return "\r" + line(progress) + "\u{1b}[K" + (isDone ? "\n" : "")
        }
        guard progress.permille >= nextPermille else { return nil }
        nextPermille = progress.permille - progress.permille % 100 + 100
        return line(progress) + "\n"
    }

    private func line(_ progress: ReplayProgress) -> String {
        let percent = ReportText.decimal(Int64(progress.permille), scale: 1, digits: 0)
        let rate =
            Int128(progress.orders) * Int128(TimeText.second)
            / Int128(max(progress.elapsed, 1))
        let padding = String(repeating: " ", count: max(0, 3 - percent.count))
        var text = "\(padding)\(percent) %  \(ReportText.dateTime(progress.time))  "
        text += "\(ReportText.count(progress.blocks)) blocks  "
        text += "\(ReportText.count(Int(clamping: rate))) \(counting)/s"
        if progress.permille > 0 && progress.permille < 1_000 {
            let left = UInt64(1_000 - progress.permille)
            let rest = progress.elapsed / UInt64(progress.permille) * left
            text += "  \(ReportText.duration(rest)) left"
        }
        return text
    }
}
