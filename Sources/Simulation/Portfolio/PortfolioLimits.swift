/// What a portfolio file may hold, and how its fields are read: wide enough for any market, narrow
/// enough that nothing overflows and no valuation is asked for that means nothing.

import Documents
import FixedPoint

/// The ranges of a portfolio file.
enum PortfolioLimits {
    /// Ours: what a page still shows.
    static let underlyings = 1...64
    static let expiries = 0...64
    static let positions = 1...1_000
    static let smilePoints = 1...256
    /// Characters of a name: those of a symbol of the catalogue.
    static let nameLength = 32
    /// ±$10 billion: below what a vault may hold (`Bounds.vaultCapacity`).
    static let cash =
        Amount(microunits: -10_000_000_000_000_000)...Amount(microunits: 10_000_000_000_000_000)
    /// A hundredth to twice.
    static let collateralPrice = Ratio(basisPoints: 100)...Ratio(basisPoints: 20_000)
    /// A micro-dollar to a billion dollars.
    static let index = IndexPrice(micros: 1)...IndexPrice(micros: 1_000_000_000_000_000)
    /// 10⁻⁹ to a billion units.
    static let lot = Ratio(billionths: 1)...Ratio(billionths: 1_000_000_000_000_000_000)
    /// 0.0001 units.
    static let usualLot: Int64 = 100_000
    /// 2⁴⁰ lots: products with a lot's worth fit.
    static let quantity = Quantity(lots: 1 << 40)
    /// For eight hours: the widest cap of `facts/risk.md`.
    static let funding = Ratio(basisPoints: -400)...Ratio(basisPoints: 400)
    /// 1 to 30 %: three times M stays above a price of zero.
    static let move = Ratio(basisPoints: 100)...Ratio(basisPoints: 3_000)
    /// 0.01 to 100 % a day.
    static let dailyVolatility = Ratio(basisPoints: 1)...Ratio.one
    /// $1 to $1 trillion a day.
    static let volume =
        Amount(microunits: 1_000_000)...Amount(microunits: 1_000_000_000_000_000_000)
    /// Of the daily volume: `docs/margin.md`, "rampart".
    static let concentrationFrom = Ratio(basisPoints: 10)
    /// 1 to 1,000 % a year.
    static let volatility = Ratio(basisPoints: 100)...Ratio(basisPoints: 100_000)
    static let rate = Ratio.zero...Ratio.one
    static let share = Ratio.zero...Ratio.one
    /// Of holdings, where the file states none: docs/margin.md, "rampart".
    static let haircut = Ratio(basisPoints: 1_000)
    static let maintenanceHaircut = Ratio(basisPoints: 500)
    /// Forwards, marks and entry prices lie within a tenth and ten times the index, strikes within
    /// a hundredth and a hundred times.
    static let near: Int64 = 10
    static let far: Int64 = 100
    /// How long before an expiry its settlement average begins (`facts/risk.md`).
    static let window: Duration = .seconds(1_800)

    /// From a part of a price to its multiple.
    static func around(_ price: IndexPrice, _ multiple: Int64) -> ClosedRange<IndexPrice> {
        IndexPrice(
            micros: max(1, price.units / multiple))...IndexPrice(
                micros: price.units * multiple)
    }
}

extension JSONFields {
    /// A list with so many items.
    func items(_ key: String, in range: ClosedRange<Int>) throws(InputFault) -> [JSONNode] {
        let items = try list(key)
        guard range.contains(items.count) else {
            throw fault(
                key, "holds \(items.count) items, not \(range.lowerBound) … \(range.upperBound)")
        }
        return items
    }

    /// A decimal in a range.
    func required<Value: IntegerQuantity>(
        _ key: String, digits: Int, in range: ClosedRange<Value>
    ) throws(InputFault) -> Value {
        try quantity(key, at: try value(key), digits: digits, in: range)
    }

    /// A decimal in a range; nil where the field is missing.
    func quantity<Value: IntegerQuantity>(
        _ key: String, digits: Int, in range: ClosedRange<Value>
    ) throws(InputFault) -> Value? {
        has(key) ? try required(key, digits: digits, in: range) : nil
    }

    /// A decimal somewhere in a field, in a range.
    func quantity<Value: IntegerQuantity>(
        _ key: String, at node: JSONNode, digits: Int, in range: ClosedRange<Value>
    ) throws(InputFault) -> Value {
        let value = Value(units: try decimal(node, of: key, digits: digits))
        guard range.contains(value) else {
            let ends = [value, range.lowerBound, range.upperBound].map {
                JSONFields.text(of: $0.units, digits: digits)
            }
            throw fault(key, at: node, "is \(ends[0]), not in \(ends[1]) … \(ends[2])")
        }
        return value
    }

    /// An integer in 10^-digits without needless digits.
    static func text(of value: Int64, digits: Int) -> String {
        let unit = ReportText.power(digits)
        var fraction = String(value.magnitude % UInt64(unit))
        fraction = String(repeating: "0", count: digits - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return (value < 0 ? "-" : "") + String(value.magnitude / UInt64(unit))
            + (fraction.isEmpty ? "" : "." + fraction)
    }
}
