/// The guardians of Wormhole: who may sign, and how one set follows another. A new set is announced
/// by a message of the governance contract that the current set signs; the old one counts for a day
/// more, for messages that are on their way. Source: Wormhole, `ethereum/contracts/Governance.sol`
/// and `Messages.sol`.

public import Canonical
public import FixedPoint

/// The keys of one set, in the order in which signatures name them.
public struct GuardianSet: Equatable, Sendable {
    /// Most guardians of a set. Ours; Wormhole has 19.
    public static let limit = 32

    /// Its number; each set's is one more than that of the set before.
    public let index: UInt32
    public let guardians: [EthereumAddress]

    /// - Precondition: `isValid`, where it is to count.
    public init(index: UInt32, guardians: [EthereumAddress]) {
        self.index = index
        self.guardians = guardians
    }

    /// Whether it has guardians, not too many, none of them nobody, and none twice.
    public var isValid: Bool {
        guard (1...GuardianSet.limit).contains(guardians.count) else { return false }
        let nobody = EthereumAddress([UInt8](repeating: 0, count: EthereumAddress.byteCount))
        for (place, guardian) in guardians.enumerated()
        where guardian == nobody || guardians[..<place].contains(guardian) {
            return false
        }
        return true
    }

    /// How many must sign: two thirds, rounded down, and one more.
    public var quorum: Int { guardians.count * 2 / 3 + 1 }
}

/// The announcement of a set by the governance contract, once its bytes are in order.
public struct GuardianSetUpgrade: Equatable, Sendable {
    public let message: WormholeMessage
    public let set: GuardianSet

    /// "Core" to the right of 28 zero bytes: the module that guards the guardians.
    private static let module = [UInt8](repeating: 0, count: 28) + Array("Core".utf8)
    private static let action: UInt8 = 2
    /// For every chain.
    private static let target: [UInt8] = [0, 0]

    /// Reads the payload of a message.
    ///
    /// - Throws: `malformed`.
    public init(_ message: WormholeMessage) throws(PullFault) {
        var reader = WireReader(message.payload)
        try reader.expect(GuardianSetUpgrade.module)
        try reader.expect([GuardianSetUpgrade.action])
        try reader.expect(GuardianSetUpgrade.target)
        let index = try reader.uint32()
        let count = Int(try reader.byte())
        var guardians: [EthereumAddress] = []
        for _ in 0..<count { guardians.append(try reader.address()) }
        try reader.finish()
        let set = GuardianSet(index: index, guardians: guardians)
        guard set.isValid else { throw .malformed }
        self.message = message
        self.set = set
    }
}

/// The sets that count: the current one, and those whose time of grace runs.
public struct GuardianSets: Equatable, Sendable {
    /// A set that was replaced.
    public struct Retired: Equatable, Sendable {
        public let set: GuardianSet
        /// From here on it counts no more.
        public let end: Timestamp
    }

    /// How long a replaced set still counts. Source: Wormhole, `Setters.expireGuardianSet`.
    public static let grace = Duration.day
    /// Most replaced sets that are kept; the oldest go first. Ours.
    static let retiredLimit = 4

    public private(set) var current: GuardianSet
    /// Ascending by index.
    public private(set) var retired: [Retired] = []

    public init(current: GuardianSet) { self.current = current }

    /// The set with a number, if it counts at `now`.
    ///
    /// - Throws: `unknownGuardianSet` or `guardianSetExpired`.
    public func set(_ index: UInt32, at now: Timestamp) throws(PullFault) -> GuardianSet {
        if index == current.index { return current }
        guard index < current.index else { throw .unknownGuardianSet }
        for entry in retired where entry.set.index == index && now < entry.end {
            return entry.set
        }
        throw .guardianSetExpired
    }

    /// The sets that count at `now` and came after the one with a number.
    func newer(than index: UInt32, at now: Timestamp) -> [GuardianSet] {
        let others = retired.filter { $0.set.index > index && now < $0.end }.map { $0.set }
        return index == current.index ? [] : others + [current]
    }

    /// Puts a verified set in the place of the current one.
    ///
    /// - Throws: `guardianSetNotNext`; nothing has changed then.
    public mutating func replace(
        by upgrade: GuardianSetUpgrade, at now: Timestamp
    ) throws(PullFault) {
        guard isNext(upgrade) else { throw .guardianSetNotNext }
        retired.removeAll { $0.end <= now }
        if retired.count == GuardianSets.retiredLimit { retired.removeFirst() }
        retired.append(Retired(set: current, end: now.advanced(by: GuardianSets.grace)))
        current = upgrade.set
    }

    /// Whether the current set announces the one that follows it. So each announcement counts once,
    /// and in order.
    func isNext(_ upgrade: GuardianSetUpgrade) -> Bool {
        upgrade.message.guardianSet == current.index
            && current.index < .max && upgrade.set.index == current.index + 1
    }
}

extension GuardianSet: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(index)
        encoder.append(guardians)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        index = try decoder.uint32()
        guardians = try decoder.list(limit: GuardianSet.limit)
        guard isValid else { throw DecodingFault(.outOfRange, at: start) }
    }
}

extension GuardianSets: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(current)
        encoder.append(retired)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        current = try decoder.value()
        let start = decoder.offset
        retired = try decoder.list(limit: GuardianSets.retiredLimit)
        var last: UInt32?
        for entry in retired {
            guard last.map({ $0 < entry.set.index }) ?? true, entry.set.index < current.index
            else { throw DecodingFault(.outOfOrder, at: start) }
            last = entry.set.index
        }
    }
}

extension GuardianSets.Retired: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(set)
        encoder.append(end)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        set = try decoder.value()
        end = try decoder.timestamp()
    }
}
