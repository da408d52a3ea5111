/// The words of one command, taken one after the other as what they must be.

import Breakers
import Canonical
import Catalogue
import Documents
import FixedPoint
import Ledger

/// Reads words into values.
struct CommandWords {
    let directory: VenueDirectory
    /// The first word, for messages.
    let verb: String
    private var rest: ArraySlice<String>

    init(_ verb: String, _ words: ArraySlice<String>, _ directory: VenueDirectory) {
        self.verb = verb
        rest = words
        self.directory = directory
    }

    var isEmpty: Bool { rest.isEmpty }

    /// The next word; nil at the end.
    mutating func optional() -> String? { rest.popFirst() }

    /// The next word.
    ///
    /// - Throws: `CommandFault` at the end.
    mutating func next(_ name: String) throws(CommandFault) -> String {
        guard let word = rest.popFirst() else {
            throw .usage("\(verb) needs \(name): \(CommandSyntax.synopsis(of: verb))")
        }
        return word
    }

    /// Checks that nothing is left over.
    ///
    /// - Throws: `CommandFault`.
    func finish() throws(CommandFault) {
        guard let word = rest.first else { return }
        throw .usage("'\(word)' is one word too many: \(CommandSyntax.synopsis(of: verb))")
    }

    mutating func number(
        _ name: String, in range: ClosedRange<UInt64>
    ) throws(CommandFault) -> UInt64 {
        try CommandArguments.number(try next(name), named: name, in: range)
    }

    mutating func account() throws(CommandFault) -> AccountIdentifier {
        AccountIdentifier(UInt32(try number("ACCOUNT", in: 0...UInt64(UInt32.max))))
    }

    mutating func seconds(_ name: String) throws(CommandFault) -> Duration {
        // A year is more than any span of the ledger.
        let most: UInt64 = 366 * 86_400
        return Duration(nanoseconds: try number(name, in: 0...most) * TimeText.second)
    }

    /// Money.
    mutating func amount() throws(CommandFault) -> Amount {
        Amount(
            microunits: try ExactDecimal.units(
                try next("AMOUNT"), named: "AMOUNT", digits: ExactDecimal.priceDigits))
    }

    mutating func key() throws(CommandFault) -> SignerKey {
        let text = try next("KEY")
        guard let key = SignerKey(text: text) else {
            throw .usage(
                "'\(text)' is no public key: it is 64 hexadecimal digits, or an Ethereum address "
                    + "of 40 behind 0x ('rampart keys show FILE')")
        }
        return key
    }

    /// An address of 32 bytes, or an Ethereum address with zeros before it.
    mutating func destination() throws(CommandFault) -> Bytes32 {
        let text = try next("DESTINATION")
        let hasPrefix = text.hasPrefix("0x")
        let bytes = HexText.bytes(hasPrefix ? String(text.dropFirst(2)) : text) ?? []
        if bytes.count == Bytes32.byteCount { return Bytes32(bytes) }
        guard hasPrefix, bytes.count == EthereumAddress.byteCount else {
            throw .usage(
                "'\(text)' is no destination: it is 64 hexadecimal digits, or an Ethereum address "
                    + "of 40 behind 0x")
        }
        let zeros = [UInt8](repeating: 0, count: Bytes32.byteCount - bytes.count)
        return Bytes32(zeros + bytes)
    }

    /// The name of an arrival: 64 hexadecimal digits, or a text with zeros behind it.
    mutating func reference() throws(CommandFault) -> Bytes32 {
        let text = try next("REFERENCE")
        if text.utf8.count == 2 * Bytes32.byteCount, let bytes = HexText.bytes(text) {
            return Bytes32(bytes)
        }
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count < Bytes32.byteCount else {
            throw .usage(
                "REFERENCE is 64 hexadecimal digits, or a text of 1 to \(Bytes32.byteCount - 1) "
                    + "bytes, not '\(text)'")
        }
        return Bytes32(bytes + [UInt8](repeating: 0, count: Bytes32.byteCount - bytes.count))
    }

    mutating func compartment() throws(CommandFault) -> CompartmentIdentifier {
        try directory.compartment(optional())
    }

    /// Yes or no.
    mutating func flag(_ name: String) throws(CommandFault) -> Bool {
        switch try next(name) {
        case "yes": return true
        case "no": return false
        case let word: throw .usage("'\(word)' is not yes or no")
        }
    }

    /// How far something is held back.
    mutating func level() throws(CommandFault) -> MarketLevel {
        switch try next("auction, reduce or halt") {
        case "auction": return .auctionOnly
        case "reduce": return .reduceOnly
        case "halt": return .halted
        case let word: throw .usage("'\(word)' is not auction, reduce or halt")
        }
    }

    /// What is held back: a market, all of an underlying, or all of a compartment.
    mutating func scope() throws(CommandFault) -> BreakerScope {
        switch try next("all, underlying or market") {
        case "all": return .compartment(try directory.compartment(try next("COMPARTMENT")))
        case "underlying": return .underlying(try underlying())
        case "market": return .instrument(try instrument().identifier)
        case let word: throw .usage("'\(word)' is not all, underlying or market")
        }
    }

    mutating func underlying() throws(CommandFault) -> UnderlyingIdentifier {
        try directory.underlying(try next("UNDERLYING"))
    }

    mutating func instrument() throws(CommandFault) -> ListedInstrument {
        try directory.instrument(try next("INSTRUMENT"))
    }

    /// Sizes in units of the underlying.
    mutating func lots(
        of instrument: ListedInstrument, _ name: String = "AMOUNT"
    ) throws(CommandFault) -> Quantity {
        Quantity(
            lots: try ExactDecimal.steps(
                try next(name), named: name, digits: ExactDecimal.sizeDigits, of: instrument.lot,
                called: "the lot"))
    }

    mutating func price(
        of instrument: ListedInstrument, _ name: String = "PRICE"
    ) throws(CommandFault) -> Price {
        Price(ticks: try CommandWords.ticks(try next(name), named: name, of: instrument))
    }

    static func ticks(
        _ text: String, named name: String, of instrument: ListedInstrument
    ) throws(CommandFault) -> Int64 {
        try ExactDecimal.steps(
            text, named: name, digits: ExactDecimal.priceDigits, of: instrument.tick,
            called: "the tick")
    }

    mutating func label() throws(CommandFault) -> Label {
        let text = try next("LABEL")
        return try CommandWords.label(text)
    }

    static func label(_ text: String) throws(CommandFault) -> Label {
        guard let label = Label(Array(text.utf8)), !label.isEmpty else {
            throw .usage(
                "LABEL is 1 to \(Label.byteLimit) printable ASCII characters, not '\(text)'")
        }
        return label
    }

    /// A day, at whose 08:00 UTC everything expires.
    mutating func expiry() throws(CommandFault) -> Timestamp {
        let text = try next("DATE")
        let bytes = Array((text + "T08:00:00Z").utf8)
        guard text.utf8.count == "2026-12-25".utf8.count,
            let time = TimeText.nanoseconds(bytes, 0..<bytes.count)
        else { throw .usage("DATE is '\(text)', not a day such as 2026-12-25") }
        return Timestamp(nanoseconds: time)
    }
}
