/// What the words of a command mean on one chain: its identifier, its instruments and their grids,
/// its compartments. Told by a genesis file, by a node, or by both; a machine that is never online
/// signs with the file alone.

import Documents
import Canonical
import Catalogue
import Documents
import FixedPoint
import JSON
import Ledger

/// An instrument's number and grid.
struct ListedInstrument: Equatable {
    let identifier: InstrumentIdentifier
    /// One tick, in 10⁻⁶ of the quote currency.
    let tick: Int64
    /// One lot, in 10⁻⁹ of the underlying.
    let lot: Int64
}

/// Looks names up.
struct VenueDirectory {
    /// Of `--genesis`.
    let genesis: Genesis?
    let node: RemoteNode

    /// The chain's identifier.
    ///
    /// - Throws: `CommandFault` where the node does not say.
    func chain() throws(CommandFault) -> Digest {
        if let genesis { return genesis.chain }
        let answer = try node.result("public/get_chain", [])
        guard let text = answer["chain_id"]?.text, let bytes = HexText.bytes(text),
            bytes.count == Bytes32.byteCount
        else { throw strange("public/get_chain") }
        return Digest(Bytes32(bytes))
    }

    /// The next nonce of a signer. The venue's own signers count by the clock: the node is asked
    /// for accounts only.
    ///
    /// - Parameter now: nanoseconds since 1970, which lie above every counter.
    /// - Throws: `CommandFault` where the account is unknown.
    func nonce(of signer: Signer, now: UInt64) throws(CommandFault) -> UInt64 {
        guard let account = signer.account else { return now }
        var parameters = [JSON.Member("account", number(account.number))]
        if case .agent(_, let slot) = signer {
            parameters.append(JSON.Member("slot", number(slot)))
        }
        let answer = try node.result("public/get_nonce", parameters)
        guard let text = answer["next_nonce"]?.number?.text, let nonce = UInt64(text) else {
            throw strange("public/get_nonce")
        }
        return nonce
    }

    /// The instrument of a name: as the API gives it, or its symbol in the genesis.
    ///
    /// - Throws: `CommandFault` where there is none.
    func instrument(_ name: String) throws(CommandFault) -> ListedInstrument {
        if let instruments = genesis?.catalogue.instruments,
            let place = instruments.firstIndex(where: { $0.symbol.characters == Array(name.utf8) })
        {
            return ListedInstrument(
                identifier: InstrumentIdentifier(UInt16(place)),
                tick: instruments[place].tickSize.units, lot: instruments[place].lotSize)
        }
        let answer = try node.result(
            "public/get_instrument", [JSON.Member("instrument_name", .string(name))])
        guard let place = answer["instrument_id"]?.number?.integer,
            let identifier = UInt16(exactly: place),
            let tick = answer["tick_size"]?.number?.scaled(by: ExactDecimal.priceDigits),
            let lot = answer["contract_size"]?.number?.scaled(by: ExactDecimal.sizeDigits),
            tick > 0, lot > 0
        else { throw strange("public/get_instrument") }
        return ListedInstrument(
            identifier: InstrumentIdentifier(identifier), tick: tick, lot: lot)
    }

    /// The compartment of a symbol or a number; the first where no text is given.
    ///
    /// - Throws: `CommandFault` where there is none.
    func compartment(_ text: String?) throws(CommandFault) -> CompartmentIdentifier {
        guard let text else { return CompartmentIdentifier(0) }
        let place = try place(
            of: text, named: "compartment", among: genesis?.catalogue.compartments.map(\.symbol))
        return CompartmentIdentifier(place)
    }

    /// The underlying of a symbol or a number.
    ///
    /// - Throws: `CommandFault` where there is none.
    func underlying(_ text: String) throws(CommandFault) -> UnderlyingIdentifier {
        UnderlyingIdentifier(
            try place(
                of: text, named: "underlying", among: genesis?.catalogue.underlyings.map(\.symbol)))
    }

    private func place(
        of text: String, named kind: String, among symbols: [Symbol]?
    ) throws(CommandFault) -> UInt16 {
        if let place = symbols?.firstIndex(where: { $0.characters == Array(text.utf8) }) {
            return UInt16(place)
        }
        if text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let place = UInt16(text), symbols.map({ Int(place) < $0.count }) ?? true
        {
            return place
        }
        guard let symbols else {
            throw .usage(
                "'\(text)' is no number; name the genesis with --genesis to write \(kind)s by name")
        }
        throw .usage(
            "the genesis has no \(kind) '\(text)'"
                + NearestWord.hint(symbols.map(\.text), for: text))
    }

    private func number<Number: BinaryInteger>(_ value: Number) -> JSON.Value {
        .number(JSON.Number(Int64(clamping: value)))
    }

    private func strange(_ method: String) -> CommandFault {
        CommandFault(
            "the node's answer to \(method) cannot be understood; are both of the same version?",
            exit: ExitCode.protocolFault)
    }
}
