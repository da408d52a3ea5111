/// Funding, settlements and the movement of indexes out of memory.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger

extension Gateway {
    /// The hours of a perpetual's funding that begin in a time.
    ///
    /// - Throws: -32602 for what is no perpetual.
    func funding(
        _ call: Call, in span: ClosedRange<Timestamp>
    ) throws(APIError) -> [FundingRecord] {
        let (identifier, instrument) = try call.instrument(self)
        guard instrument.kind == .perpetual else {
            throw .parameter("instrument_name", "must be a perpetual")
        }
        let funding = market.histories[Int(identifier.number)].funding
        let start = funding.firstPlace { $0.time >= span.lowerBound }
        return (start..<funding.count).map { funding[$0] }.filter { span.contains($0.time) }
    }

    func writeSettlements(
        _ call: Call, _ writer: inout JSONWriter, where isWanted: (SettlementRecord) -> Bool
    ) throws(APIError) {
        let type = call.text("type") ?? "delivery"
        let latest = call.instant("search_start_timestamp") ?? Timestamp(nanoseconds: .max)
        let before = try continuation(call)
        let count = Int(call.integer("count") ?? TradeMethods.defaultCount)
        var found: [SettlementRecord] = []
        var hasMore = false
        let records = market.settlements
        for offset in 0..<records.count where type == "delivery" {
            let record = records[records.count - 1 - offset]
            guard record.time <= latest, record.number < before, isWanted(record) else {
                continue
            }
            guard found.count < count else {
                hasMore = true
                break
            }
            found.append(record)
        }
        writer.beginObject()
        writer.member(
            "continuation", hasMore ? found.last.map { String($0.number) } ?? "none" : "none")
        writer.name("settlements")
        writer.beginArray()
        for record in found { writer.value(value(of: record, call.ledger)) }
        writer.endArray()
        writer.endObject()
    }

    private func continuation(_ call: Call) throws(APIError) -> UInt64 {
        guard let text = call.text("continuation"), text != "none" else { return .max }
        guard let number = UInt64(text) else { throw .parameter("continuation", "wrong format") }
        return number
    }

    private func value(of record: SettlementRecord, _ ledger: Ledger) -> JSON.Value {
        let instrument = ledger.catalogue.instruments[Int(record.instrument.number)]
        var fields = Fields()
        fields.add("type", "delivery")
        fields.add("timestamp", .instant(record.time))
        fields.add("instrument_name", names[record.instrument])
        fields.add("index_price", record.price.value)
        fields.add("mark_price", record.mark.value)
        fields.add("position", instrument.value(record.longs))
        fields.add("profit_loss", record.profit.value)
        fields.add("session_profit_loss", record.profit.value)
        fields.add("funding", Amount.zero.value)
        return fields.value
    }

    func writeDeliveries(
        _ underlying: UnderlyingIdentifier, offset: Int, count: Int,
        _ writer: inout JSONWriter
    ) {
        let records = market.deliveries[Int(underlying.number)]
        writer.beginObject()
        writer.name("records_total")
        writer.integer(records.count)
        writer.name("data")
        writer.beginArray()
        let last = max(records.count - offset, 0)
        for place in (max(last - count, 0)..<last).reversed() {
            writer.beginObject()
            writer.member("date", Gateway.date(of: records[place].expiry))
            writer.name("delivery_price")
            writer.index(records[place].price)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    /// The UTC day as YYYY-MM-DD.
    static func date(of time: Timestamp) -> String {
        let date = CivilDate(of: time)
        func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(date.year)-\(two(date.month))-\(two(date.day))"
    }
}

/// How much an index has moved: the standard deviation of hourly logarithmic returns, for a year of
/// 365 days.
enum HistoricalVolatility {
    /// Of the percent that it is given in.
    static let decimals = 4
    /// Hours that count.
    private static let window = 15 * 24
    /// Hours that there must be.
    private static let least = 24
    private static let hoursOfYear: Int128 = 8_760
    /// Percent in 10⁻⁴.
    private static let scale: Int128 = 1_000_000

    /// By hour, in 10⁻⁴ percent.
    static func series(_ samples: Ring<IndexSample>) -> [(hour: UInt64, value: Int64)] {
        var returns = Ring<Int128>(limit: window)
        var series: [(hour: UInt64, value: Int64)] = []
        for place in 0..<samples.count {
            let sample = samples[place]
            guard place > 0, sample.price.isPositive, samples[place - 1].price.isPositive,
                sample.hour == samples[place - 1].hour + 1
            else {
                // A gap says nothing of the hours in it.
                returns.removeAll()
                continue
            }
            returns.append(
                Int128(Real.log(sample.price.units, over: samples[place - 1].price.units).bits))
            if returns.count >= least { series.append((sample.hour, deviation(of: returns))) }
        }
        return series
    }

    /// Of a year, in 10⁻⁴ percent.
    private static func deviation(of returns: Ring<Int128>) -> Int64 {
        // Returns are below 2⁴⁶ in 2⁻⁴⁰, so that squares of all hours together fit.
        let count = Int128(returns.count)
        var sum: Int128 = 0
        var squares: Int128 = 0
        for place in 0..<returns.count {
            sum += returns[place]
            squares += returns[place] * returns[place]
        }
        let variance = (squares - sum * sum / count) / (count - 1) * hoursOfYear
        let root = Real(bits: Int64(clamping: variance >> Int128(Real.fractionBits))).squareRoot()
        return Int64(clamping: (Int128(root.bits) * scale) >> Int128(Real.fractionBits))
    }
}
