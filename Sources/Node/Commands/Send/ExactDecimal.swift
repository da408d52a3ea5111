/// Amounts as people write them, read exactly or refused: never rounded.

/// Reads decimals.
enum ExactDecimal {
    /// Decimals of money and prices, which count in 10⁻⁶.
    static let priceDigits = 6
    /// Decimals of sizes, which count in 10⁻⁹.
    static let sizeDigits = 9
    /// Decimals of percentages, which count in 10⁻⁹ of the whole.
    static let percentDigits = 7

    /// A positive decimal in units of 10^-digits.
    ///
    /// - Throws: `CommandFault` for anything else, and for more decimals than there are units.
    static func units(
        _ text: String, named name: String, digits: Int
    ) throws(CommandFault) -> Int64 {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        let all = parts[0] + fraction
        guard !all.isEmpty, !parts[0].isEmpty, parts.count == 1 || !fraction.isEmpty,
            all.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { throw .usage("\(name) is '\(text)', not a positive decimal such as 12.5") }
        guard fraction.utf8.count <= digits else {
            throw .usage("\(name) is '\(text)', which has more than \(digits) decimals")
        }
        let zeros = String(repeating: "0", count: digits - fraction.utf8.count)
        guard let units = Int64(all + zeros) else {
            throw .usage("\(name) is '\(text)', which is too large")
        }
        guard units > 0 else { throw .usage("\(name) is '\(text)', not above zero") }
        return units
    }

    /// A decimal as a whole number of steps of `step` units.
    ///
    /// - Throws: `CommandFault` where it lies between two.
    static func steps(
        _ text: String, named name: String, digits: Int, of step: Int64, called unit: String
    ) throws(CommandFault) -> Int64 {
        let units = try units(text, named: name, digits: digits)
        guard units % step == 0 else {
            throw .usage(
                "\(name) is '\(text)', not a multiple of \(unit) \(self.text(step, digits: digits))"
            )
        }
        return units / step
    }

    /// A count of 10^-digits as a decimal without trailing zeros; not negative.
    static func text(_ units: Int64, digits: Int) -> String {
        let plain = String(units)
        let padded = String(repeating: "0", count: max(0, digits + 1 - plain.count)) + plain
        var fraction = padded.suffix(digits)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return padded.dropLast(digits) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
