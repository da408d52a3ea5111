/// The protocol message by message: what each side answers, and what it never does.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Replication

private let chain = ToyMachine().chain

/// Records of a toy chain.
private func records(_ count: Int, seed: UInt64 = 1, term: UInt64 = 1) throws -> [BlockRecord] {
    var venue = ToyVenue(seed: seed)
    for _ in 0..<count { _ = try venue.next(term: term) }
    return venue.records
}

private func tip(_ record: BlockRecord) -> ChainTip {
    ChainTip(height: record.header.height, hash: record.header.hash)
}

private let genesis = ChainTip(height: 0, hash: chain)

private func hello(_ tip: ChainTip, term: UInt64 = 1) -> ReplicationMessage {
    .hello(version: ReplicationMessage.version, chain: chain, term: term, tip: tip)
}

@Suite struct FollowerFeedTests {
    private func feed(_ records: [BlockRecord], window: UInt64 = 4) -> FollowerFeed {
        FollowerFeed(
            chain: chain, term: 1, tip: records.last.map(tip) ?? genesis, firstBlock: 1,
            window: window)
    }

    @Test func blocksAreSentFromWhereTheFollowerStandsWithinTheWindow() throws {
        let chainOf = try records(10)
        var feed = feed(chainOf)
        #expect(feed.receive(hello(tip(chainOf[2]))) == [.lookUp(3)])
        let heartbeat = ReplicationMessage.heartbeat(term: 1, tip: tip(chainOf[9]))
        #expect(
            feed.found(chainOf[2].header.hash, at: 3) == [
                .acknowledged(3), .send(heartbeat), .sendRecord(4), .sendRecord(5), .sendRecord(6),
                .sendRecord(7),
            ])
        #expect(feed.lag == 7)
        let answer = ReplicationMessage.acknowledgement(
            term: 1, tip: tip(chainOf[4]), isBehind: false)
        #expect(feed.receive(answer) == [.lookUp(5)])
        #expect(
            feed.found(chainOf[4].header.hash, at: 5) == [
                .acknowledged(5), .sendRecord(8), .sendRecord(9),
            ])
        // The same once more says nothing.
        #expect(feed.receive(answer) == [])
        #expect(
            feed.timePassed() == [
                .sendRecord(6), .sendRecord(7), .sendRecord(8), .sendRecord(9), .send(heartbeat),
            ])
    }

    @Test func aNewBlockIsSentAtOnceToWhoeverIsUpToDate() throws {
        let chainOf = try records(3)
        var feed = feed(Array(chainOf[..<2]))
        _ = feed.receive(hello(tip(chainOf[1])))
        _ = feed.found(chainOf[1].header.hash, at: 2)
        #expect(feed.committed(tip(chainOf[2])) == [.sendRecord(3)])
        #expect(feed.lag == 1)
    }

    @Test func whoMissedSomethingGetsItAgain() throws {
        let chainOf = try records(6)
        var feed = feed(chainOf)
        _ = feed.receive(hello(genesis))
        _ = feed.found(chain, at: 0)
        let behind = ReplicationMessage.acknowledgement(term: 1, tip: genesis, isBehind: true)
        #expect(
            feed.receive(behind) == [
                .sendRecord(1), .sendRecord(2), .sendRecord(3), .sendRecord(4),
            ])
    }

    @Test func aForkIsRefusedByItsHeight() throws {
        let own = try records(5)
        let other = try records(5, seed: 2)
        var first = feed(own)
        #expect(first.receive(hello(tip(other[3]))) == [.lookUp(4)])
        let refusal = ReplicationRefusal.fork(height: 4)
        #expect(
            first.found(own[3].header.hash, at: 4) == [
                .send(.refusal(term: 1, reason: refusal)), .close(refusal),
            ])
        #expect(first.isClosed && first.receive(hello(genesis)) == [])
        // One that has more than the leader.
        var second = feed(Array(own[..<3]))
        let ahead = ReplicationRefusal.fork(height: 4)
        #expect(
            second.receive(hello(tip(own[4]))) == [
                .send(.refusal(term: 1, reason: ahead)), .close(ahead),
            ])
    }

    @Test func anAcknowledgementOfAnotherBlockNeverCounts() throws {
        let own = try records(3)
        let other = try records(3, seed: 2)
        var feed = feed(own)
        _ = feed.receive(hello(genesis))
        _ = feed.found(chain, at: 0)
        let lie = ReplicationMessage.acknowledgement(term: 1, tip: tip(other[2]), isBehind: false)
        #expect(feed.receive(lie) == [.lookUp(3)])
        let refusal = ReplicationRefusal.fork(height: 3)
        #expect(
            feed.found(own[2].header.hash, at: 3) == [
                .send(.refusal(term: 1, reason: refusal)), .close(refusal),
            ])
        var second = self.feed(own)
        _ = second.receive(hello(genesis))
        _ = second.found(chain, at: 0)
        let beyond = ChainTip(height: 4, hash: chain)
        #expect(
            second.receive(.acknowledgement(term: 1, tip: beyond, isBehind: false)) == [])
    }

    @Test func whatIsNotKeptIsRefused() throws {
        let own = try records(5)
        var feed = FollowerFeed(chain: chain, term: 1, tip: tip(own[4]), firstBlock: 4)
        let refusal = ReplicationRefusal.pruned(firstBlock: 4)
        #expect(
            feed.receive(hello(tip(own[1]))) == [
                .send(.refusal(term: 1, reason: refusal)), .close(refusal),
            ])
        var enough = FollowerFeed(chain: chain, term: 1, tip: tip(own[4]), firstBlock: 4)
        #expect(enough.receive(hello(tip(own[2]))) == [.lookUp(3)])
    }

    @Test func anotherChainAndAnotherVersionAreRefused() throws {
        var first = feed([])
        let other = ReplicationMessage.hello(version: 1, chain: .zero, term: 1, tip: genesis)
        #expect(first.receive(other).last == .close(.wrongChain(chain)))
        var second = feed([])
        let later = ReplicationMessage.hello(version: 2, chain: chain, term: 1, tip: genesis)
        #expect(second.receive(later).last == .close(.unknownVersion(1)))
    }

    @Test func aLeaderThatMeetsAHigherTermStops() throws {
        let messages: [ReplicationMessage] = [
            hello(genesis, term: 2), .acknowledgement(term: 2, tip: genesis, isBehind: false),
            .refusal(term: 2, reason: .staleTerm(promised: 2)),
            .refusal(term: 1, reason: .staleTerm(promised: 2)),
        ]
        for message in messages {
            var feed = feed([])
            let actions = feed.receive(message)
            #expect(actions == [.stepDown(term: 2), .close(.staleTerm(promised: 2))])
            #expect(feed.receive(hello(genesis)) == [])
        }
    }
}

@Suite struct FollowerTests {
    private func follower(_ records: [BlockRecord] = [], term: UInt64 = 1) -> Follower {
        Follower(chain: chain, tip: records.last?.header, term: term)
    }

    private func record(_ record: BlockRecord, term: UInt64 = 1) -> ReplicationMessage {
        .record(term: term, record: record)
    }

    @Test func aBlockIsAcknowledgedWhenItIsStored() throws {
        let chainOf = try records(2)
        var follower = follower()
        #expect(follower.connected() == [.send(hello(genesis))])
        #expect(follower.receive(record(chainOf[0])) == [.store(chainOf[0])])
        // Until it is stored nothing else is taken.
        #expect(follower.receive(record(chainOf[1])) == [])
        #expect(follower.tip == genesis)
        let answer = ReplicationMessage.acknowledgement(
            term: 1, tip: tip(chainOf[0]), isBehind: false)
        #expect(follower.stored() == [.send(answer)])
        #expect(follower.receive(record(chainOf[0])) == [.send(answer)])
        #expect(follower.receive(record(chainOf[1])) == [.store(chainOf[1])])
    }

    @Test func aGapIsToldOf() throws {
        let chainOf = try records(3)
        var follower = follower()
        let behind = ReplicationMessage.acknowledgement(term: 1, tip: genesis, isBehind: true)
        #expect(follower.receive(record(chainOf[1])) == [.send(behind)])
        #expect(follower.leaderHeight == 2)
    }

    @Test func aForkStopsTheFollower() throws {
        let own = try records(3)
        let other = try records(4, seed: 2)
        for (message, height) in [(record(other[3]), UInt64(3)), (record(other[2]), 3)] {
            var follower = follower(own)
            let refusal = ReplicationRefusal.fork(height: height)
            #expect(
                follower.receive(message) == [
                    .send(.refusal(term: 1, reason: refusal)), .stop(refusal),
                ])
            #expect(follower.receive(record(own[2])) == [])
            #expect(follower.timePassed() == [] && follower.connected() == [])
        }
    }

    @Test func whatIsNoChainIsNotTaken() throws {
        let own = try records(3)
        let changes: [((inout BlockRecord) -> Void, ChainFault)] = [
            ({ $0.block.append(1) }, .payload), ({ $0.header.time = .epoch }, .time),
            ({ $0.header.term = 0 }, .term),
        ]
        for (change, fault) in changes {
            var follower = follower(Array(own[..<2]))
            var changed = own[2]
            change(&changed)
            #expect(
                follower.receive(record(changed)) == [
                    .mistrust(.brokenChain(height: 3, fault: fault))
                ])
            #expect(follower.receive(record(own[2])) == [])
        }
        var ofLaterTerm = own[2]
        ofLaterTerm.header.term = 9
        var follower = follower(Array(own[..<2]))
        #expect(
            follower.receive(record(ofLaterTerm)) == [
                .mistrust(.staleTerm(promised: 9, found: 1))
            ])
        var elsewhere = own[2]
        elsewhere.header.chain = .zero
        var another = self.follower(Array(own[..<2]))
        #expect(another.receive(record(elsewhere)).last == .stop(.wrongChain(chain)))
    }

    @Test func aHigherTermIsStoredBeforeAnythingIsAcknowledged() throws {
        let own = try records(1)
        var follower = follower()
        #expect(follower.receive(record(own[0], term: 5)) == [.raiseTerm(5), .store(own[0])])
        let refusal = ReplicationMessage.refusal(term: 5, reason: .staleTerm(promised: 5))
        #expect(follower.receive(record(own[0], term: 4)) == [.send(refusal)])
        #expect(follower.receive(.heartbeat(term: 4, tip: genesis)) == [.send(refusal)])
    }

    @Test func afterATakeoverTheOldLeaderIsRefused() throws {
        let own = try records(2)
        var follower = follower(Array(own[..<1]))
        #expect(follower.takeOver() == [.raiseTerm(2)])
        #expect(follower.takeOver() == [])
        let refusal = ReplicationMessage.refusal(term: 2, reason: .staleTerm(promised: 2))
        #expect(follower.receive(record(own[1])) == [.send(refusal)])
        #expect(follower.connected() == [] && follower.timePassed() == [])
    }

    @Test func silenceIsAnsweredWithWhereItStands() throws {
        var follower = follower()
        #expect(follower.timePassed() == [.send(hello(genesis))])
        let answer = ReplicationMessage.acknowledgement(term: 1, tip: genesis, isBehind: false)
        #expect(follower.receive(.heartbeat(term: 1, tip: genesis)) == [.send(answer)])
        #expect(follower.timePassed() == [.send(answer)])
        #expect(
            follower.receive(.refusal(term: 1, reason: .pruned(firstBlock: 9))) == [
                .stop(.pruned(firstBlock: 9))
            ])
    }
}

@Suite struct AcknowledgementGateTests {
    @Test func aLeaderOnItsOwnAcknowledgesWhatItHas() {
        var gate = AcknowledgementGate(required: 0, height: 3)
        #expect(gate.acknowledged == 3)
        let isMore = gate.committed(4)
        #expect(isMore && gate.acknowledged == 4)
    }

    @Test func aBlockWaitsForEnoughFollowers() {
        var gate = AcknowledgementGate(required: 2, height: 3)
        #expect(gate.acknowledged == 0)
        let steps: [(Bool, UInt64)] = [
            (gate.committed(5), gate.acknowledged), (gate.follower(1, has: 5), gate.acknowledged),
            (gate.follower(2, has: 4), gate.acknowledged),
            (gate.follower(3, has: 9), gate.acknowledged),
        ]
        #expect(steps.map(\.0) == [false, false, true, true])
        #expect(steps.map(\.1) == [0, 0, 4, 5])
        gate.followerLeft(3)
        gate.followerLeft(1)
        let isMore = gate.committed(8)
        #expect(!isMore && gate.acknowledged == 5)
    }
}

@Suite struct ReplicationMessageTests {
    private static func examples() throws -> [ReplicationMessage] {
        let record = try records(1)[0]
        let reasons: [ReplicationRefusal] = [
            .unknownVersion(3), .wrongChain(chain), .fork(height: 4), .pruned(firstBlock: 7),
            .staleTerm(promised: 8),
        ]
        return [
            hello(tip(record), term: 5), .record(term: 6, record: record),
            .acknowledgement(term: 7, tip: genesis, isBehind: true),
            .heartbeat(term: 8, tip: genesis),
        ] + reasons.map { .refusal(term: 9, reason: $0) }
    }

    @Test func everyMessageHasOneEncoding() throws {
        for message in try Self.examples() {
            let bytes = message.canonicalBytes
            #expect(try ReplicationMessage(canonicalBytes: bytes) == message)
            for end in bytes.indices {
                #expect(throws: DecodingFault.self) {
                    try ReplicationMessage(canonicalBytes: Array(bytes[..<end]))
                }
            }
            #expect(throws: DecodingFault.self) {
                try ReplicationMessage(canonicalBytes: bytes + [0])
            }
        }
        #expect(throws: DecodingFault(.unknownTag, at: 0)) {
            try ReplicationMessage(canonicalBytes: [5])
        }
    }

    @Test func noBytesTrap() throws {
        var generator = SeededGenerator(seed: 3)
        for message in try Self.examples() {
            let bytes = message.canonicalBytes
            for _ in 0..<2_000 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: changed.indices, using: &generator)
                    changed[place] = UInt8.random(in: 0...255, using: &generator)
                }
                if let decoded = try? ReplicationMessage(canonicalBytes: changed) {
                    #expect(decoded.canonicalBytes == changed)
                }
            }
        }
    }
}
