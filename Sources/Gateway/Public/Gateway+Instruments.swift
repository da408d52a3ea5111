/// Instruments and currencies in the API's fields.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

extension Gateway {
    /// When what does not expire expires, as Deribit says: the year 3000.
    static let neverExpires: Int64 = 32_503_708_800_000

    /// The collateral assets, each once.
    var collateral: [String] {
        names.assets.reduce(into: []) { list, asset in
            if !list.contains(asset) { list.append(asset) }
        }
    }

    /// One instrument in the fields of `get_instruments`.
    func description(
        of identifier: InstrumentIdentifier, _ instrument: Instrument, _ ledger: Ledger
    ) -> JSON.Value {
        let asset = names.asset(of: instrument)
        var fields = Fields()
        fields.add("instrument_name", names[identifier])
        fields.add("instrument_id", .integer(Int64(identifier.number)))
        fields.add("kind", APIKind(instrument.kind).rawValue)
        fields.add("state", state(of: identifier, ledger))
        fields.add("is_active", .boolean(!ledger.phases[Int(identifier.number)].isOver))
        fields.add("base_currency", names.base(of: instrument))
        fields.add("quote_currency", asset)
        fields.add("counter_currency", asset)
        fields.add("settlement_currency", asset)
        fields.add("settlement_period", Gateway.period(of: instrument.expiry))
        fields.add(
            "creation_timestamp", .instant(market.histories[Int(identifier.number)].listed))
        fields.add(
            "expiration_timestamp",
            instrument.expiry.map { .instant($0) } ?? .integer(Gateway.neverExpires))
        fields.add("tick_size", instrument.value(Price(ticks: 1)))
        fields.add("tick_size_steps", .array([]))
        fields.add("min_trade_amount", instrument.value(Quantity(lots: 1)))
        fields.add("contract_size", instrument.value(Quantity(lots: 1)))
        fields.add("price_index", names.indexes[Int(instrument.underlying.number)])
        fields.add("instrument_type", "linear")
        if let tier = ledger.catalogue.feeTiers.first {
            fields.add("maker_commission", tier.maker.value)
            fields.add("taker_commission", tier.taker.value)
        }
        fields.add("max_order_amount", instrument.value(instrument.maximumOrderQuantity))
        fields.add("position_limit", instrument.value(instrument.positionLimit))
        fields.add("symbol", instrument.symbol.text)
        fields.add(
            "compartment",
            ledger.catalogue.compartments[Int(instrument.compartment.number)].symbol.text)
        if APIKind(instrument.kind) == .future { fields.add("future_type", "linear") }
        if let series = instrument.kind.series {
            fields.add("strike", series.strike.value)
            fields.add("option_type", series.right == .call ? "call" : "put")
        }
        return fields.value
    }

    /// The calendar that an expiry belongs to, by its day: the last Friday of a month, another
    /// Friday, another day.
    static func period(of expiry: Timestamp?) -> String {
        guard let expiry else { return "perpetual" }
        let days = Int64(expiry.count(of: .day))
        // 1970-01-01 was a Thursday.
        guard days % daysOfWeek == 1 else { return "day" }
        let isLast = CivilDate(days: days + daysOfWeek).month != CivilDate(days: days).month
        return isLast ? "month" : "week"
    }

    private static let daysOfWeek: Int64 = 7

    func currencies(_ ledger: Ledger) -> [JSON.Value] {
        let others = names.bases.filter { !collateral.contains($0) }
        return (collateral + others).map { name in
            let spot = ledger.catalogue.instruments.first {
                $0.kind == .spot && names.base(of: $0) == name
            }
            let isCollateral = collateral.contains(name)
            var fields = Fields()
            fields.add("currency", name)
            fields.add("currency_long", name)
            fields.add("coin_type", name)
            fields.add(
                "decimals", .integer(Int64(isCollateral ? APIDecimals.price : APIDecimals.amount)))
            fields.add("min_confirmations", .integer(0))
            fields.add("withdrawal_fee", Amount.zero.value)
            fields.add("min_withdrawal_fee", Amount.zero.value)
            fields.add("withdrawal_priorities", .array([]))
            fields.add("in_cross_collateral_pool", .boolean(isCollateral || spot != nil))
            fields.add("is_collateral", .boolean(isCollateral || spot != nil))
            return fields.value
        }
    }

    /// By kind, the names of expiries as they stand in names of instruments.
    func expirations(_ currency: String, _ kind: APIKind?, _ ledger: Ledger) -> JSON.Value {
        var fields = Fields()
        for wanted in [APIKind.future, .option] where kind == nil || kind == wanted {
            var found: [(time: Timestamp?, name: String)] = []
            for identifier in ledger.catalogue.live {
                let instrument = ledger.catalogue.instruments[Int(identifier.number)]
                let parts = names[identifier].split(separator: "-")
                guard isOf(instrument, wanted, currency), parts.count > 1,
                    !found.contains(where: { $0.time == instrument.expiry })
                else { continue }
                found.append((instrument.expiry, String(parts[1])))
            }
            found.sort {
                ($0.time ?? .epoch, $0.name) < ($1.time ?? .epoch, $1.name)
            }
            fields.add(wanted.rawValue, .array(found.map { .string($0.name) }))
        }
        return fields.value
    }

    func writeIndexNames(isExtended: Bool, _ writer: inout JSONWriter) {
        writer.beginArray()
        for name in names.indexes {
            if isExtended {
                writer.value(
                    .object([
                        JSON.Member("name", .string(name)),
                        JSON.Member("future_combo_creation_enabled", .boolean(false)),
                        JSON.Member("option_combo_creation_enabled", .boolean(false)),
                    ]))
            } else {
                writer.string(name)
            }
        }
        writer.endArray()
    }
}
