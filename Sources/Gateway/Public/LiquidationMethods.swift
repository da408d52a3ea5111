/// What the engine did for accounts that were short of margin, asked for or told as it happens.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger

enum LiquidationMethods {
    static let all: [Method] = [liquidations]

    /// How many are answered where none are asked for.
    static let standardCount: Int64 = 100

    static let record = Schema.object([
        .required("timestamp", .integer()), .required("height", .integer()),
        .required("event", .integer(), "The number of the event on the chain; ascending."),
        .required("account", .integer(), "Who is liquidated."),
        .required("step", .oneOf(LiquidationStep.allCases.map(\.rawValue))),
        .required(
            "counterparty", .nullable(.integer()),
            "The account that took a part or paid for it, where it is one."),
        .required("instrument_name", .nullable(.text())),
        .required("amount", MarketShapes.price, "In units of the underlying; not negative."),
        .required("price", MarketShapes.price, "On the book, else the mark."),
        .required(
            "value", MarketShapes.price,
            """
            What the step comes to, in the quote asset; of `call` and `end` the equity, of a \
            conversion without an instrument the cash, which is negative.
            """),
        .required(
            "fee", MarketShapes.price,
            """
            What the account paid beside it; of a slice without an instrument what the provider \
            was paid for all of its parts.
            """),
    ])

    static let liquidations = Method(
        "public/get_liquidations",
        "The last steps of liquidations, the newest first, as far as they are remembered.",
        [
            .optional("count", .integer(1...1_000), "100 where it is missing."),
            .optional("account", .integer(0...Int64(UInt32.max)), "Only of this one."),
        ], result: .object([.required("liquidations", .list(record))])
    ) { gateway, call, writer throws(APIError) in
        let count = Int(call.integer("count") ?? standardCount)
        let account = call.integer("account")
        let records = gateway.market.liquidations
        var written = 0
        writer.beginObject()
        writer.name("liquidations")
        writer.beginArray()
        for place in (0..<records.count).reversed() where written < count {
            let record = records[place]
            guard account == nil || account == Int64(record.account.number) else { continue }
            gateway.writeLiquidation(record, call.ledger, &writer)
            written += 1
        }
        writer.endArray()
        writer.endObject()
        return .done
    }
}

extension Gateway {
    func writeLiquidation(
        _ record: LiquidationRecord, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.put("timestamp", record.time)
        writer.put("height", record.height)
        writer.put("event", record.event)
        writer.put("account", record.account.number)
        writer.put("step", record.step.rawValue)
        writer.name("counterparty")
        if let other = record.counterparty { writer.integer(other.number) } else { writer.null() }
        let instrument = record.instrument.map { ledger.catalogue.instruments[Int($0.number)] }
        writer.name("instrument_name")
        if let name = record.instrument { writer.string(names[name]) } else { writer.null() }
        writer.name("amount")
        if let lots = record.quantity, let instrument {
            writer.amount(lots, of: instrument)
        } else {
            writer.null()
        }
        for (name, units) in [
            ("price", record.price?.units), ("value", record.value?.units),
            ("fee", record.fee?.units),
        ] {
            writer.name(name)
            if let units {
                writer.decimal(units, decimals: APIDecimals.price)
            } else {
                writer.null()
            }
        }
        writer.endObject()
    }
}
