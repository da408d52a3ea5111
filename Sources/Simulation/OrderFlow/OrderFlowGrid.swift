/// The grid of a replayed file: its smallest steps of price and size become the tick and the lot.
///
/// The engine wants one tick on one lot to be worth a whole number of micro-units, one lot at most
/// 2³⁰ of them, and position limit × highest price at most 2⁴⁹ (`Bounds`). A file's own lot seldom
/// fits: so the lot is listed at the smallest worth that is whole, which scales all sizes by one
/// factor and changes nothing in the order of events; and where the usual order would still not fit
/// the position limit, sizes are rounded up to a coarser lot. Both are said in the report.

import Documents
import Catalogue
import FixedPoint

/// Ticks and lots of a file.
struct OrderFlowGrid {
    /// The highest price listed, in multiples of the median; orders above it are refused by the
    /// engine.
    private static let headroom: Int64 = 16
    /// Of 1,000 orders, how many must fit, a few times over, into one account.
    private static let usualOrders = 999
    private static let ordersPerAccount: Int64 = 4
    /// 10⁻⁹ in a micro-unit.
    private static let nanoPerMicro: Int64 = 1_000

    /// 10⁻⁹ quote.
    let tick: Int64
    /// 10⁻⁹ units; sizes are rounded up to it.
    let lot: Int64
    /// The smallest step of sizes in the file, 10⁻⁹ units.
    let step: Int64
    /// In 10⁻⁶ quote, as the engine lists it.
    let tickSize: IndexPrice
    /// In 10⁻⁹ units, as the engine lists it.
    let lotSize: Int64
    let highestTicks: Int64
    /// Lots, position and open orders of one account together.
    let positionLimit: Int64

    /// The grid of some orders.
    ///
    /// - Throws: `InputFault` where there are none, or their prices are finer than micro-units.
    init(_ flow: OrderFlow) throws(InputFault) {
        var prices: [Int64] = []
        var sizes: [Int64] = []
        for message in flow.messages {
            if let order = message.action.order, order.size > 0 {
                prices.append(order.price)
                sizes.append(order.size)
            }
            for level in [message.best?.bid, message.best?.ask].compactMap({ $0 }) {
                prices.append(level.price)
                sizes.append(level.size)
            }
        }
        prices.sort()
        sizes.sort()
        guard let highest = prices.last else {
            throw InputFault(file: flow.file, line: nil, reason: "holds no order")
        }
        tick = prices.reduce(0, OrderFlowGrid.greatestDivisor)
        step = sizes.reduce(0, OrderFlowGrid.greatestDivisor)
        guard tick % OrderFlowGrid.nanoPerMicro == 0 else {
            throw InputFault(
                file: flow.file, line: nil, reason: "prices are finer than 0.000001")
        }
        tickSize = IndexPrice(micros: tick / OrderFlowGrid.nanoPerMicro)
        let (ceiling, overflow) = prices[prices.count / 2].multipliedReportingOverflow(
            by: OrderFlowGrid.headroom)
        highestTicks = (overflow ? highest : min(highest, ceiling)) / tick
        // The smallest lot that makes a tick on it whole, so many times that it is worth what the
        // catalogue asks for at the highest price.
        let smallest =
            Instrument.lotScale
            / OrderFlowGrid.greatestDivisor(Instrument.lotScale, tickSize.units)
        let smallestValue = Int64(
            Int128(tickSize.units) * Int128(smallest) / Int128(Instrument.lotScale))
        let least = (Bounds.leastLotWorth >> Bounds.fractionBits) + 1
        let multiple = least / (smallestValue * max(1, highestTicks)) + 1
        lotSize = smallest * multiple
        let tickValue = smallestValue * multiple
        positionLimit =
            Bounds.positionNotional(fractionBits: Bounds.fractionBits) / highestTicks / tickValue
        guard positionLimit > 0, highestTicks <= Bounds.largestLotWorth / tickValue else {
            throw InputFault(
                file: flow.file, line: nil, reason: "prices span too many ticks for the engine")
        }
        let usual = sizes[sizes.count * OrderFlowGrid.usualOrders / 1_000]
        var lot = step
        while usual / lot * OrderFlowGrid.ordersPerAccount > positionLimit { lot *= 10 }
        self.lot = lot
    }

    /// Ticks of a price; every price of the file is a whole number of them.
    func ticks(_ price: Int64) -> Int64 { price / tick }

    /// Lots of a size, rounded up so that no order vanishes.
    func lots(_ size: Int64) -> Int64 { size / lot + (size % lot > 0 ? 1 : 0) }

    /// What was scaled or rounded, in words.
    var note: String {
        let unit = ReportText.plain(nano: lot)
        var text = "tick \(ReportText.plain(nano: tick)), lot \(unit)"
        if lotSize != lot { text += " listed as \(ReportText.plain(nano: lotSize))" }
        if lot != step { text += ", sizes rounded up from \(ReportText.plain(nano: step))" }
        return text
    }

    private static func greatestDivisor(_ left: Int64, _ right: Int64) -> Int64 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}

extension ReportText {
    /// 10⁻⁹ as a decimal without trailing zeros: `0.00001`.
    static func plain(nano: Int64) -> String {
        let digits = String(nano.magnitude)
        let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
        var fraction = padded.suffix(9)
        while fraction.last == "0" { fraction.removeLast() }
        return padded.dropLast(9) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
