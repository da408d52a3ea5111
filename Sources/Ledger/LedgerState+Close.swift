/// Stage 5: due withdrawals, the laws of conservation, the state tree. Leaves hold all primary
/// state and nothing derived (DESIGN 4); only what the block touched is encoded and hashed again.

import Accounts
import Breakers
package import Canonical
import Catalogue
import Cryptography
import Economics
import Estimation
import FixedPoint
import Liquidation
import Markets
import Oracle
import PullOracle

/// What is hashed when a block closes: encodings in one buffer each, and room that lasts from block
/// to block.
struct ClosingBuffers {
    /// Observations, receipts and events in turn, each behind the tag of a list's leaf.
    var list = ByteStrings()
    /// By leaf that the last block has changed.
    var keys = ByteStrings()
    /// By leaf that the last block has changed; empty where it is deleted.
    var values = ByteStrings()
    var orders: [TouchedOrder] = []

    /// The leaves that the last block has changed.
    func forEachLeaf(_ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Void) {
        for place in 0..<keys.count {
            body(keys.storage[keys.range(of: place)], values.storage[values.range(of: place)])
        }
    }

    /// The root of the prices that a block brings: its bundles, and behind them what others attest.
    /// No publisher has the number that the latter begin with, so neither passes for the other.
    mutating func observationsRoot(of block: Block) -> Digest {
        list.removeAll()
        add(block.observations) { $0.encode(into: &$1) }
        add(block.attested) { payload, encoder in
            encoder.append(UInt16.max)
            encoder.append(bytes: payload)
        }
        return MerkleList.root(ofTagged: list)
    }

    /// The root of a list of which `encode` writes each element.
    mutating func root<Element>(
        of elements: [Element], _ encode: (borrowing Element, inout CanonicalEncoder) -> Void
    ) -> Digest {
        list.removeAll()
        add(elements, encode)
        return MerkleList.root(ofTagged: list)
    }

    private mutating func add<Element>(
        _ elements: [Element], _ encode: (borrowing Element, inout CanonicalEncoder) -> Void
    ) {
        // Lent one by one: a loop over the array would copy each.
        let lent = elements.span
        for place in lent.indices {
            list.append { encoder in
                encoder.append(SHA256.leafTag)
                encode(lent[place], &encoder)
            }
        }
    }
}

extension LedgerState {
    mutating func close(_ block: Block) {
        keepMassCancels()
        startConversions()
        releaseQueued()
        releaseWithdrawals()
        releaseAssetWithdrawals()
        accounts.sweepFundingRemainders()
        do {
            try accounts.closeBooks()
        } catch {
            preconditionFailure("Invariant: conservation holds at \(facts.height): \(error)")
        }
        // Taken out while it is filled: what fills it reads the rest of the state.
        var filled = ClosingBuffers()
        swap(&filled, &closing)
        filled.keys.removeAll()
        filled.values.removeAll()
        facts.observationsRoot = filled.observationsRoot(of: block)
        facts.receiptsRoot = filled.root(of: execution.receipts) { $0.encode(into: &$1) }
        facts.eventsRoot = filled.root(of: events) { $0.encode(into: &$1) }
        listFixedLeaves(in: &filled)
        listInstrumentLeaves(in: &filled)
        for identifier in accounts.touched { list(.account(identifier), in: &filled) }
        for identifier in keys.touched { list(.keys(identifier), in: &filled) }
        touchedProtections.sort()
        for place in touchedProtections.indices
        where place == 0 || touchedProtections[place] != touchedProtections[place - 1] {
            list(.protections(touchedProtections[place]), in: &filled)
        }
        touchedProtections.removeAll(keepingCapacity: true)
        listOrderLeaves(in: &filled)
        for key in takeTouchedCurves() { list(key, in: &filled) }
        for key in takeTouchedBreakers() { list(key, in: &filled) }
        for key in closings.takeTouched() { list(key, in: &filled) }
        for key in backstop.takeTouched() { list(key, in: &filled) }
        for identifier in rescues.takeTouched() { list(.rescue(identifier), in: &filled) }
        for key in touchedModels { list(key, in: &filled) }
        touchedModels.removeAll(keepingCapacity: true)
        tree.update(keys: filled.keys, values: filled.values)
        swap(&filled, &closing)
        accounts.clearTouched()
        accounts.keepsPreimages = collectsEvidence
        keys.clearTouched()
    }

    /// Brings the leaves that exist from genesis on into the tree.
    mutating func updateOpeningLeaves() {
        var buffers = ClosingBuffers()
        listFixedLeaves(in: &buffers)
        for identifier in catalogue.live { list(.instrument(identifier), in: &buffers) }
        for key in marginKeys { list(key, in: &buffers) }
        tree.update(keys: buffers.keys, values: buffers.values)
    }

    /// Lists the leaves whose number is fixed at genesis: rewritten with every block.
    private mutating func listFixedLeaves(in closing: inout ClosingBuffers) {
        for key in fixedKeys { list(key, in: &closing) }
    }

    /// Marks an instrument's leaf as changed.
    mutating func touchInstrument(_ instrument: InstrumentIdentifier) {
        let place = Int(instrument.number)
        guard !isTouchedInstrument[place] else { return }
        isTouchedInstrument[place] = true
        touchedInstruments.append(instrument)
    }

    /// Lists the leaves of instruments that the block touched.
    private mutating func listInstrumentLeaves(in closing: inout ClosingBuffers) {
        var touched: [InstrumentIdentifier] = []
        swap(&touched, &touchedInstruments)
        for identifier in touched {
            isTouchedInstrument[Int(identifier.number)] = false
            list(.instrument(identifier), in: &closing)
        }
        touched.removeAll(keepingCapacity: true)
        swap(&touched, &touchedInstruments)
    }

    /// Lists the leaves of orders that the block touched; one that is no longer open is deleted.
    private mutating func listOrderLeaves(in closing: inout ClosingBuffers) {
        var touched: [TouchedOrder] = []
        swap(&touched, &touchedOrders)
        TouchedOrders.arrange(&touched, room: &closing.orders)
        for place in touched.indices {
            let (order, account) = touched[place]
            closing.keys.append { LeafKey.order(order).encode(into: &$0) }
            closing.values.append { encoder in
                guard let slot = books.slot(of: order, of: account) else { return }
                books.order(slot).encode(into: &encoder)
            }
        }
        touched.removeAll(keepingCapacity: true)
        swap(&touched, &touchedOrders)
    }

    private mutating func list(_ key: LeafKey, in closing: inout ClosingBuffers) {
        closing.keys.append { key.encode(into: &$0) }
        closing.values.append { encode(key, into: &$0) }
    }

    /// The keys of the leaves whose number is fixed at genesis.
    static func fixedKeys(of genesis: Genesis) -> [LeafKey] {
        var keys = [LeafKey.chain]
        if genesis.safeguards.pull?.wormhole != nil { keys.append(.guardians) }
        let catalogue = genesis.catalogue
        for place in catalogue.underlyings.indices {
            keys.append(.underlying(UnderlyingIdentifier(UInt16(place))))
            keys.append(.price(UnderlyingIdentifier(UInt16(place))))
        }
        for place in catalogue.compartments.indices {
            keys.append(.compartment(CompartmentIdentifier(UInt16(place))))
        }
        for place in genesis.safeguards.economics.indices {
            keys.append(.economics(UnderlyingIdentifier(UInt16(place))))
        }
        return keys + genesis.collateralKeys
    }

    /// The value of a leaf; nil where there is none.
    func value(of key: LeafKey) -> [UInt8]? {
        var encoder = CanonicalEncoder()
        encode(key, into: &encoder)
        return encoder.count > 0 ? encoder.bytes : nil
    }

    /// Writes the value of a leaf; nothing where there is none.
    func encode(_ key: LeafKey, into encoder: inout CanonicalEncoder) {
        switch key {
        case .chain: facts.encode(into: &encoder)
        case .account(let identifier):
            guard Int(identifier.number) < accounts.accounts.count else { return }
            accounts[identifier].encode(into: &encoder)
        case .order(let identifier): openOrder(identifier)?.encode(into: &encoder)
        case .instrument(let identifier):
            encodeInstrument(identifier, into: &encoder)
        case .underlying(let identifier):
            encodeUnderlying(identifier, into: &encoder)
        case .price(let identifier):
            guard Int(identifier.number) < statements.count else { return }
            statements[Int(identifier.number)].encode(into: &encoder)
        case .compartment(let identifier):
            guard catalogue.compartment(identifier) != nil else { return }
            encoder.append(accounts.funds[Int(identifier.number)])
        case .guardians: pull?.guardians?.encode(into: &encoder)
        case .protections(let identifier):
            guard Int(identifier.number) < protections.count,
                !protections[Int(identifier.number)].isEmpty
            else { return }
            encoder.append(protections[Int(identifier.number)])
        case .curve(let underlying, let expiry):
            guard Int(underlying.number) < surfaces.count else { return }
            surfaces[Int(underlying.number)].encodeState(of: expiry, into: &encoder)
        case .keys(let identifier):
            guard Int(identifier.number) < keys.rows.count else { return }
            keys[identifier].encode(into: &encoder)
        case .economics(let identifier):
            guard Int(identifier.number) < economics.count else { return }
            economics[Int(identifier.number)].encodeState(into: &encoder)
        case .margin(let identifier): marginModel(of: identifier)?.encodeCurrent(into: &encoder)
        case .returns(let identifier): marginModel(of: identifier)?.encodeHistory(into: &encoder)
        case .breaker(let scope): encodeBreaker(scope, into: &encoder)
        case .standing(let identifier):
            guard Int(identifier.number) < breakers.standings.count,
                !breakers.standings.isIdle(identifier)
            else { return }
            breakers.standings[identifier].encode(into: &encoder)
        case .vault(let identifier):
            let place = Int(identifier.number)
            guard place < breakers.vaults.count, !breakers.vaults[place].isIdle else { return }
            breakers.vaults[place].encode(into: &encoder)
        case .closing(let identifier):
            let place = Int(identifier.number)
            guard place < closings.count, !closings[place].isIdle else { return }
            closings[place].encode(into: &encoder)
        case .backstop, .auction, .incentives: encodeBackstop(key, into: &encoder)
        case .rescue(let identifier): rescues[identifier]?.encode(into: &encoder)
        case .haircut(let identifier):
            let place = Int(identifier.number)
            guard place < collateral.haircuts.count else { return }
            collateral.haircuts[place]?.encode(into: &encoder)
        case .quotePeg: collateral.peg?.encode(into: &encoder)
        }
    }

    private func encodeInstrument(
        _ identifier: InstrumentIdentifier, into encoder: inout CanonicalEncoder
    ) {
        guard catalogue.instrument(identifier) != nil else { return }
        let place = Int(identifier.number)
        encoder.append(catalogue.instruments[place])
        encoder.append(phases[place])
        prices[place].encodeState(into: &encoder)
        encoder.append(accounts.totals[place])
    }

    private func encodeUnderlying(
        _ identifier: UnderlyingIdentifier, into encoder: inout CanonicalEncoder
    ) {
        guard Int(identifier.number) < feeds.count else { return }
        feeds[Int(identifier.number)].encodeState(into: &encoder)
        let averages = settlements[Int(identifier.number)]
        encoder.append(UInt32(averages.count))
        for average in averages { average.encodeState(into: &encoder) }
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
    func leaves() -> [Leaf] {
        var keys =
            fixedKeys + curveKeys + breakerKeys + closings.keys + backstop.keys
            + marginKeys
        for place in catalogue.instruments.indices {
            keys.append(.instrument(InstrumentIdentifier(UInt16(place))))
        }
        for place in accounts.accounts.indices {
            keys.append(.account(AccountIdentifier(UInt32(place))))
            keys.append(.keys(AccountIdentifier(UInt32(place))))
            keys.append(.protections(AccountIdentifier(UInt32(place))))
            keys.append(.standing(AccountIdentifier(UInt32(place))))
            keys.append(.rescue(AccountIdentifier(UInt32(place))))
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
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(ChainFacts.format)
        encoder.append(height)
        encoder.append(time)
        encoder.append(pricingTime)
        encoder.append(custodianNonces)
        encoder.append(operatorNonces)
        encoder.append(guardianNonces)
        encoder.append(nextOrder)
        encoder.append(nextPriority)
        encoder.append(nextEvent)
        encoder.append(observationsRoot)
        encoder.append(receiptsRoot)
        encoder.append(eventsRoot)
    }

    /// The version of the state's format; another one is refused.
    static let format: UInt32 = 6

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.uint32() == ChainFacts.format else {
            throw DecodingFault(.unknownTag, at: start)
        }
        height = try decoder.uint64()
        time = try decoder.timestamp()
        pricingTime = try decoder.timestamp()
        custodianNonces = try decoder.value()
        operatorNonces = try decoder.value()
        guardianNonces = try decoder.value()
        nextOrder = try decoder.uint64()
        nextPriority = try decoder.uint64()
        nextEvent = try decoder.uint64()
        observationsRoot = try decoder.value()
        receiptsRoot = try decoder.value()
        eventsRoot = try decoder.value()
    }
}
