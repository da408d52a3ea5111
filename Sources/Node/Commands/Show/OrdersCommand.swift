/// `rampart orders`: the open orders of an account, each from its proven leaf.

import Canonical
import FixedPoint
import JSON
import Markets

/// Shows open orders.
enum OrdersCommand {
    static let shape = CommandShape(
        "orders", "Show the open orders of an account, proven",
        flags: [CommandFlag("--instrument", "INSTRUMENT", "those of one market alone")]
            + ShowFlags.proven,
        details: ShowFlags.provenDetails)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let (account, node) = try ShowFlags.account(arguments, context)
        let instruments = try InstrumentList(node)
        if let name = arguments["--instrument"] {
            // A wrong name is told rather than shown as a market without orders.
            _ = try VenueDirectory(genesis: nil, node: node).instrument(name)
        }
        let orders = account.orders.filter { order in
            arguments["--instrument"].map { $0 == instruments[order.instrument].name } ?? true
        }
        if arguments.has("--json") {
            let list = JSON.Value.array(orders.map { json($0, instruments[$0.instrument]) })
            context.write(
                JSON.Value.object(account.members + [JSON.Member("orders", list)]).indentedText
                    + "\n")
            return ExitCode.done
        }
        if orders.isEmpty {
            context.write("account \(account.number.number) has no open orders\n")
        } else {
            var table = TerminalTable([
                .numbers("ORDER"), .words("SIDE"), .words("INSTRUMENT"), .numbers("AMOUNT"),
                .numbers("PRICE"), .words("TERMS", rank: 1), .words("LABEL", rank: 2),
            ])
            for order in orders { table.add(cells(order, instruments[order.instrument])) }
            context.write(table.text(on: context.screen()))
        }
        context.note(account.note)
        return ExitCode.done
    }

    private static func cells(_ order: Order, _ instrument: NamedInstrument) -> [TableCell] {
        [
            TableCell(String(order.identifier.number)),
            TableCell(word(order.side), order.side == .buy ? .good : .bad),
            TableCell(instrument.name),
            TableCell(instrument.amount(order.remaining.lots)),
            TableCell(order.price.ticks > 0 ? instrument.price(order.price.ticks) : "market"),
            TableCell(terms(order).joined(separator: " "), .quiet),
            TableCell(label(order) ?? ""),
        ]
    }

    private static func word(_ side: Side) -> String { side == .buy ? "buy" : "sell" }

    private static func label(_ order: Order) -> String? {
        order.special.label.isEmpty
            ? nil : String(decoding: order.special.label.bytes, as: UTF8.self)
    }

    private static func terms(_ order: Order) -> [String] {
        var terms: [String] = []
        if order.flags.isQuote { terms.append("quote") }
        if order.reduceOnly { terms.append("reduce-only") }
        if !order.isResting { terms.append("waits") }
        if order.special.hidden.lots > 0 { terms.append("iceberg") }
        if order.flags.isLiquidation { terms.append("liquidation") }
        if order.clientIdentifier.number != 0 {
            terms.append("client=\(order.clientIdentifier.number)")
        }
        return terms
    }

    private static func json(_ order: Order, _ instrument: NamedInstrument) -> JSON.Value {
        let size = Int128(order.remaining.lots) * Int128(instrument.lot)
        let price = Int128(order.price.ticks) * Int128(instrument.tick)
        return .object([
            JSON.Member("order_id", .string(String(order.identifier.number))),
            JSON.Member("instrument_name", .string(instrument.name)),
            JSON.Member("side", .string(word(order.side))),
            JSON.Member(
                "amount", .number(JSON.Number(size, decimals: ExactDecimal.sizeDigits))),
            JSON.Member(
                "price",
                price > 0
                    ? .number(JSON.Number(price, decimals: ExactDecimal.priceDigits)) : .null),
            JSON.Member("terms", .array(terms(order).map { .string($0) })),
            JSON.Member("label", label(order).map { .string($0) } ?? .null),
        ])
    }
}
