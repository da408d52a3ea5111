/// Funding and settlements, out of memory or out of the history; the movement of indexes.

import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger

extension Gateway {
    /// Writes something of the hours of a perpetual's funding that begin in a time.
    ///
    /// - Throws: -32602 for what is no perpetual.
    func writeFunding(
        _ call: Call, in span: ClosedRange<Timestamp>, _ writer: inout JSONWriter,
        _ write: @escaping ([FundingRecord], Ledger, inout JSONWriter) -> Void
    ) throws(APIError) -> Completion {
        let (identifier, instrument) = try call.instrument(self)
        guard instrument.kind == .perpetual else {
            throw .parameter("instrument_name", "must be a perpetual")
        }
        let funding = market.histories[Int(identifier.number)].funding
        let start = funding.firstPlace { $0.time >= span.lowerBound }
        guard hasHistory, !isKnown(funding, from: start) else {
            let records = (start..<funding.count).map { funding[$0] }
            write(records.filter { span.contains($0.time) }, call.ledger, &writer)
            return .done
        }
        return try ask(.funding(identifier, span), of: call) {
            _, rows, ledger, writer throws(APIError) in
            guard case .funding(let records) = rows else { throw PastRows.mismatch }
            write(records, ledger, &writer)
        }
    }

    /// Whether memory knows all of the funding from a place on, and the index of the hour before.
    private func isKnown(_ funding: Ring<FundingRecord>, from place: Int) -> Bool {
        if market.since.isWhole, !funding.hasForgotten { return true }
        return place > 0 && (market.since.isWhole || funding[place - 1].time > market.since.time)
    }

    func writeSettlements(
        _ call: Call, _ scope: InstrumentScope, _ writer: inout JSONWriter,
        where isWanted: (SettlementRecord) -> Bool
    ) throws(APIError) -> Completion {
        let latest = call.instant("search_start_timestamp") ?? Timestamp(nanoseconds: .max)
        let before = try continuation(call)
        guard (call.text("type") ?? "delivery") == "delivery", before > 0 else {
            write(PastPage([], hasMore: false), call.ledger, &writer)
            return .done
        }
        let range = PastRange(
            times: Timestamp.epoch...latest, numbers: 0...(before - 1),
            count: Int(call.integer("count") ?? TradeMethods.defaultCount))
        let since = hasHistory ? market.since : .whole
        let page = market.settlements.page(range, since: since, isForgetful: hasHistory) {
            ($0.number, $0.time)
        } where: {
            isWanted($0)
        }
        if let page {
            write(page, call.ledger, &writer)
            return .done
        }
        return try ask(.settlements(scope, range), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .settlements(let page) = rows else { throw PastRows.mismatch }
            gateway.write(page, ledger, &writer)
        }
    }

    private func write(
        _ page: PastPage<SettlementRecord>, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        let last = page.hasMore ? page.elements.last : nil
        writer.member("continuation", last.map { String($0.number) } ?? "none")
        writer.name("settlements")
        writer.beginArray()
        for record in page.elements { writer.value(value(of: record, ledger)) }
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
        _ underlying: UnderlyingIdentifier, _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let offset = Int(call.integer("offset") ?? 0)
        let count = Int(call.integer("count") ?? TradeMethods.defaultCount)
        let records = market.deliveries[Int(underlying.number)]
        guard hasHistory, !market.since.isWhole || records.hasForgotten else {
            let last = max(records.count - offset, 0)
            let found = (max(last - count, 0)..<last).reversed().map { records[$0] }
            Gateway.write(found, of: records.count, &writer)
            return .done
        }
        let question = PastQuestion.deliveries(underlying, offset: offset, count: count)
        return try ask(question, of: call) { _, rows, _, writer throws(APIError) in
            guard case .deliveries(let found, let total) = rows else { throw PastRows.mismatch }
            Gateway.write(found, of: total, &writer)
        }
    }

    private static func write(
        _ found: [DeliveryRecord], of total: Int, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("records_total")
        writer.integer(total)
        writer.name("data")
        writer.beginArray()
        for record in found {
            writer.beginObject()
            writer.member("date", Gateway.date(of: record.expiry))
            writer.name("delivery_price")
            writer.index(record.price)
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
