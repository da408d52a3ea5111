/// Two nodes and a bad link, from a seed: messages are lost, repeated, late and out of order, links
/// break in one direction, nodes stop and start with what their disk has, and the standby takes
/// over. Whatever happens: no two nodes ever have different acknowledged blocks, and the one that
/// takes over has every block that anyone was told of.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Replication

/// A node's disk: what outlives it.
private struct Disk {
    var records: [BlockRecord] = []
    var term: UInt64 = 0

    var tip: ChainTip {
        records.last.map { ChainTip(height: $0.header.height, hash: $0.header.hash) }
            ?? ChainTip(height: 0, hash: ToyMachine().chain)
    }

    func hash(at height: UInt64) -> Digest? {
        if height == 0 { return ToyMachine().chain }
        return height <= UInt64(records.count) ? records[Int(height) - 1].header.hash : nil
    }
}

/// One direction of a link.
private struct Wire {
    var messages: [[UInt8]] = []
    var isBroken = false

    mutating func send(_ message: ReplicationMessage, _ generator: inout SeededGenerator) {
        guard !isBroken, Int.random(in: 0..<10, using: &generator) > 0 else { return }
        messages.append(message.canonicalBytes)
        if Int.random(in: 0..<10, using: &generator) == 0 { messages.append(messages[0]) }
    }

    /// A message that arrives: mostly the oldest.
    mutating func take(_ generator: inout SeededGenerator) throws -> ReplicationMessage? {
        guard !messages.isEmpty else { return nil }
        let isLate = Int.random(in: 0..<4, using: &generator) == 0
        let place = isLate ? Int.random(in: messages.indices, using: &generator) : 0
        return try ReplicationMessage(canonicalBytes: messages.remove(at: place))
    }
}

/// The whole: a leader that waits for its standby, and the standby.
private struct Simulation {
    var generator: SeededGenerator
    let waits: Bool
    /// What keeps old leaders out; a test switches it off to see the harm.
    let hasFencing: Bool
    var leaderDisk = Disk()
    var followerDisk = Disk()
    var leaderMachine = ToyMachine()
    var venue: ToyVenue
    var feed: FollowerFeed
    var gate: AcknowledgementGate
    var follower: Follower
    var toFollower = Wire()
    var toLeader = Wire()
    /// What clients were told, by height.
    var told: [Digest] = []
    var hasSteppedDown = false
    var hasTakenOver = false

    init(seed: UInt64, waits: Bool = true, hasFencing: Bool = true) {
        generator = SeededGenerator(seed: seed)
        self.waits = waits
        self.hasFencing = hasFencing
        venue = ToyVenue(seed: seed)
        let chain = ToyMachine().chain
        feed = FollowerFeed(
            chain: chain, term: 0, tip: ChainTip(height: 0, hash: chain), firstBlock: 1, window: 5)
        gate = AcknowledgementGate(required: waits ? 1 : 0, height: 0)
        follower = Follower(chain: chain, tip: nil, term: 0)
    }

    mutating func step() throws {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<25: if !hasSteppedDown { try lead() }
        case 25..<55: try deliverToFollower()
        case 55..<85: try deliverToLeader()
        case 85..<89: performLeader(feed.timePassed())
        case 89..<93: performFollower(follower.timePassed())
        case 93..<95: toFollower.isBroken.toggle()
        case 95..<97: toLeader.isBroken.toggle()
        case 97: restartLeader()
        case 98: if !hasTakenOver { restartFollower() }
        default: reconnect()
        }
    }

    /// A block on the leader: on its disk, then to whoever follows.
    mutating func lead() throws {
        let record = try venue.next(term: 0)
        leaderDisk.records.append(record)
        performLeader(feed.committed(leaderDisk.tip))
        if gate.committed(leaderDisk.tip.height) { tell() }
    }

    mutating func tell() {
        while UInt64(told.count) < gate.acknowledged {
            told.append(leaderDisk.records[told.count].header.hash)
        }
    }

    mutating func deliverToFollower() throws {
        guard let message = try toFollower.take(&generator) else { return }
        if !hasFencing && hasTakenOver {
            // The harm: a node that has taken over goes on saying yes to the old leader.
            if case .record(_, let record) = message {
                let tip = ChainTip(height: record.header.height, hash: record.header.hash)
                toLeader.send(.acknowledgement(term: 0, tip: tip, isBehind: false), &generator)
            }
            return
        }
        performFollower(follower.receive(message))
    }

    mutating func deliverToLeader() throws {
        guard let message = try toLeader.take(&generator) else { return }
        performLeader(feed.receive(message))
    }

    mutating func performLeader(_ actions: [FollowerFeed.Action]) {
        for action in actions {
            switch action {
            case .send(let message): toFollower.send(message, &generator)
            case .sendRecord(let height):
                let record = leaderDisk.records[Int(height) - 1]
                toFollower.send(.record(term: 0, record: record), &generator)
            case .lookUp(let height):
                performLeader(feed.found(leaderDisk.hash(at: height), at: height))
            case .acknowledged(let height): if gate.follower(1, has: height) { tell() }
            case .stepDown: hasSteppedDown = true
            case .close: break
            }
        }
    }

    mutating func performFollower(_ actions: [Follower.Action]) {
        for action in actions {
            switch action {
            case .send(let message): toLeader.send(message, &generator)
            case .raiseTerm(let term): followerDisk.term = term
            case .store(let record):
                followerDisk.records.append(record)
                performFollower(follower.stored())
            case .stop(let reason): Issue.record("the follower stopped: \(reason)")
            case .mistrust(let fault): Issue.record("the follower mistrusts: \(fault)")
            }
        }
    }

    mutating func reconnect() {
        toFollower = Wire()
        toLeader = Wire()
        feed = FollowerFeed(
            chain: ToyMachine().chain, term: 0, tip: leaderDisk.tip, firstBlock: 1, window: 5)
        performFollower(follower.connected())
    }

    mutating func restartLeader() {
        gate = AcknowledgementGate(
            required: waits ? 1 : 0, height: leaderDisk.tip.height)
        if !waits { tell() }
        reconnect()
    }

    mutating func restartFollower() {
        follower = Follower(
            chain: ToyMachine().chain, tip: followerDisk.records.last?.header,
            term: followerDisk.term)
        reconnect()
    }

    /// Fair weather: what is lost now is lost by chance only.
    mutating func settle() throws {
        reconnect()
        for _ in 0..<200 where told.count < leaderDisk.records.count {
            while !toFollower.messages.isEmpty || !toLeader.messages.isEmpty {
                try deliverToFollower()
                try deliverToLeader()
            }
            performLeader(feed.timePassed())
            performFollower(follower.timePassed())
        }
    }

    mutating func takeOver() {
        performFollower(follower.takeOver())
        hasTakenOver = true
    }

    /// Whether everything that clients were told of is on the follower's disk.
    var isSafe: Bool {
        told.enumerated().allSatisfy { followerDisk.hash(at: UInt64($0.offset + 1)) == $0.element }
    }

    /// Whether the follower's blocks are the leader's.
    var isPrefix: Bool {
        followerDisk.records.count <= leaderDisk.records.count
            && zip(followerDisk.records, leaderDisk.records).allSatisfy { $0 == $1 }
    }
}

@Suite struct TakeoverSimulationTests {
    @Test func nothingThatWasToldIsEverMissingOnTheStandby() throws {
        var told = 0
        for seed in 0..<UInt64(storageRounds(100)) {
            var simulation = Simulation(seed: seed)
            simulation.reconnect()
            for step in 0..<400 {
                try simulation.step()
                #expect(simulation.isSafe && simulation.isPrefix, "seed \(seed), step \(step)")
            }
            told += simulation.told.count
            try simulation.settle()
            #expect(simulation.followerDisk.tip == simulation.leaderDisk.tip, "seed \(seed)")
            #expect(simulation.told.count == simulation.leaderDisk.records.count, "seed \(seed)")
        }
        #expect(told > 1_000)
    }

    @Test func afterATakeoverNobodyIsToldOfABlockThatTheNewLeaderLacks() throws {
        var steppedDown = 0
        for seed in 0..<UInt64(storageRounds(100)) {
            var simulation = Simulation(seed: seed)
            simulation.reconnect()
            for _ in 0..<200 { try simulation.step() }
            simulation.takeOver()
            let last = simulation.followerDisk.tip
            for step in 0..<200 {
                try simulation.step()
                #expect(simulation.isSafe, "seed \(seed), step \(step)")
            }
            #expect(simulation.followerDisk.tip == last, "seed \(seed)")
            if simulation.hasSteppedDown { steppedDown += 1 }
        }
        #expect(steppedDown > 30)
    }

    @Test func withoutTermsABlockWouldBeLost() throws {
        var harmed = false
        for seed in 0..<UInt64(50) where !harmed {
            var simulation = Simulation(seed: seed, hasFencing: false)
            simulation.reconnect()
            for _ in 0..<100 { try simulation.step() }
            simulation.takeOver()
            for _ in 0..<200 { try simulation.step() }
            harmed = !simulation.isSafe
        }
        #expect(harmed)
    }

    @Test func aLeaderThatDoesNotWaitCanLoseBlocksAtATakeover() throws {
        var harmed = false
        for seed in 0..<UInt64(50) where !harmed {
            var simulation = Simulation(seed: seed, waits: false)
            simulation.reconnect()
            for _ in 0..<100 { try simulation.step() }
            harmed = !simulation.isSafe
            #expect(simulation.isPrefix, "seed \(seed)")
        }
        #expect(harmed)
    }
}
