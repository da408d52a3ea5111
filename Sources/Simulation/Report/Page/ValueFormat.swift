/// How the values of a chart are written, the same in Swift (axes) and in the page's script
/// (readouts).

import Documents

/// A unit with its number of decimals.
struct ValueFormat: Equatable {
    let prefix: String
    let suffix: String
    /// Values are in 10⁻`scale`.
    let scale: Int
    /// Decimals shown in readouts, at most `scale`.
    let decimals: Int
    /// Shown in thousands, millions and so on.
    let isCompact: Bool

    /// Micro-units of money, as `$12.3M`.
    static let money = ValueFormat(
        prefix: "$", suffix: "", scale: 6, decimals: 0, isCompact: true)
    /// 10⁻² of a basis point.
    static let basisPoints = ValueFormat(
        prefix: "", suffix: " bp", scale: 2, decimals: 2, isCompact: false)
    /// 10⁻⁴ of a percent.
    static let percent = ValueFormat(
        prefix: "", suffix: " %", scale: 4, decimals: 4, isCompact: false)

    /// Prices in 10⁻⁶ with about six digits, judged by a typical price.
    static func price(like price: Int64) -> ValueFormat {
        var decimals = 6
        var size = price.magnitude / 100_000
        while decimals > 1 && size >= 10 {
            size /= 10
            decimals -= 1
        }
        decimals = price.magnitude >= 100_000_000 ? 2 : max(decimals, 2)
        return ValueFormat(
            prefix: "", suffix: "", scale: 6, decimals: decimals, isCompact: false)
    }

    /// The label of an axis whose labels are `step` apart.
    func axisLabel(_ value: Int64, step: Int64) -> String {
        let sign = value < 0 ? "−" : ""
        let magnitude = Int64(clamping: value.magnitude)
        if value == 0 { return prefix + "0" + suffix }
        if isCompact { return sign + prefix + compactLabel(magnitude) + suffix }
        var digits = 0
        while digits < scale && step % ReportText.power(scale - digits) != 0 { digits += 1 }
        return sign + prefix
            + ReportText.decimal(magnitude, scale: scale, digits: digits) + suffix
    }

    /// The least an axis covers, so that nothing does not look like something: ten dollars, else a
    /// hundred of the smallest steps shown.
    var leastSpan: Int64 {
        ReportText.power(isCompact ? scale + 1 : min(scale - decimals + 2, scale))
    }

    /// `$20M` rather than `$20.0M`: axis labels are round.
    private func compactLabel(_ magnitude: Int64) -> String {
        let text = ReportText.compact(magnitude, scale: scale)
        let unit = text.last.map { $0.isLetter } == true ? String(text.suffix(1)) : ""
        var digits = text.dropLast(unit.count)
        guard digits.contains(".") else { return text }
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits + unit
    }

    /// `value` as the whole number of 10⁻`decimals` that the script gets.
    func scriptValue(_ value: Int64) -> Int64 {
        ReportText.rescaled(value, from: scale, to: decimals)
    }

    /// The format for the script.
    var script: String {
        "{\"p\":\(JSONWriter.quoted(prefix)),\"s\":\(JSONWriter.quoted(suffix)),"
            + "\"d\":\(decimals),\"c\":\(isCompact ? 1 : 0)}"
    }
}
