/// The few instruments that an account has to do with as a catalogue of their own, so that checking
/// costs what the account holds and not what the venue lists. A call is listed with its put: the
/// half of a pair that the account has nothing of is made up, and has no price.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger

struct InstrumentNumbering {
    struct Entry {
        /// As the venue numbers it.
        let identifier: InstrumentIdentifier
        /// As it is numbered here.
        let own: InstrumentIdentifier
        let instrument: Instrument
    }

    /// Ascending by both numbers.
    private(set) var entries: [Entry] = []
    let catalogue: Catalogue

    /// - Parameter identifiers: ascending, each once.
    /// - Throws: `leafMissing`, `beyondBounds`.
    init(
        of identifiers: [InstrumentIdentifier], _ state: CertifiedState, _ genesis: Genesis
    ) throws(CertificateFault) {
        var listed: [Instrument] = []
        for identifier in identifiers {
            let instrument = try InstrumentNumbering.definition(of: identifier, state, genesis)
            var own = listed.count
            if instrument.kind.series?.right == .put {
                let isPaired =
                    entries.last.map {
                        Int($0.identifier.number) + 1 == Int(identifier.number)
                            && $0.instrument.kind.series?.right == .call
                    } ?? false
                if isPaired {
                    own = listed.count - 1
                    listed[own] = instrument
                } else {
                    listed.append(instrument.other(at: own))
                    listed.append(instrument)
                    own += 1
                }
            } else {
                listed.append(instrument)
                if instrument.kind.series != nil { listed.append(instrument.other(at: own + 1)) }
            }
            entries.append(
                Entry(
                    identifier: identifier, own: InstrumentIdentifier(UInt16(own)),
                    instrument: instrument))
        }
        // A catalogue has at least one instrument.
        if listed.isEmpty { listed = InstrumentNumbering.first(of: genesis) }
        do throws(CatalogueFault) {
            catalogue = try Catalogue(
                compartments: genesis.catalogue.compartments,
                underlyings: genesis.catalogue.underlyings, instruments: listed,
                feeTiers: genesis.catalogue.feeTiers)
        } catch {
            throw .beyondBounds
        }
    }

    private static func first(of genesis: Genesis) -> [Instrument] {
        let instruments = genesis.catalogue.instruments
        return Array(instruments.prefix(instruments.first?.kind.series == nil ? 1 : 2))
    }

    /// What an instrument is: by genesis where it has no expiry, else by its leaf.
    private static func definition(
        of identifier: InstrumentIdentifier, _ state: CertifiedState, _ genesis: Genesis
    ) throws(CertificateFault) -> Instrument {
        if let known = genesis.catalogue.instrument(identifier), known.expiry == nil {
            return known
        }
        guard let leaf = state.instrument(identifier) else {
            throw .leafMissing(key: LeafKey.instrument(identifier).canonicalBytes)
        }
        return leaf.instrument
    }

    /// The own number of an instrument that is there.
    func own(_ identifier: InstrumentIdentifier) -> InstrumentIdentifier {
        entry(identifier)?.own ?? InstrumentIdentifier(0)
    }

    func entry(_ identifier: InstrumentIdentifier) -> Entry? {
        entries.first { $0.identifier == identifier }
    }
}

extension Instrument {
    /// The option that it is listed with.
    fileprivate func other(at place: Int) -> Instrument {
        guard let series = kind.series else { return self }
        let name = Symbol(Array("PAIR-\(place)".utf8)) ?? symbol
        return Instrument(
            symbol: name, underlying: underlying, compartment: compartment, tickSize: tickSize,
            lotSize: lotSize, maximumPrice: maximumPrice,
            maximumOrderQuantity: maximumOrderQuantity, positionLimit: positionLimit,
            openInterestLimit: openInterestLimit, priceBand: priceBand,
            kind: .option(
                OptionSeries(
                    expiry: series.expiry, strike: series.strike,
                    right: series.right == .call ? .put : .call)))
    }
}

extension Account {
    /// Whether its figures are such as the bounds of the catalogue lead to, so that no arithmetic
    /// overflows.
    func isWithinBounds(_ numbering: InstrumentNumbering) -> Bool {
        let most = Bounds.valuationNotional
        guard cash.units.magnitude <= most.magnitude else { return false }
        return positions.allSatisfy { position in
            guard let entry = numbering.entry(position.instrument) else { return false }
            // An order may meet the limit from the other side before it is judged again.
            return position.quantity.magnitude.units / 2 <= entry.instrument.positionLimit.units
                && position.cost.units.magnitude <= most.magnitude
                && position.isPaid == entry.instrument.isPaidAtFill
        }
    }
}
