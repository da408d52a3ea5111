/// Keeps what the report says of options: the chains at the end of a run, or, of an underlying
/// whose options have all expired by then, as they were before the last expiry; and the expiries
/// that settled. Reads events and state; changes nothing.

import Documents
import Canonical
import Catalogue
import FixedPoint
package import Ledger

/// Collects chains and settlements.
package struct OptionRecorder {
    /// By underlying: before its last expiry.
    private var last: [OptionChain?] = []
    /// In order of time.
    package private(set) var settlements: [ExpirySettlement] = []

    package init() {}

    /// Before a block of a time is applied: keeps the chains whose first expiry it will pass.
    package mutating func approach(_ time: UInt64, ledger: Ledger) {
        for (place, expiries) in ledger.catalogue.expiries.enumerated() {
            while last.count <= place { last.append(nil) }
            guard let first = expiries.first?.nanoseconds, first <= time,
                first > ledger.time.nanoseconds
            else { continue }
            let underlying = UnderlyingIdentifier(UInt16(place))
            last[place] = OptionChain(ledger: ledger, underlying: underlying) ?? last[place]
        }
    }

    /// Counts what a block settled.
    package mutating func add(_ events: [Event], ledger: Ledger) {
        for event in events {
            switch event {
            case .instrumentSettled(let instrument, let price, _):
                settlements[place(of: instrument, at: price, ledger)].series += 1
            case .positionSettled(let position):
                add(position, ledger)
            default: break
            }
        }
    }

    private mutating func add(_ position: PositionSettlement, _ ledger: Ledger) {
        let instrument = ledger.catalogue.instruments[Int(position.instrument.number)]
        guard let place = place(of: instrument, ledger) else { return }
        switch position.kind {
        case .delivered: settlements[place].delivered += 1
        case .exercised: settlements[place].exercised += 1
        case .assigned: settlements[place].assigned += 1
        case .lapsed: settlements[place].lapsed += 1
        }
        guard position.quantity.isPositive else { return }
        if instrument.kind.series == nil {
            settlements[place].futureNotional += position.notional.units
        } else {
            settlements[place].optionNotional += position.notional.units
            settlements[place].payout += position.payout.units
        }
    }

    /// The row of an instrument, made where it is the first of its expiry.
    private mutating func place(
        of identifier: InstrumentIdentifier, at price: IndexPrice, _ ledger: Ledger
    ) -> Int {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        if let place = place(of: instrument, ledger) { return place }
        settlements.append(
            ExpirySettlement(
                underlying: OptionRecorder.name(of: instrument, ledger),
                expiry: instrument.expiry?.nanoseconds ?? 0, time: ledger.time.nanoseconds,
                price: price.units))
        return settlements.count - 1
    }

    private func place(of instrument: Instrument, _ ledger: Ledger) -> Int? {
        let name = OptionRecorder.name(of: instrument, ledger)
        return settlements.lastIndex {
            $0.underlying == name && $0.expiry == instrument.expiry?.nanoseconds
        }
    }

    private static func name(of instrument: Instrument, _ ledger: Ledger) -> String {
        ledger.catalogue.underlyings[Int(instrument.underlying.number)].symbol.text
    }

    /// The chains to show, in the order of the catalogue.
    package func chains(at ledger: Ledger) -> [OptionChain] {
        ledger.catalogue.underlyings.indices.compactMap { place in
            OptionChain(ledger: ledger, underlying: UnderlyingIdentifier(UInt16(place)))
                ?? (place < last.count ? last[place] : nil)
        }
    }
}
