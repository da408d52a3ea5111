/// What instruments are called on the API. The venue is linear: everything is quoted and settled in
/// the asset of its compartment, so names are those of Deribit's linear contracts:
/// `BTC_USDC-PERPETUAL`, `BTC_USDC-27MAR26`, `BTC_USDC-27MAR26-100000-C`, and `BTC_USDC` for spot.
///
/// 1. Every instrument that was ever listed has one name, and every name one instrument.
/// 2. A name never changes: where two instruments would have one, such as perpetuals of the same
///    underlying in two compartments, the first keeps it and the other goes by its own symbol.

package import Canonical
package import Catalogue
import FixedPoint

/// The four kinds in the API's words.
package enum APIKind: String, CaseIterable, Sendable {
    case future
    case option
    case spot

    package init(_ kind: InstrumentKind) {
        switch kind {
        case .perpetual, .future: self = .future
        case .option: self = .option
        case .spot: self = .spot
        }
    }
}

/// Both ways between instruments and names.
package struct InstrumentNames: Sendable {
    /// By instrument.
    package private(set) var names: [String] = []
    private var instruments: [String: InstrumentIdentifier] = [:]
    /// By underlying: `BTC`.
    package let bases: [String]
    /// By underlying: `btc_usd`.
    package let indexes: [String]
    /// By compartment: `USDC`.
    package let assets: [String]

    init(_ catalogue: Catalogue) {
        bases = catalogue.underlyings.map { $0.symbol.text }
        indexes = catalogue.underlyings.map {
            $0.symbol.text.lowercased() + "_" + $0.quoteCurrency.text.lowercased()
        }
        assets = catalogue.compartments.map { $0.asset.text }
        for instrument in catalogue.instruments { add(instrument) }
    }

    /// Takes note of the next instrument.
    mutating func add(_ instrument: Instrument) {
        let identifier = InstrumentIdentifier(UInt16(names.count))
        let symbol = instrument.symbol.text
        var name = plainName(of: instrument)
        if instruments[name] != nil { name = symbol }
        // A symbol may look like another's name.
        if instruments[name] != nil { name = symbol + "~" + String(identifier.number) }
        names.append(name)
        instruments[name] = identifier
    }

    /// The name of an instrument of the catalogue.
    package subscript(identifier: InstrumentIdentifier) -> String {
        names[Int(identifier.number)]
    }

    /// The instrument of a name, live or retired.
    package func instrument(_ name: String) -> InstrumentIdentifier? { instruments[name] }

    /// The underlying of an index name.
    package func underlying(ofIndex name: String) -> UnderlyingIdentifier? {
        indexes.firstIndex(of: name).map { UnderlyingIdentifier(UInt16($0)) }
    }

    /// The asset that an instrument is quoted and settled in.
    package func asset(of instrument: Instrument) -> String {
        assets[Int(instrument.compartment.number)]
    }

    /// The underlying's own name.
    package func base(of instrument: Instrument) -> String {
        bases[Int(instrument.underlying.number)]
    }

    /// Whether a currency stands for an instrument: as what it settles in, or as what it follows.
    package func matches(_ currency: String, _ instrument: Instrument) -> Bool {
        currency == "any" || currency == asset(of: instrument) || currency == base(of: instrument)
    }

    /// Whether there is a currency of this name.
    package func isCurrency(_ name: String) -> Bool {
        assets.contains(name) || bases.contains(name)
    }

    private func plainName(of instrument: Instrument) -> String {
        let pair = base(of: instrument) + "_" + asset(of: instrument)
        switch instrument.kind {
        case .spot: return pair
        case .perpetual: return pair + "-PERPETUAL"
        case .future, .option:
            // A dated contract's symbol is the underlying's name and what tells it from others.
            let symbol = instrument.symbol.text
            guard symbol.hasPrefix(base(of: instrument) + "-") else { return symbol }
            return pair + symbol.dropFirst(base(of: instrument).count)
        }
    }
}

extension Symbol {
    /// The symbol as text.
    package var text: String { String(decoding: characters, as: UTF8.self) }
}
