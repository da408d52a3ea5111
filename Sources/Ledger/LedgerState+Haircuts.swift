/// Haircuts of collateral that follow its depth and its peg (`Economics`; docs/protection.md). What
/// is added to an asset's haircut here is on top of what its margin rules say, and touches no
/// margin of positions; the price of the quote asset goes to the peg charge of those rules.

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Oracle
import Risk

/// What is kept of the collateral of a chain; nothing where genesis has no rules for it.
struct CollateralState {
    let rules: HaircutParameters?
    /// By instrument of genesis: of spot alone.
    var haircuts: [CollateralHaircut?]
    /// Of the quote asset, where it has a feed.
    var peg: QuotePeg?

    init(genesis: Genesis) {
        rules = genesis.haircutRules
        let hasRules = rules != nil
        haircuts = genesis.catalogue.instruments.map { instrument in
            hasRules && instrument.kind == .spot ? CollateralHaircut(start: genesis.time) : nil
        }
        if rules?.quotePeg != nil { peg = QuotePeg(start: genesis.time) }
    }
}

extension Genesis {
    /// How haircuts respond; nil where they are fixed.
    var haircutRules: HaircutParameters? {
        safeguards.isOn(.haircutResponse) ? safeguards.haircuts : nil
    }

    /// The leaves of collateral: one for each spot instrument, and one for the quote asset.
    var collateralKeys: [LeafKey] {
        guard let rules = haircutRules else { return [] }
        var keys: [LeafKey] = []
        for (place, instrument) in catalogue.instruments.enumerated()
        where instrument.kind == .spot {
            keys.append(.haircut(InstrumentIdentifier(UInt16(place))))
        }
        if rules.quotePeg != nil { keys.append(.quotePeg) }
        return keys
    }
}

extension LedgerState {
    /// Moves the haircuts and the price of the quote asset, if it is time to and there is a price
    /// good enough for margin. Only when pricing time has advanced, since everything that has a
    /// price is valued again then.
    mutating func followHaircuts() {
        guard let rules = collateral.rules else { return }
        for place in collateral.haircuts.indices {
            guard var haircut = collateral.haircuts[place], haircut.isDue(at: facts.time) else {
                continue
            }
            let instrument = catalogue.instruments[place]
            let feed = feeds[Int(instrument.underlying.number)]
            guard prices[place].isPriced, feed.isValid(for: .margin, at: facts.time) else {
                continue
            }
            let target = haircutTarget(place, instrument, rules)
            if haircut.follow(target, now: facts.time, rules) {
                emit(
                    .haircutMoved(
                        InstrumentIdentifier(UInt16(place)), initial: haircut.initial,
                        maintenance: haircut.maintenance))
            }
            collateral.haircuts[place] = haircut
        }
        followPeg(rules)
    }

    private mutating func followPeg(_ rules: HaircutParameters) {
        guard let underlying = rules.quotePeg, var peg = collateral.peg,
            peg.isDue(at: facts.time)
        else { return }
        let feed = feeds[Int(underlying.number)]
        guard feed.isPriced, feed.isValid(for: .margin, at: facts.time) else { return }
        if peg.follow(LedgerState.par(feed.index), now: facts.time, rules) {
            emit(.quotePegMoved(peg.price))
        }
        collateral.peg = peg
    }

    /// What the holdings of an asset ask for now.
    private mutating func haircutTarget(
        _ place: Int, _ instrument: Instrument, _ rules: HaircutParameters
    ) -> HaircutTarget {
        let underlying = Int(instrument.underlying.number)
        let lotValue = proven { () throws(ArithmeticFault) in
            try instrument.lotValue(at: prices[place].mark, fractionBits: 0)
        }
        let held = Int128(lotValue) * Int128(accounts.totals[place].holdings.units)
        let present = cheapestMajorityDepth(of: instrument.underlying).below
        let isPegged = rules.pegged.contains(instrument.underlying)
        return HaircutTarget(
            held: Amount(microunits: Int64(clamping: held)),
            lasting: economics.isEmpty ? nil : economics[underlying].depth.percentile,
            present: present.isPositive ? present : nil,
            price: isPegged ? LedgerState.par(feeds[underlying].index) : nil, rules)
    }

    /// An index in units of a par of one, at most one.
    private static func par(_ index: IndexPrice) -> Ratio {
        proven { () throws(ArithmeticFault) in
            try Ratio(min(index, .par), of: .par, rounding: .down)
        }
    }

    /// What is particular about a holding; nil takes what the margin rules say.
    func holdingTerms(_ place: Int, _ instrument: Instrument) -> HoldingTerms? {
        guard place < collateral.haircuts.count, let added = collateral.haircuts[place] else {
            return nil
        }
        let rules = risk.parameters[Int(instrument.underlying.number)]
        return HoldingTerms(
            initialHaircut: min(.one, rules.initial.charges.haircut + added.initial),
            maintenanceHaircut: min(.one, rules.maintenance.charges.haircut + added.maintenance))
    }
}

extension IndexPrice {
    /// One unit of the currency of indices.
    fileprivate static var par: IndexPrice { IndexPrice(micros: 1_000_000) }
}
