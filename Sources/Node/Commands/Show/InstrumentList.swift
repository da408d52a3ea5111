/// The instruments of a venue as its node lists them: the numbers of leaves become names, and lots
/// and ticks become amounts and prices.

import Accounts
import Canonical
import JSON

/// An instrument as people know it.
struct NamedInstrument: Equatable {
    let name: String
    /// One lot in 10⁻⁹ of the underlying.
    let lot: Int64
    /// One tick in 10⁻⁶ of the quote asset.
    let tick: Int64

    /// Lots as an amount of the underlying.
    func amount(_ lots: Int64) -> String {
        FigureText.exact(Int128(lots) * Int128(lot), digits: ExactDecimal.sizeDigits)
    }

    func price(_ ticks: Int64) -> String {
        FigureText.exact(Int128(ticks) * Int128(tick), digits: ExactDecimal.priceDigits)
    }
}

/// All instruments that live or have lived, by their numbers.
struct InstrumentList {
    private var instruments: [UInt16: NamedInstrument] = [:]

    private static let method = "public/get_instruments"

    /// - Parameter expired: whether to ask for those that have expired too.
    /// - Throws: `CommandFault` where the node does not say.
    init(_ node: RemoteNode, expired: Bool = false) throws(CommandFault) {
        for isExpired in expired ? [false, true] : [false] {
            let answer = try node.result(
                InstrumentList.method, [JSON.Member("expired", .boolean(isExpired))])
            for entry in answer.elements ?? [] {
                guard let place = entry["instrument_id"]?.number?.integer,
                    let number = UInt16(exactly: place), let name = entry["instrument_name"]?.text
                else { throw RemoteNode.strange(InstrumentList.method, lacking: "instrument_id") }
                instruments[number] = NamedInstrument(
                    name: name.printable,
                    lot: try FigureText.units(
                        entry, "contract_size", digits: ExactDecimal.sizeDigits,
                        of: InstrumentList.method),
                    tick: try FigureText.units(entry, "tick_size", of: InstrumentList.method))
            }
        }
    }

    /// The instrument of a number; one that the node does not list goes by its number.
    subscript(identifier: InstrumentIdentifier) -> NamedInstrument {
        instruments[identifier.number]
            ?? NamedInstrument(
                name: "instrument \(identifier.number)", lot: 1_000_000_000, tick: 1_000_000)
    }
}
