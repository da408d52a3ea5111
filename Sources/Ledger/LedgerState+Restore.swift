/// The machine from its leaves alone: everything derived is made again, and the root must come out
/// as it was. The leaves are hashed once, as they came; that the machine then says the same is seen
/// by writing each leaf again and comparing bytes.

import Accounts
import Breakers
public import Canonical
import Catalogue
import Cryptography
import Economics
import FixedPoint
import Markets
import Oracle
import PullOracle
import Risk

/// Why leaves do not make a state.
public enum RestoreFault: Error, Equatable, Sendable {
    /// The value of this leaf is not what its key promises.
    case malformed(LeafKey, DecodingFault)
    /// A leaf that must exist does not, or accounts are not numbered without gaps.
    case missing(LeafKey)
    /// The leaf names something that the genesis does not have, or stands twice.
    case unexpected(LeafKey)
    /// The leaves hash to another root than the one that was asked for.
    case wrongRoot(expected: Digest, found: Digest)
    /// The key at this place is not the name of a leaf.
    case unknownLeaf(place: Int, DecodingFault)
    /// So many leaves were given, and the state has another number: one stands twice.
    case wrongCount(expected: Int, found: Int)
}

/// Leaves as they came: the key of each decoded, its value in one buffer with the others.
struct LeafTable {
    let keys: [LeafKey]
    let values: ByteStrings

    /// - Throws: `unknownLeaf`, or `malformed` for an empty value.
    init(keys encoded: ByteStrings, values: ByteStrings) throws(RestoreFault) {
        self.values = values
        var keys: [LeafKey] = []
        keys.reserveCapacity(encoded.count)
        for place in 0..<encoded.count {
            do throws(DecodingFault) {
                var decoder = CanonicalDecoder(encoded.storage, in: encoded.range(of: place))
                keys.append(try decoder.value())
                try decoder.finish()
            } catch {
                throw .unknownLeaf(place: place, error)
            }
            // The tree takes no empty value, and no leaf has one.
            guard !values.range(of: place).isEmpty else {
                throw .malformed(keys[place], DecodingFault(.truncated, at: 0))
            }
        }
        self.keys = keys
    }

    /// Reads the value at a place with `body`, all of it.
    ///
    /// - Throws: `malformed`, with the offset counted from the start of the value.
    func read(
        _ place: Int, _ body: (inout CanonicalDecoder) throws(DecodingFault) -> Void
    ) throws(RestoreFault) {
        try readStart(place) { (decoder) throws(DecodingFault) in
            try body(&decoder)
            try decoder.finish()
        }
    }

    /// As `read`, as far as `body` reads.
    func readStart(
        _ place: Int, _ body: (inout CanonicalDecoder) throws(DecodingFault) -> Void
    ) throws(RestoreFault) {
        let range = values.range(of: place)
        var decoder = CanonicalDecoder(values.storage, in: range)
        do throws(DecodingFault) {
            try body(&decoder)
        } catch {
            throw .malformed(
                keys[place],
                DecodingFault(error.reason, at: max(0, error.offset - range.lowerBound)))
        }
    }

    /// Whether the value at a place is what `write` writes; `room` is used again and again.
    func holds(
        _ place: Int, room: inout ByteStrings, _ write: (inout CanonicalEncoder) -> Void
    ) -> Bool {
        room.removeAll()
        room.append(write)
        return room.storage[room.range(of: 0)] == values.storage[values.range(of: place)]
    }
}

/// What leaves say, before it is put in its place.
struct LeafContents {
    var funds: [CompartmentFunds]
    var totals: [InstrumentTotals]
    var accounts: [(account: AccountIdentifier, value: Account)] = []
    var keys: [(account: AccountIdentifier, value: AccountKeys)] = []
    /// With the place of its leaf.
    var orders: [(order: Order, place: Int)] = []
    var protections: [(account: AccountIdentifier, value: [MakerProtection])] = []
    var standings: [(account: AccountIdentifier, value: AccountStanding)] = []
    var rescues: [(account: AccountIdentifier, value: AccountRescue)] = []
    /// How many of the leaves are of those whose number genesis fixes.
    var fixed = 0

    init(funds: [CompartmentFunds], totals: [InstrumentTotals]) {
        self.funds = funds
        self.totals = totals
    }
}

extension LedgerState {
    /// Takes over the state that the leaves hold; only a state before the first block may.
    ///
    /// - Parameters:
    ///   - keys, values: the encodings of the leaves, in any order.
    ///   - root: what they must hash to.
    /// - Throws: `RestoreFault`; the state is of no use then.
    mutating func restore(
        keys: ByteStrings, values: ByteStrings, root: Digest
    ) throws(RestoreFault) {
        let leaves = try LeafTable(keys: keys, values: values)
        tree = SparseMerkleTree()
        tree.reserveCapacity(keys.count)
        tree.update(keys: keys, values: values)
        guard tree.root == root else { throw .wrongRoot(expected: root, found: tree.root) }
        try restoreListings(leaves)
        // Expiries have leaves of their own.
        surfaces = genesis.openingSurfaces
        var read = LeafContents(funds: accounts.funds, totals: accounts.totals)
        for place in leaves.keys.indices {
            try leaves.read(place) { (decoder) throws(DecodingFault) in
                try take(leaves.keys[place], place, from: &decoder, into: &read)
            }
        }
        guard read.fixed == fixedKeys.count + catalogue.instruments.count else {
            throw .missing(.chain)
        }
        accounts.restore(funds: read.funds, totals: read.totals)
        try retireSettled()
        try checkCurves()
        try restoreAccounts(read)
        try restoreProtections(read.protections)
        try restoreStandings(read.standings)
        try restoreBackstops()
        try restoreRescues(read.rescues)
        try restoreOrders(read.orders, leaves)
        try restoreRisk()
        if let underlying = misstatedUnderlying() { throw .unexpected(.price(underlying)) }
        followCapRooms()
        try compare(leaves)
    }

    /// That the state says of each leaf what was given, and has no other.
    private func compare(_ leaves: LeafTable) throws(RestoreFault) {
        var room = ByteStrings()
        for place in leaves.keys.indices {
            // Each order was compared when it was put in.
            if case .order = leaves.keys[place] { continue }
            let isSame = leaves.holds(place, room: &room) {
                encode(leaves.keys[place], into: &$0)
            }
            guard isSame else { throw .unexpected(leaves.keys[place]) }
        }
        let guarded = protections.count { !$0.isEmpty }
        let count =
            fixedKeys.count + curveKeys.count + catalogue.instruments.count
            + 2 * accounts.accounts.count + guarded + books.count + breakerLeafCount
            + closings.leafCount
            + backstop.keys.count
            + rescues.count
            + marginKeys.count
        guard count == leaves.keys.count, tree.count == count else {
            throw .wrongCount(expected: leaves.keys.count, found: count)
        }
    }

    /// Whether the expiries of all live instruments have a leaf.
    private func checkCurves() throws(RestoreFault) {
        for (place, expiries) in catalogue.expiries.enumerated() {
            for expiry in expiries where !surfaces[place].isOpen(expiry) {
                throw .missing(.curve(UnderlyingIdentifier(UInt16(place)), expiry: expiry))
            }
        }
    }

    /// Decodes a leaf: prices, phases and counters go to their places at once.
    private mutating func take(
        _ key: LeafKey, _ leaf: Int, from decoder: inout CanonicalDecoder,
        into read: inout LeafContents
    ) throws(DecodingFault) {
        switch key {
        case .account(let identifier):
            return read.accounts.append((identifier, try decoder.value()))
        case .keys(let identifier):
            return read.keys.append((identifier, try decoder.value()))
        case .order(let identifier):
            let order: Order = try decoder.value()
            guard order.identifier == identifier else { throw DecodingFault(.outOfRange, at: 0) }
            return read.orders.append((order, leaf))
        case .protections(let identifier):
            let list: [MakerProtection] = try decoder.list(limit: Bounds.underlyings)
            return read.protections.append((identifier, list))
        case .curve(let underlying, let expiry):
            return try restoreCurve(underlying, expiry, from: &decoder)
        case .standing(let identifier):
            return read.standings.append((identifier, try decoder.value()))
        case .rescue(let identifier):
            return read.rescues.append((identifier, try decoder.value()))
        case .breaker(let scope): return try restoreBreaker(scope, from: &decoder)
        case .vault(let identifier): return try restoreVault(identifier, from: &decoder)
        case .closing(let identifier): return try restoreClosing(identifier, from: &decoder)
        case .backstop, .auction, .incentives: return try restoreBackstop(key, from: &decoder)
        case .margin(let identifier):
            return try restoreMargin(identifier, isHistory: false, from: &decoder)
        case .returns(let identifier):
            return try restoreMargin(identifier, isHistory: true, from: &decoder)
        case .chain: facts = try decoder.value()
        case .instrument(let identifier):
            read.totals[try restoreInstrument(identifier, from: &decoder)] = try decoder.value()
        case .underlying(let identifier):
            try restoreUnderlying(identifier, from: &decoder)
        case .compartment(let identifier):
            let place = Int(identifier.number)
            guard place < read.funds.count else { throw DecodingFault(.outOfRange, at: 0) }
            read.funds[place] = try decoder.value()
        case .price(let identifier):
            guard Int(identifier.number) < statements.count else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            statements[Int(identifier.number)] = try decoder.value()
        case .guardians:
            guard pull?.guardians != nil else { throw DecodingFault(.outOfRange, at: 0) }
            pull?.restore(try decoder.value())
        case .economics(let identifier): try restoreEconomics(identifier, from: &decoder)
        case .haircut(let identifier):
            try restoreHaircut(identifier, from: &decoder)
        case .quotePeg:
            guard collateral.peg != nil else { throw DecodingFault(.outOfRange, at: 0) }
            collateral.peg = try decoder.value()
        }
        read.fixed += 1
    }

    /// Its place.
    private mutating func restoreInstrument(
        _ identifier: InstrumentIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) -> Int {
        let place = Int(identifier.number)
        guard place < phases.count else { throw DecodingFault(.outOfRange, at: 0) }
        let instrument: Instrument = try decoder.value()
        guard instrument == catalogue.instruments[place] else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        phases[place] = try decoder.value()
        try prices[place].decodeState(from: &decoder)
        return place
    }

    private mutating func restoreCurve(
        _ underlying: UnderlyingIdentifier, _ expiry: Timestamp,
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        guard Int(underlying.number) < surfaces.count else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        try surfaces[Int(underlying.number)].restore(expiry, from: &decoder)
    }

    private mutating func restoreUnderlying(
        _ identifier: UnderlyingIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let place = Int(identifier.number)
        guard place < feeds.count else { throw DecodingFault(.outOfRange, at: 0) }
        try feeds[place].decodeState(from: &decoder)
        let settlement = genesis.settlement(of: identifier)
        for _ in 0..<(try decoder.listCount(limit: Bounds.instruments)) {
            let average = try SettlementAverage(parameters: settlement, from: &decoder)
            guard settlements[place].last.map({ $0.expiry < average.expiry }) ?? true else {
                throw DecodingFault(.outOfOrder, at: 0)
            }
            settlements[place].append(average)
        }
    }

    private mutating func restoreHaircut(
        _ identifier: InstrumentIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let place = Int(identifier.number)
        guard place < collateral.haircuts.count, collateral.haircuts[place] != nil else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        collateral.haircuts[place] = try decoder.value()
    }

    private mutating func restoreVault(
        _ identifier: CompartmentIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let place = Int(identifier.number)
        guard place < breakers.vaults.count, breakers.limits != nil else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        breakers.vaults[place] = try decoder.value()
    }

    private mutating func restoreEconomics(
        _ identifier: UnderlyingIdentifier, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let place = Int(identifier.number)
        guard place < economics.count else { throw DecodingFault(.outOfRange, at: 0) }
        try economics[place].decodeState(from: &decoder)
    }
}
