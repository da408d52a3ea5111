/// What the futures and options of a replay came to, expiry by expiry.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle
import Risk

/// Counts contracts by underlying and expiry.
struct ContractTally {
    private struct Entry {
        let underlying: UnderlyingIdentifier
        var summary: ExpirySummary
    }

    private var entries: [Entry] = []
    /// By instrument: its entry, nil where nothing expires, and its kind.
    private var places: [(entry: Int?, isOption: Bool)] = []

    /// Takes the next instrument, in the order of identifiers.
    mutating func list(_ instrument: Instrument, on name: String) {
        let isOption = instrument.kind.series != nil
        guard let expiry = instrument.expiry else {
            places.append((entry: nil, isOption: isOption))
            return
        }
        let found = entries.firstIndex {
            $0.underlying == instrument.underlying && $0.summary.expiry == expiry.nanoseconds
        }
        if found == nil {
            entries.append(
                Entry(
                    underlying: instrument.underlying,
                    summary: ExpirySummary(underlying: name, expiry: expiry.nanoseconds)))
        }
        let place = found ?? entries.count - 1
        places.append((entry: place, isOption: isOption))
        if isOption { entries[place].summary.options += 1 }
        if !isOption { entries[place].summary.futures += 1 }
    }

    mutating func add(_ trade: Trade) {
        let (entry, isOption) = places[Int(trade.instrument.number)]
        guard let entry else { return }
        if isOption {
            entries[entry].summary.optionTrades += 1
            entries[entry].summary.premium += trade.notional.units
        } else {
            entries[entry].summary.futureTrades += 1
            entries[entry].summary.futureVolume += trade.notional.units
        }
    }

    mutating func settle(_ instrument: InstrumentIdentifier, at price: IndexPrice) {
        guard let entry = places[Int(instrument.number)].entry else { return }
        entries[entry].summary.settlementPrice = price.units
    }

    mutating func settle(_ settlement: PositionSettlement) {
        guard let entry = places[Int(settlement.instrument.number)].entry else { return }
        switch settlement.kind {
        case .delivered where settlement.quantity.isPositive:
            entries[entry].summary.delivered += settlement.payout.units
        case .exercised: entries[entry].summary.exercised += settlement.payout.units
        case .assigned: entries[entry].summary.assigned -= settlement.payout.units
        case .lapsed: entries[entry].summary.lapsed += 1
        case .delivered: break
        }
    }

    /// By underlying, then by expiry, with the open interest as it stands.
    func expiries(_ ledger: Ledger) -> [ExpirySummary] {
        var entries = entries
        let catalogue = ledger.catalogue
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            guard let entry = places[place].entry else { continue }
            let lots = Int128(ledger.accounts.totals[place].openInterest.units)
            let lot = catalogue.instruments[place].lotSize
            let index = ledger.feeds[Int(entries[entry].underlying.number)].index
            let worth = Int64(
                clamping: lots * Int128(lot) * Int128(index.units) / Int128(Instrument.lotScale))
            if places[place].isOption {
                entries[entry].summary.optionInterest += worth
            } else {
                entries[entry].summary.futureInterest += worth
            }
        }
        entries.sort {
            $0.underlying == $1.underlying
                ? $0.summary.expiry < $1.summary.expiry : $0.underlying < $1.underlying
        }
        return entries.map(\.summary)
    }
}
