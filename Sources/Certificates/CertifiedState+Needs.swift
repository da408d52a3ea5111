/// Which leaves a certificate needs: the chain's facts, the prices of every underlying that the
/// account has to do with, of what expires its instrument and its curve, and the insurance fund
/// where it paid. A certificate has these and no other.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

enum CertificateNeeds {
    /// The instruments that an account holds or that its events name, ascending.
    static func instruments(_ account: Account, _ events: [Event]) -> [InstrumentIdentifier] {
        var found = account.positions.map { $0.instrument }
        for event in events {
            switch event {
            case .traded(let trade): found.append(trade.instrument)
            case .deleveraged(let event): found.append(event.instrument)
            case .positionSettled(let event): found.append(event.instrument)
            case .orderAccepted(let order): found.append(order.instrument)
            case .hedgeSent(let hedge): found.append(hedge.instrument)
            case .sliceMoved(let move), .backstopClosed(let move): found.append(move.instrument)
            default: break
            }
        }
        found.sort()
        var result: [InstrumentIdentifier] = []
        for identifier in found where identifier != result.last { result.append(identifier) }
        return result
    }

    /// The names of the leaves.
    ///
    /// - Parameter instrument: a dated instrument and whether it is settled; nil where unknown.
    /// - Returns: nil where an instrument is unknown.
    static func keys(
        of account: Account, _ events: [Event], genesis: Genesis,
        instrument: (InstrumentIdentifier) -> (instrument: Instrument, isSettled: Bool)?
    ) -> [LeafKey]? {
        var keys = [LeafKey.chain]
        func need(_ key: LeafKey) { if !keys.contains(key) { keys.append(key) } }
        for identifier in instruments(account, events) {
            if let standing = genesis.catalogue.instrument(identifier), standing.expiry == nil {
                need(.price(standing.underlying))
                continue
            }
            guard let (dated, isSettled) = instrument(identifier), let expiry = dated.expiry else {
                return nil
            }
            need(.price(dated.underlying))
            need(.instrument(identifier))
            if !isSettled { need(.curve(dated.underlying, expiry: expiry)) }
        }
        for event in events {
            if case .insurancePaid = event { need(.compartment(account.compartment)) }
        }
        return keys
    }
}

extension CertifiedState {
    /// That the bundle holds what is needed and nothing else.
    ///
    /// - Throws: `leafMissing` or `leafUnexpected`.
    func check(
        _ bundle: LeafBundle, of account: Account, _ events: [Event], genesis: Genesis
    ) throws(CertificateFault) {
        var missing: InstrumentIdentifier?
        let needed = CertificateNeeds.keys(of: account, events, genesis: genesis) { identifier in
            guard let leaf = instrument(identifier) else {
                missing = identifier
                return nil
            }
            if case .settled = leaf.phase { return (leaf.instrument, true) }
            return (leaf.instrument, false)
        }
        guard let needed else {
            let key = LeafKey.instrument(missing ?? InstrumentIdentifier(0))
            throw .leafMissing(key: key.canonicalBytes)
        }
        let keys = needed.map { $0.canonicalBytes }
        for entry in bundle.entries where !keys.contains(entry.key) {
            throw .leafUnexpected(key: entry.key)
        }
        for key in keys where !bundle.entries.contains(where: { $0.key == key }) {
            throw .leafMissing(key: key)
        }
    }
}
