/// Stage 5: due withdrawals, the laws of conservation, the state tree. Leaves hold all primary
/// state and nothing derived (DESIGN 4); only what the block touched is encoded and hashed again.

import Accounts
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Markets
import Oracle

extension Ledger {
    func close(_ block: Block, receipts: [Receipt]) {
        releaseWithdrawals()
        accounts.sweepFundingRemainders()
        do {
            try accounts.closeBooks()
        } catch {
            preconditionFailure("Invariant: conservation holds at \(facts.height): \(error)")
        }
        facts.observationsRoot = MerkleList.root(
            of: block.observations.map { $0.canonicalBytes })
        facts.receiptsRoot = MerkleList.root(of: receipts.map { $0.canonicalBytes })
        facts.eventsRoot = MerkleList.root(of: events.map { $0.canonicalBytes })
        var changes = fixedLeaves()
        for identifier in accounts.touched {
            changes.append(leaf(.account(identifier)))
        }
        touchedOrders.sort { $0.order < $1.order }
        var last: OrderIdentifier?
        for touched in touchedOrders where touched.order != last {
            last = touched.order
            let order = books.slot(of: touched.order, of: touched.account).map { books.order($0) }
            changes.append(
                LeafChange(
                    key: LeafKey.order(touched.order).canonicalBytes,
                    value: order?.canonicalBytes))
        }
        touchedProtections.sort()
        for place in touchedProtections.indices
        where place == 0 || touchedProtections[place] != touchedProtections[place - 1] {
            changes.append(leaf(.protections(touchedProtections[place])))
        }
        touchedProtections.removeAll(keepingCapacity: true)
        tree.update(changes)
        accounts.clearTouched()
        touchedOrders.removeAll(keepingCapacity: true)
    }

    /// The leaves whose number is fixed at genesis: rewritten with every block.
    func fixedLeaves() -> [LeafChange] {
        var leaves = [leaf(.chain)]
        for place in catalogue.instruments.indices {
            leaves.append(leaf(.instrument(InstrumentIdentifier(UInt16(place)))))
        }
        for place in catalogue.underlyings.indices {
            leaves.append(leaf(.underlying(UnderlyingIdentifier(UInt16(place)))))
        }
        for place in catalogue.compartments.indices {
            leaves.append(leaf(.compartment(CompartmentIdentifier(UInt16(place)))))
        }
        return leaves
    }

    private func leaf(_ key: LeafKey) -> LeafChange {
        LeafChange(key: key.canonicalBytes, value: value(of: key))
    }

    /// The value of a leaf; nil where there is none.
    public func value(of key: LeafKey) -> [UInt8]? {
        var encoder = CanonicalEncoder()
        switch key {
        case .chain: facts.encode(into: &encoder)
        case .account(let identifier): return accounts.account(identifier)?.canonicalBytes
        case .order(let identifier): return openOrder(identifier)?.canonicalBytes
        case .instrument(let identifier):
            guard catalogue.instrument(identifier) != nil else { return nil }
            perpetuals[Int(identifier.number)].encodeState(into: &encoder)
            encoder.append(accounts.totals[Int(identifier.number)])
            encoder.append(phases[Int(identifier.number)])
        case .underlying(let identifier):
            guard Int(identifier.number) < feeds.count else { return nil }
            feeds[Int(identifier.number)].encodeState(into: &encoder)
        case .compartment(let identifier):
            guard catalogue.compartment(identifier) != nil else { return nil }
            encoder.append(accounts.funds[Int(identifier.number)])
        case .protections(let identifier):
            guard Int(identifier.number) < protections.count,
                !protections[Int(identifier.number)].isEmpty
            else { return nil }
            encoder.append(protections[Int(identifier.number)])
        }
        return encoder.bytes
    }

    /// An open order by its number alone. O(accounts); for proofs and audits.
    private func openOrder(_ identifier: OrderIdentifier) -> Order? {
        for place in accounts.accounts.indices {
            let account = AccountIdentifier(UInt32(place))
            if let slot = books.slot(of: identifier, of: account) { return books.order(slot) }
        }
        return nil
    }

    /// Every leaf: all primary state.
    public func leaves() -> [Leaf] {
        var keys: [LeafKey] = [.chain]
        for place in catalogue.instruments.indices {
            keys.append(.instrument(InstrumentIdentifier(UInt16(place))))
        }
        for place in catalogue.underlyings.indices {
            keys.append(.underlying(UnderlyingIdentifier(UInt16(place))))
        }
        for place in catalogue.compartments.indices {
            keys.append(.compartment(CompartmentIdentifier(UInt16(place))))
        }
        for place in accounts.accounts.indices {
            keys.append(.account(AccountIdentifier(UInt32(place))))
            keys.append(.protections(AccountIdentifier(UInt32(place))))
        }
        var result = keys.compactMap { key in
            value(of: key).map { Leaf(key: key, value: $0) }
        }
        for place in accounts.accounts.indices {
            for order in openOrders(of: AccountIdentifier(UInt32(place))) {
                result.append(
                    Leaf(key: .order(order.identifier), value: order.canonicalBytes))
            }
        }
        return result
    }
}

extension ChainFacts: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(ChainFacts.format)
        encoder.append(height)
        encoder.append(time)
        encoder.append(pricingTime)
        encoder.append(custodianNonce)
        encoder.append(operatorNonce)
        encoder.append(nextOrder)
        encoder.append(nextPriority)
        encoder.append(nextEvent)
        encoder.append(observationsRoot)
        encoder.append(receiptsRoot)
        encoder.append(eventsRoot)
    }

    /// The version of the state's format; another one is refused.
    static let format: UInt32 = 1

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.uint32() == ChainFacts.format else {
            throw DecodingFault(.unknownTag, at: start)
        }
        height = try decoder.uint64()
        time = try decoder.timestamp()
        pricingTime = try decoder.timestamp()
        custodianNonce = try decoder.uint64()
        operatorNonce = try decoder.uint64()
        nextOrder = try decoder.uint64()
        nextPriority = try decoder.uint64()
        nextEvent = try decoder.uint64()
        observationsRoot = try decoder.value()
        receiptsRoot = try decoder.value()
        eventsRoot = try decoder.value()
    }
}
