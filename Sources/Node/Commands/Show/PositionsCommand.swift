/// `rampart positions`: what an account holds, from its proven leaf, at the marks that the node
/// states.

import Accounts
import Canonical
import FixedPoint
import JSON

/// Shows positions.
enum PositionsCommand {
    static let shape = CommandShape(
        "positions", "Show the positions of an account, proven", flags: ShowFlags.proven,
        details: """
            \(ShowFlags.provenDetails)

            Size, entry and funding index are proven; the mark, and with it the profit, is the
            node's word. Profit is without the funding since the position last changed.
            """)

    private static let summary = "public/get_book_summary_by_currency"

    /// A position in the words of its instrument.
    private struct Row {
        let position: Position
        let instrument: NamedInstrument
        /// 10⁻⁶ of the quote asset; nil where there is none.
        let mark: Int64?

        /// Size in 10⁻⁹ of the underlying.
        var size: Int128 { Int128(position.quantity.lots) * Int128(instrument.lot) }

        /// Average price in 10⁻⁶, rounded to the nearest.
        var entry: Int128 {
            let whole = size.magnitude
            guard whole > 0 else { return 0 }
            let cost = UInt128(position.cost.units.magnitude) * 1_000_000_000
            return Int128((2 * cost + whole) / (2 * whole))
        }

        /// Worth at the mark in 10⁻⁶, rounded down.
        var worth: Int128? {
            mark.map { mark in
                let product = size * Int128(mark)
                let scale = Int128(1_000_000_000)
                return product / scale - (product % scale < 0 ? 1 : 0)
            }
        }

        var profit: Int128? { worth.map { $0 - Int128(position.cost.units) } }
    }

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let (account, node) = try ShowFlags.account(arguments, context)
        let positions = account.account.positions
        var rows: [Row] = []
        if !positions.isEmpty {
            let instruments = try InstrumentList(node, expired: true)
            let marks = try marks(node)
            for position in positions {
                let instrument = instruments[position.instrument]
                let mark = marks.first { $0.name == instrument.name }?.mark
                rows.append(Row(position: position, instrument: instrument, mark: mark))
            }
        }
        if arguments.has("--json") {
            let list = JSON.Value.array(rows.map(json))
            context.write(
                JSON.Value.object(account.members + [JSON.Member("positions", list)])
                    .indentedText + "\n")
            return ExitCode.done
        }
        if rows.isEmpty {
            context.write("account \(account.number.number) has no positions\n")
        } else {
            context.write(table(rows).text(on: context.screen()))
        }
        context.note(account.note)
        return ExitCode.done
    }

    private static func marks(
        _ node: RemoteNode
    ) throws(CommandFault) -> [(name: String, mark: Int64)] {
        let answer = try node.result(summary, [JSON.Member("currency", .string("any"))])
        return (answer.elements ?? []).compactMap { entry in
            guard let name = entry["instrument_name"]?.text,
                let mark = entry["mark_price"]?.number?.scaled(by: ExactDecimal.priceDigits),
                mark > 0
            else { return nil }
            return (name, mark)
        }
    }

    private static func table(_ rows: [Row]) -> TerminalTable {
        var table = TerminalTable([
            .words("INSTRUMENT"), .numbers("SIZE"), .numbers("ENTRY", rank: 2),
            .numbers("MARK", rank: 1), .numbers("VALUE", rank: 3), .numbers("PROFIT"),
        ])
        for row in rows {
            let price = ExactDecimal.priceDigits
            table.add([
                TableCell(row.instrument.name),
                TableCell(
                    row.instrument.amount(row.position.quantity.lots),
                    row.size < 0 ? .bad : .good),
                TableCell(FigureText.exact(row.entry, digits: price)),
                TableCell(row.mark.map { FigureText.exact(Int128($0), digits: price) } ?? "–"),
                TableCell(row.worth.map { FigureText.money($0) } ?? "–"),
                row.profit.map(FigureText.profit) ?? TableCell("–"),
            ])
        }
        return table
    }

    private static func json(_ row: Row) -> JSON.Value {
        func number(_ units: Int128?, _ digits: Int) -> JSON.Value {
            units.map { .number(JSON.Number($0, decimals: digits)) } ?? .null
        }
        let price = ExactDecimal.priceDigits
        return .object([
            JSON.Member("instrument_name", .string(row.instrument.name)),
            JSON.Member("size", number(row.size, ExactDecimal.sizeDigits)),
            JSON.Member("average_price", number(row.entry, price)),
            JSON.Member("cost", number(Int128(row.position.cost.units), price)),
            JSON.Member("mark_price", number(row.mark.map { Int128($0) }, price)),
            JSON.Member("value", number(row.worth, price)),
            JSON.Member("profit", number(row.profit, price)),
        ])
    }
}
