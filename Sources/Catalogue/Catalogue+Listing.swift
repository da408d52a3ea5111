/// Listing and retiring while the venue runs. Identifiers are given in the order of listing and
/// never again; what is retired keeps its place, and counts neither among the live nor in the sums
/// behind the overflow proof.

public import Canonical
import FixedPoint

extension Catalogue {
    /// Whether a dated contract is live in a compartment.
    public func lists(
        _ contract: DatedContract, on underlying: UnderlyingIdentifier,
        in compartment: CompartmentIdentifier
    ) -> Bool {
        let kinds = contract.kinds
        return live.contains { identifier in
            let other = instruments[Int(identifier.number)]
            return other.underlying == underlying && other.compartment == compartment
                && kinds.contains(other.kind)
        }
    }

    /// What of some contracts is not live in any compartment, in their order.
    ///
    /// - Parameter wanted: ascending by expiry and strike.
    public func missing(
        _ wanted: [DatedContract], on underlying: UnderlyingIdentifier
    ) -> [DatedContract] {
        var there: [DatedContract] = []
        for identifier in live where instruments[Int(identifier.number)].underlying == underlying {
            switch instruments[Int(identifier.number)].kind {
            case .future(let expiry): there.append(.future(expiry: expiry))
            case .option(let series) where series.right == .call:
                there.append(.pair(expiry: series.expiry, strike: series.strike))
            default: break
            }
        }
        there.sort(by: DatedContract.precedes)
        var missing: [DatedContract] = []
        var place = 0
        for contract in wanted {
            while place < there.count, DatedContract.precedes(there[place], contract) { place += 1 }
            if place == there.count || there[place] != contract { missing.append(contract) }
        }
        return missing
    }

    /// Lists one instrument, or a call and its put.
    ///
    /// - Throws: `CatalogueFault` for the first rule that is broken; nothing is listed then.
    public mutating func list(_ new: [Instrument]) throws(CatalogueFault) {
        let first = instruments.count
        guard live.count + new.count <= Bounds.instruments else {
            throw CatalogueFault(.instruments, first, .count, .outOfRange)
        }
        guard first + new.count <= Bounds.identifiers else {
            throw CatalogueFault(.instruments, first, .count, .exhausted)
        }
        var sums = sums
        for (offset, entry) in new.enumerated() {
            for identifier in live
            where instruments[Int(identifier.number)].symbol == entry.symbol {
                throw CatalogueFault(.instruments, first + offset, .symbol, .duplicate)
            }
            try validate(entry, at: first + offset)
            try add(entry, at: first + offset, to: &sums)
        }
        // From here it must succeed.
        self.sums = sums
        for entry in new { append(entry) }
    }

    /// Puts back an instrument that was listed before: for restoring from leaves, in the order of
    /// identifiers.
    ///
    /// - Throws: `CatalogueFault` where it could never have been listed.
    public mutating func restore(_ instrument: Instrument) throws(CatalogueFault) {
        let place = instruments.count
        guard place < Bounds.identifiers else {
            throw CatalogueFault(.instruments, place, .count, .exhausted)
        }
        try validate(instrument, at: place)
        // What has been retired since may have made room for what came later: those that are live
        // are summed up when all have been read (`Catalogue.keep`).
        append(instrument)
    }

    /// Keeps only some instruments live, after all have been put back.
    ///
    /// - Throws: `CatalogueFault` where these together break the overflow proof.
    public mutating func keep(
        live isLive: (InstrumentIdentifier) -> Bool
    ) throws(CatalogueFault) {
        live = instruments.indices.lazy.map { InstrumentIdentifier(UInt16($0)) }.filter(isLive)
        sums = NotionalSums(underlyings: underlyings.count)
        for identifier in live {
            try add(instruments[Int(identifier.number)], at: Int(identifier.number), to: &sums)
        }
        for place in underlyings.indices {
            refreshExpiries(of: UnderlyingIdentifier(UInt16(place)))
        }
    }

    /// Ends the life of an instrument.
    ///
    /// - Precondition: it is live.
    public mutating func retire(_ identifier: InstrumentIdentifier) {
        let entry = instruments[Int(identifier.number)]
        live.removeAll { $0 == identifier }
        sums.remove(entry)
        refreshExpiries(of: entry.underlying)
    }

    private mutating func append(_ entry: Instrument) {
        live.append(InstrumentIdentifier(UInt16(instruments.count)))
        instruments.append(entry)
        if let expiry = entry.expiry { note(expiry, of: entry.underlying) }
    }

    private mutating func note(_ expiry: Timestamp, of underlying: UnderlyingIdentifier) {
        let place = Int(underlying.number)
        var slot = expiries[place].count
        while slot > 0, expiries[place][slot - 1] >= expiry { slot -= 1 }
        guard slot == expiries[place].count || expiries[place][slot] != expiry else { return }
        expiries[place].insert(expiry, at: slot)
    }

    /// Makes the list of an underlying's expiries again.
    mutating func refreshExpiries(of underlying: UnderlyingIdentifier) {
        expiries[Int(underlying.number)].removeAll()
        for identifier in live {
            let entry = instruments[Int(identifier.number)]
            guard entry.underlying == underlying, let expiry = entry.expiry else { continue }
            note(expiry, of: underlying)
        }
    }
}
