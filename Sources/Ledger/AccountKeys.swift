/// Who may sign for an account, and where its money may go: the value of the leaf
/// `.keys(account)`. It stands apart from the account's own leaf, so that a transaction that only
/// moves orders rewrites this small leaf and not the list of positions.

public import Canonical
public import FixedPoint

/// One agent slot: the grant, if there is one, and the nonces of all grants it ever had, with what
/// their orders have lost today.
public struct AgentSlot: Equatable, Sendable {
    /// In `1 ... 32`.
    public let number: UInt8
    /// Nil where the agent was revoked.
    public internal(set) var grant: AgentGrant?
    public internal(set) var nonces = SignerNonces()
    /// Of the last grant: they bind what a revoked agent has left resting, too.
    public internal(set) var limits = AgentLimits.standard
    public internal(set) var loss = AgentLoss()
}

/// An address to which an account may withdraw.
public struct AllowedDestination: Equatable, Sendable {
    public let address: Bytes32
    /// The first block time at which it counts.
    public let start: Timestamp
}

/// The keys of one account.
public struct AccountKeys: Equatable, Sendable {
    /// The slots that agents can have; 0 would be the master.
    public static let slots: ClosedRange<UInt8> = 1...32
    /// Most entries of the allow-list.
    public static let destinationLimit = 16
    /// How long an addition to the allow-list waits, and how long an account whose last entry was
    /// removed still pays out nowhere.
    public static let destinationDelay = Duration.day
    /// The longest grant.
    public static let longestGrant = Duration(nanoseconds: 366 * Duration.day.nanoseconds)

    /// Signs everything, commands about keys included.
    public internal(set) var master: SignerKey
    public internal(set) var nonces = SignerNonces()
    /// Every slot that was ever used, ascending.
    public internal(set) var agents: [AgentSlot] = []
    /// In the order of their addition; none stands twice.
    public internal(set) var destinations: [AllowedDestination] = []
    /// Before this time the account counts as guarded although its list is empty.
    public internal(set) var guardEnd = Timestamp(nanoseconds: 0)

    /// An account without agents and without an allow-list.
    init(master: SignerKey) { self.master = master }

    /// The place of a slot, or where it would stand.
    func search(_ slot: UInt8) -> (place: Int, found: Bool) {
        var place = 0
        while place < agents.count, agents[place].number < slot { place += 1 }
        return (place, place < agents.count && agents[place].number == slot)
    }

    /// The agent of a slot; nil where there is none.
    public func agent(_ slot: UInt8) -> AgentGrant? {
        let (place, found) = search(slot)
        return found ? agents[place].grant : nil
    }

    /// What is known of a slot's nonces; of one never used nothing is.
    public func nonces(of slot: UInt8) -> SignerNonces {
        let (place, found) = search(slot)
        return found ? agents[place].nonces : SignerNonces()
    }

    /// Whether a key stands in the account, but for the agent of a slot.
    func holds(_ key: SignerKey, besides slot: UInt8?) -> Bool {
        if master == key { return true }
        for agent in agents where agent.number != slot && agent.grant?.key == key { return true }
        return false
    }

    /// Whether slots ascend, and no key and no destination stands twice.
    var isSound: Bool {
        for place in agents.indices {
            if place > 0, agents[place].number <= agents[place - 1].number { return false }
            if let key = agents[place].grant?.key, holds(key, besides: agents[place].number) {
                return false
            }
        }
        for place in destinations.indices {
            for earlier in destinations[..<place]
            where earlier.address == destinations[place].address {
                return false
            }
        }
        return true
    }

    /// Whether money may leave only to what the allow-list names.
    public func isGuarded(at time: Timestamp) -> Bool {
        !destinations.isEmpty || time < guardEnd
    }

    /// Whether the allow-list names an address, and its time has come.
    public func allows(_ address: Bytes32, at time: Timestamp) -> Bool {
        for entry in destinations where entry.address == address { return entry.start <= time }
        return false
    }
}

extension AgentSlot: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(number)
        encoder.append(grant)
        encoder.append(nonces)
        encoder.append(limits)
        encoder.append(loss)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        number = try decoder.byte()
        guard AccountKeys.slots.contains(number) else {
            throw DecodingFault(.outOfRange, at: start)
        }
        grant = try decoder.optional()
        nonces = try decoder.value()
        limits = try decoder.value()
        loss = try decoder.value()
        guard limits.areInRange, grant.map({ $0.limits == limits }) ?? true else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}

extension AllowedDestination: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(address)
        encoder.append(start)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        address = try decoder.bytes32()
        start = try decoder.timestamp()
    }
}

extension AccountKeys: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(master)
        encoder.append(nonces)
        encoder.append(agents)
        encoder.append(destinations)
        encoder.append(guardEnd)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        master = try decoder.value()
        nonces = try decoder.value()
        agents = try decoder.list(limit: AccountKeys.slots.count)
        destinations = try decoder.list(limit: AccountKeys.destinationLimit)
        guardEnd = try decoder.timestamp()
        guard isSound else { throw DecodingFault(.outOfRange, at: start) }
    }
}
