/// What a run over option chains says on the terminal.
import Foundation
import Oracle

/// The report as text.
package enum SurfaceConsole {
    /// Dropped honest votes that are named; the page has all of them.
    private static let mostNamed = 8

    /// The report on a file, with a line feed at the end.
    package static func report(_ summary: SurfaceSummary) -> String {
        let result = summary.result
        let name = result.file.split(separator: "/").last.map(String.init) ?? result.file
        var text = "\(name)\n"
        text += "  \(ReportText.count(result.rows)) rows (\(ReportText.count(result.incomplete)) "
        text += "incomplete or expired), \(ReportText.count(result.snapshots)) snapshots, "
        text += "\(ReportText.count(result.expiries.count)) expiries in them\n\n"
        text += "  error in volatility points      quotes of delta 1 to 99 %"
        text += "          all others      forward\n"
        text += "                        count   median     95 %      max"
        text += "   median     95 %  max (bp)\n"
        for tenor in summary.tenors + [summary.all] {
            text += "  " + left(tenor.name, 18) + right(ReportText.count(tenor.near.count), 9)
            for value in [tenor.near.median, tenor.near.high, tenor.near.most] {
                text += right(number(value), 9)
            }
            text += right(number(tenor.far.median), 9) + right(number(tenor.far.high), 9)
            text += right(number(tenor.forward), 10) + "\n"
        }
        text += "\n  curves: \(ReportText.count(summary.medians)) medians, "
        text += "\(ReportText.count(summary.medoids)) medoids, "
        text += "\(ReportText.count(summary.held)) held\n"
        text += "  votes: \(ReportText.count(result.votes)), "
        text += "\(ReportText.count(result.drops.count)) dropped\n"
        for drop in summary.dropped {
            let who = drop.lie.map { "of the liar: \($0.name)" } ?? "of honest publishers"
            text += "  " + right(ReportText.count(drop.count), 8) + "  "
            text += left(drop.fault.words, 24) + who + "\n"
        }
        return text + named(summary) + "\n"
    }

    private static func named(_ summary: SurfaceSummary) -> String {
        let drops = summary.honestDrops
        guard !drops.isEmpty else { return "" }
        var text = "  honest votes dropped:\n"
        for drop in drops.prefix(mostNamed) { text += "    " + line(drop) + "\n" }
        let more = drops.count - mostNamed
        return more > 0 ? text + "    and \(ReportText.count(more)) more: see the page\n" : text
    }

    /// A dropped vote by name.
    static func line(_ drop: SurfaceDrop) -> String {
        "\(ReportText.dateTime(drop.time))  \(drop.currency) \(ReportText.date(drop.expiry))  "
            + "publisher \(drop.publisher + 1): \(drop.fault.words)"
    }

    /// Two decimals below a hundred.
    static func number(_ value: Double) -> String {
        String(format: value < 99.95 ? "%.2f" : "%.0f", value)
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// A line of progress; nil where nothing new is to be said.
    package static func progress(_ progress: SurfaceProgress, isTerminal: Bool) -> String? {
        let name = progress.file.split(separator: "/").last.map(String.init) ?? progress.file
        let percent = progress.done * 100 / max(progress.of, 1)
        let isDone = progress.done == progress.of
        if isTerminal {
            return "\r\(right(String(percent), 3)) %  \(name)\u{1b}[K" + (isDone ? "\n" : "")
        }
        let before = (progress.done - 1) * 100 / max(progress.of, 1)
        guard progress.done == 0 || isDone || percent / 25 > before / 25 else { return nil }
        return "\(right(String(percent), 3)) %  \(name)\n"
    }
}
