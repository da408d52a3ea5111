/// Whether the venue holds what it owes, for anyone to see.

import Canonical
import FixedPoint
import JSON
import Ledger

enum ConservationMethods {
    static let all: [Method] = [conservation]

    private static let asset = Schema.object([
        .required("compartment", .text()), .required("asset", .text()),
        .required("custody", MarketShapes.decimal, "What came in and has not gone out."),
        .required("accounts", MarketShapes.decimal, "What all accounts may claim, rounded down."),
        .required("insurance_fund", MarketShapes.decimal),
        .required("fees", MarketShapes.decimal, "What the venue has earned."),
        .required(
            "other", MarketShapes.decimal,
            "What roundings of claims and funding leave in fractions of a micro-unit, added up."),
        .required(
            "difference", MarketShapes.decimal,
            "Custody less all the others; zero, or the node would have stopped."),
    ])

    static let conservation = Method(
        "public/get_conservation",
        """
        Custody against all that is owed, by compartment and asset, added up over every account \
        from primary state after the block of `height`: when asked for, once a second at most, and \
        less often where there are more than 20,000 accounts.
        """,
        result: .object([
            .required("height", .integer()), .required("root", .text()),
            .required("compartments", .list(asset)),
            .required(
                "unbalanced_instruments", .list(.text()),
                "Whose longs and shorts, or holdings, do not sum to what they must: none."),
            .required(
                "checked_every_block", .boolean,
                "The ledger checks both laws after every block and stops where one fails."),
        ])
    ) { gateway, call, writer throws(APIError) in
        gateway.writeSurvey(call, &writer) { writer in
            gateway.write(ConservationCount(call.ledger, gateway.names), call.ledger, &writer)
        }
        return .done
    }
}

extension Gateway {
    fileprivate func write(
        _ count: ConservationCount, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.put("height", count.height)
        writer.put("root", Hexadecimal.text(count.root.storage.bytes))
        writer.name("compartments")
        writer.beginArray()
        for asset in count.assets {
            writer.beginObject()
            writer.put("compartment", symbol(of: asset.compartment, ledger))
            writer.put("asset", asset.asset)
            for (name, units) in [
                ("custody", asset.custody), ("accounts", asset.accounts),
                ("insurance_fund", asset.insurance), ("fees", asset.fees),
                ("other", asset.other), ("difference", asset.difference),
            ] {
                writer.put(name, wide: units, decimals: asset.decimals)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.name("unbalanced_instruments")
        writer.beginArray()
        for identifier in count.unbalanced { writer.string(names[identifier]) }
        writer.endArray()
        writer.put("checked_every_block", true)
        writer.endObject()
    }
}
