/// The end of dated instruments. At the expiry the book is closed; at the averaged index every
/// position is settled; then the instrument is retired.
///
///     live ──expireInstruments──▶ expired ──settleDue──▶ settled
///                                    │  ▲
///                                    └──┘ advanceAverages: postponed while too little is covered
///
/// What a lot is worth is rounded down to a whole micro-unit, once for all: for an option and for a
/// future's long side against the holder, by less than a micro-unit a lot. So what longs receive is
/// exactly what shorts pay.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

/// An expiry whose settlement price is known.
struct DueSettlement {
    let underlying: UnderlyingIdentifier
    let expiry: Timestamp
    let price: IndexPrice
}

extension LedgerState {
    /// Closes the books of the instruments whose expiry has come.
    mutating func expireInstruments() {
        for place in catalogue.expiries.indices {
            guard let first = catalogue.expiries[place].first, first <= facts.time else { continue }
            let underlying = UnderlyingIdentifier(UInt16(place))
            for identifier in catalogue.live {
                let instrument = catalogue.instruments[Int(identifier.number)]
                guard instrument.underlying == underlying, let expiry = instrument.expiry,
                    expiry <= facts.time, !phases[Int(identifier.number)].isOver
                else { continue }
                expire(identifier)
            }
        }
    }

    private mutating func expire(_ identifier: InstrumentIdentifier) {
        while let slot = books.first(in: identifier) {
            closeOrder(slot, reason: .instrumentExpired)
        }
        books.closeBook(identifier)
        phases[Int(identifier.number)] = .expired
        marketBounds[Int(identifier.number)] = MarketBounds()
        breakers.retire(identifier, catalogue.instruments[Int(identifier.number)])
        closings.retire(Int(identifier.number))
        touchInstrument(identifier)
        emit(.instrumentExpired(identifier))
    }

    /// Counts the time since the last block in the averages whose window has begun, at the index as
    /// it stood before this block's observations.
    mutating func advanceAverages(since last: Timestamp) {
        due.removeAll(keepingCapacity: true)
        for place in feeds.indices where !catalogue.expiries[place].isEmpty {
            beginAverages(of: place, since: last)
            let feed = feeds[place]
            let counts =
                feed.isValid(for: .settle, at: last)
                || !genesis.safeguards.isOn(.settlementCoverage)
            let price = counts ? feed.index : .zero
            for slot in settlements[place].indices {
                let outcome = settlements[place][slot].advance(
                    to: facts.time, price: price, observed: feed.indexTime)
                let expiry = settlements[place][slot].expiry
                let underlying = UnderlyingIdentifier(UInt16(place))
                switch outcome {
                case .running: break
                case .postponed(let coverage):
                    emit(.settlementPostponed(underlying, expiry: expiry, coverage: coverage))
                case .settled(let price):
                    due.append(
                        DueSettlement(underlying: underlying, expiry: expiry, price: price))
                }
            }
            for entry in due where Int(entry.underlying.number) == place {
                settlements[place].removeAll { $0.expiry == entry.expiry }
            }
        }
    }

    /// Begins the averages of the expiries whose window has begun.
    private mutating func beginAverages(of place: Int, since last: Timestamp) {
        let parameters = genesis.settlement(of: UnderlyingIdentifier(UInt16(place)))
        for expiry in catalogue.expiries[place] {
            guard SettlementAverage.start(of: expiry, parameters) <= facts.time else { break }
            guard !settlements[place].contains(where: { $0.expiry == expiry }) else { continue }
            let average = SettlementAverage(parameters: parameters, expiry: expiry, from: last)
            // Expiries are ascending, so an average that begins later belongs behind.
            settlements[place].append(average)
        }
    }

    /// Settles the positions of the expiries whose price is known, and retires their instruments.
    ///
    /// - Returns: the accounts that had positions in them, ascending.
    mutating func settleDue() -> [AccountIdentifier] {
        guard !due.isEmpty else { return [] }
        var payouts = [Amount?](repeating: nil, count: catalogue.instruments.count)
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard let entry = due.first(where: { $0.settles(instrument) }) else { continue }
            let payout = lotPayout(of: instrument, at: entry.price)
            payouts[place] = payout
            phases[place] = .settled(at: entry.price)
            emit(.instrumentSettled(identifier, price: entry.price, lotPayout: payout))
        }
        let holders = settlePositions(payouts)
        for place in payouts.indices where payouts[place] != nil {
            retire(InstrumentIdentifier(UInt16(place)))
        }
        due.removeAll(keepingCapacity: true)
        return holders
    }

    /// What one lot is worth at a settlement price, rounded down.
    mutating func lotPayout(of instrument: Instrument, at price: IndexPrice) -> Amount {
        let value = instrument.kind.series?.intrinsicValue(at: price) ?? price
        return proven { () throws(ArithmeticFault) in
            Amount(microunits: try instrument.lotValue(at: value, fractionBits: 0))
        }
    }

    /// Settles every position of some instruments, account by account.
    ///
    /// - Parameter payouts: by instrument; nil where it is not settled.
    private mutating func settlePositions(_ payouts: [Amount?]) -> [AccountIdentifier] {
        var holders: [AccountIdentifier] = []
        for place in 0..<accounts.accounts.count {
            let identifier = AccountIdentifier(UInt32(place))
            let ending = accounts[identifier].positions.filter {
                payouts[Int($0.instrument.number)] != nil
            }
            for position in ending {
                guard let payout = payouts[Int(position.instrument.number)] else { continue }
                settle(position, of: identifier, lotPayout: payout)
            }
            if !ending.isEmpty { holders.append(identifier) }
        }
        return holders
    }

    private mutating func settle(
        _ position: Position, of account: AccountIdentifier, lotPayout: Amount
    ) {
        let place = Int(position.instrument.number)
        let instrument = catalogue.instruments[place]
        guard case .settled(let price) = phases[place] else { return }
        let lots = position.quantity
        let profit = accounts.trade(
            account, instrument: position.instrument, lots: -lots, lotNotional: lotPayout,
            hour: hour)
        if isMargined { risk.changePosition(of: account, in: position.instrument, by: -lots) }
        let lotWorth = proven { () throws(ArithmeticFault) in
            try instrument.lotValue(at: price, fractionBits: 0)
        }
        let kind: SettlementKind
        if instrument.kind.series == nil {
            kind = .delivered
        } else if lotPayout == .zero {
            kind = .lapsed
        } else {
            kind = lots.isPositive ? .exercised : .assigned
        }
        emit(
            .positionSettled(
                PositionSettlement(
                    account: account, instrument: position.instrument, kind: kind, quantity: lots,
                    payout: Amount(microunits: lotPayout.units * lots.units), profit: profit,
                    notional: Amount(microunits: lotWorth * lots.magnitude.units))))
    }

    /// Frees what an instrument has kept. Its definition and its settlement price stay in its leaf.
    private mutating func retire(_ identifier: InstrumentIdentifier) {
        touchInstrument(identifier)
        forget(identifier)
        // There may be room now for what did not fit.
        for place in listingMemos.indices { listingMemos[place] = nil }
        catalogue.retire(identifier)
        closeCurve(of: catalogue.instruments[Int(identifier.number)])
        closeCap(of: identifier)
    }

    /// What stands beside the catalogue.
    private mutating func forget(_ identifier: InstrumentIdentifier) {
        accounts.retire(identifier)
        risk.retire(identifier)
        marketBounds[Int(identifier.number)] = MarketBounds()
    }

    // Restoring.

    /// Lists what was listed after genesis, from the leaves of instruments.
    mutating func restoreListings(_ leaves: LeafTable) throws(RestoreFault) {
        var found: [(identifier: InstrumentIdentifier, instrument: Instrument)] = []
        for place in leaves.keys.indices {
            guard case .instrument(let identifier) = leaves.keys[place],
                Int(identifier.number) >= genesis.catalogue.instruments.count
            else { continue }
            try leaves.readStart(place) { (decoder) throws(DecodingFault) in
                found.append((identifier, try decoder.value()))
            }
        }
        for (identifier, instrument) in found.sorted(by: { $0.identifier < $1.identifier }) {
            let next = InstrumentIdentifier(UInt16(truncatingIfNeeded: prices.count))
            guard identifier == next else { throw .missing(.instrument(next)) }
            // Only dated contracts are listed while the venue runs.
            guard instrument.expiry != nil, (try? catalogue.restore(instrument)) != nil else {
                throw .unexpected(.instrument(identifier))
            }
            makeRoom(for: instrument)
        }
    }

    /// Retires what the leaves say is settled, and checks that the rest could be live together.
    mutating func retireSettled() throws(RestoreFault) {
        for identifier in catalogue.live {
            guard case .settled = phases[Int(identifier.number)] else { continue }
            guard accounts.totals[Int(identifier.number)].openInterest == .zero else {
                throw .unexpected(.instrument(identifier))
            }
            forget(identifier)
        }
        let phases = phases
        do throws(CatalogueFault) {
            try catalogue.keep { identifier in
                if case .settled = phases[Int(identifier.number)] { false } else { true }
            }
        } catch {
            throw .unexpected(.instrument(InstrumentIdentifier(UInt16(error.index))))
        }
    }
}

extension DueSettlement {
    /// Whether this is the end of an instrument.
    fileprivate func settles(_ instrument: Instrument) -> Bool {
        instrument.underlying == underlying && instrument.expiry == expiry
    }
}
