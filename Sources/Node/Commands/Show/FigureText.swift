/// Exact integers as people read them, and what a node writes as a decimal read back exactly.

import FixedPoint
import JSON

/// Decimals for people.
enum FigureText {
    /// Decimals of money where it is shown to people; JSON has all of them.
    private static let moneyDigits = 2

    /// Units of 10^-digits without trailing zeros.
    static func exact(_ units: Int128, digits: Int) -> String {
        trimmed(JSON.Number(units, decimals: digits).text)
    }

    /// A decimal without the zero behind the point that JSON writes to whole ones.
    static func trimmed(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Money in 10⁻⁶ with two decimals, rounded down.
    static func money(_ microunits: Int128) -> String {
        let step = Int128(10_000)
        var cents = microunits / step
        if microunits % step < 0 { cents -= 1 }
        let digits = String(cents.magnitude)
        let padded = String(repeating: "0", count: max(0, moneyDigits + 1 - digits.count)) + digits
        return (cents < 0 ? "-" : "") + padded.dropLast(moneyDigits) + "."
            + padded.suffix(moneyDigits)
    }

    static func money(_ amount: Amount) -> String { money(Int128(amount.units)) }

    /// Money with its sign, for what was won or lost.
    static func profit(_ microunits: Int128) -> TableCell {
        microunits > 0
            ? TableCell("+" + money(microunits), .good)
            : TableCell(money(microunits), microunits < 0 ? .bad : .plain)
    }

    /// A part of a whole in percent with one decimal, rounded up: of what is used up, a little too
    /// much is said rather than too little. Nil of nothing.
    static func percent(_ part: Int128, of whole: Int128) -> String? {
        guard whole > 0 else { return nil }
        let thousandths = (max(part, 0) * 1_000 + whole - 1) / whole
        return JSON.Number(thousandths, decimals: 1).text + " %"
    }

    /// A member of an answer in units of 10^-digits.
    ///
    /// - Throws: `CommandFault` where the answer has no such number.
    static func units(
        _ value: JSON.Value, _ name: String, digits: Int = ExactDecimal.priceDigits,
        of method: String
    ) throws(CommandFault) -> Int64 {
        guard let units = value[name]?.number?.scaled(by: digits) else {
            throw RemoteNode.strange(method, lacking: name)
        }
        return units
    }
}

extension JSON.Value {
    /// A member as text for people; a dash where there is none.
    func shown(_ name: String) -> String {
        self[name]?.number.map { FigureText.trimmed($0.text) } ?? self[name]?.text ?? "–"
    }
}
