/// The leaves of a certificate, read: what the chain says of the block, and of every underlying and
/// instrument that the account has to do with.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

/// An instrument's leaf.
struct InstrumentLeaf {
    let instrument: Instrument
    let phase: MarketPhase
    let prices: InstrumentPrices
    let totals: InstrumentTotals
}

/// What the leaves say, each at most once.
struct CertifiedState {
    private(set) var facts: ChainFacts
    private var statements: [(of: UnderlyingIdentifier, value: PriceStatement)] = []
    private var instruments: [(of: InstrumentIdentifier, value: InstrumentLeaf)] = []
    private var surfaces: [(of: UnderlyingIdentifier, value: SurfaceFeed)] = []
    private var funds: [(of: CompartmentIdentifier, value: CompartmentFunds)] = []

    /// - Throws: `leafMalformed`, `leafUnexpected` for a leaf of another kind, or `leafMissing` of
    ///   the chain's facts.
    init(_ bundle: LeafBundle, genesis: Genesis) throws(CertificateFault) {
        let chain = LeafKey.chain.canonicalBytes
        guard let entry = bundle.entries.first(where: { $0.key == chain }) else {
            throw .leafMissing(key: chain)
        }
        do throws(DecodingFault) {
            facts = try ChainFacts(canonicalBytes: entry.value)
        } catch {
            throw .leafMalformed(key: chain)
        }
        for entry in bundle.entries where entry.key != chain {
            var isKnown = true
            do throws(DecodingFault) {
                let key = try LeafKey(canonicalBytes: entry.key)
                var decoder = CanonicalDecoder(entry.value)
                isKnown = try take(key, from: &decoder, genesis)
                if isKnown { try decoder.finish() }
            } catch {
                throw .leafMalformed(key: entry.key)
            }
            guard isKnown else { throw .leafUnexpected(key: entry.key) }
        }
    }

    /// Reads a leaf.
    ///
    /// - Returns: false where no certificate needs such a leaf.
    private mutating func take(
        _ key: LeafKey, from decoder: inout CanonicalDecoder, _ genesis: Genesis
    ) throws(DecodingFault) -> Bool {
        switch key {
        case .price(let underlying):
            guard Int(underlying.number) < genesis.margins.count else { return false }
            statements.append((underlying, try decoder.value()))
        case .instrument(let identifier):
            instruments.append((identifier, try CertifiedState.instrument(&decoder, genesis)))
        case .curve(let underlying, let expiry):
            let place = Int(underlying.number)
            guard place < genesis.oracles.count else { return false }
            var surface =
                self.surface(of: underlying)
                ?? SurfaceFeed(
                    parameters: genesis.oracles[place].surface,
                    publishers: genesis.publishers.count, off: genesis.safeguards.off)
            try surface.restore(expiry, from: &decoder)
            surfaces.removeAll { $0.of == underlying }
            surfaces.append((underlying, surface))
        case .compartment(let home):
            guard genesis.catalogue.compartment(home) != nil else { return false }
            funds.append((home, try decoder.value()))
        default: return false
        }
        return true
    }

    private static func instrument(
        _ decoder: inout CanonicalDecoder, _ genesis: Genesis
    ) throws(DecodingFault) -> InstrumentLeaf {
        let instrument: Instrument = try decoder.value()
        guard instrument.expiry != nil,
            Int(instrument.underlying.number) < genesis.oracles.count
        else { throw DecodingFault(.outOfRange, at: 0) }
        let phase: MarketPhase = try decoder.value()
        var prices = genesis.modelPrices(of: instrument)
        try prices.decodeState(from: &decoder)
        return InstrumentLeaf(
            instrument: instrument, phase: phase, prices: prices, totals: try decoder.value())
    }

    /// What margin was told of an underlying.
    func statement(of underlying: UnderlyingIdentifier) -> PriceStatement? {
        statements.first { $0.of == underlying }?.value
    }

    /// The leaf of a dated instrument.
    func instrument(_ identifier: InstrumentIdentifier) -> InstrumentLeaf? {
        instruments.first { $0.of == identifier }?.value
    }

    /// The curves that the certificate holds of an underlying.
    func surface(of underlying: UnderlyingIdentifier) -> SurfaceFeed? {
        surfaces.first { $0.of == underlying }?.value
    }

    /// The insurance fund of a compartment.
    func funds(of home: CompartmentIdentifier) -> CompartmentFunds? {
        funds.first { $0.of == home }?.value
    }

    /// The underlying whose prices were stated for another time; nil where there is none.
    var staleUnderlying: UnderlyingIdentifier? {
        statements.first { $0.value.time != facts.pricingTime }?.of
    }

    /// Whether prices are such as a venue of this genesis can have.
    func isWithinBounds(of genesis: Genesis) -> Bool {
        statements.allSatisfy { entry in
            let highest = genesis.catalogue.underlyings[Int(entry.of.number)].maximumIndexPrice
            let stated = entry.value
            return (IndexPrice.zero...highest).contains(stated.index)
                && (IndexPrice.zero...highest).contains(stated.stable)
                && stated.index.isPositive == stated.stable.isPositive
                && stated.peg.isPositive && stated.peg.units <= 8 * Ratio.one.units
                && stated.strikes.allSatisfy { (IndexPrice.zero...highest).contains($0) }
                // The premium of a perpetual is far below the price itself.
                && stated.quotes.allSatisfy {
                    (IndexPrice.zero...(highest + highest)).contains($0.mark)
                        && ($0.holding?.isWithinBounds ?? true)
                }
        }
            && instruments.allSatisfy {
                (IndexPrice.zero...$0.value.instrument.highestPrice)
                    .contains($0.value.prices.mark)
            }
    }
}

extension HoldingTerms {
    /// Whether its haircuts are shares.
    fileprivate var isWithinBounds: Bool {
        [initialHaircut, maintenanceHaircut].allSatisfy { !$0.isNegative && $0 <= .one }
    }
}
