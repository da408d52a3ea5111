/// Leader and follower with real stores, message by message; and a takeover that goes on.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Replication

@Suite struct SessionTests {
    let site: Site

    init() throws {
        site = try Site()
        for name in ["leader", "follower"] {
            try BlockStore.create(
                at: site.path(name), machine: ToyMachine(), options: .leaves(every: 7))
        }
    }

    /// Carries messages until both are silent; what the leader learnt last is returned.
    private func exchange(
        _ leader: inout LeaderSession, _ follower: inout FollowerSession<ToyMachine>,
        _ first: SessionOutput
    ) throws -> UInt64? {
        var toLeader = first.messages
        var acknowledged: UInt64?
        while !toLeader.isEmpty {
            let output = try leader.receive(toLeader.removeFirst())
            acknowledged = output.acknowledged ?? acknowledged
            for message in output.messages { toLeader += try follower.receive(message).messages }
        }
        return acknowledged
    }

    @Test func aFollowerCatchesUpFollowsAndTakesOver() throws {
        let (store, _, _) = try reopened(site.path("leader"))
        var venue = ToyVenue(seed: 1)
        try venue.run(200, into: store)
        let (copy, started, _) = try reopened(site.path("follower"))
        var leader = try LeaderSession(store: store, term: 0, window: 16)
        var follower = try FollowerSession(store: copy, machine: started)
        let learnt = try exchange(&leader, &follower, try follower.connected())
        #expect(learnt == 200)
        #expect(copy.chainTip == store.chainTip)
        #expect(follower.machine.contents == venue.machine.contents)
        #expect(follower.lag == 0 && leader.lag == 0)

        try venue.run(1, into: store)
        let pushed = try leader.committed(store.chainTip)
        #expect(pushed.messages.count == 1)
        let answer = try follower.receive(pushed.messages[0])
        #expect(answer.stored == 201)
        #expect(try leader.receive(answer.messages[0]).acknowledged == 201)

        // The old leader makes one more block that nobody is told of.
        let term = try follower.takeOver()
        #expect(term == 1)
        #expect(try copy.term == 1)
        var fork = venue
        try fork.run(1, into: store)
        let late = try leader.committed(store.chainTip)
        let refusal = try follower.receive(late.messages[0])
        #expect(refusal.stored == nil)
        #expect(try leader.receive(refusal.messages[0]).stepDown == 1)
        #expect(leader.isClosed)

        // The new leader goes on in its own term, and takes no block of the old one.
        #expect(throws: StorageFault.staleTerm(promised: 1, found: 0)) {
            var other = venue
            try copy.commit(try other.next(term: 0), leaves: LeafList())
        }
        let next = try venue.next(term: term)
        try copy.commit(next, leaves: venue.machine.changedLeaves())
        #expect(copy.tip == next.header)
        // The old one cannot follow it: its last block is another one.
        var second = try LeaderSession(store: copy, term: term)
        var old = try FollowerSession(store: store, machine: fork.machine)
        let hello = try old.connected()
        let verdict = try second.receive(hello.messages[0])
        #expect(verdict.closing == .fork(height: 202))
    }

    @Test func aMachineThatDiffersStopsTheFollowerBeforeItStores() throws {
        let (store, _, _) = try reopened(site.path("leader"))
        var venue = ToyVenue(seed: 1)
        try venue.run(5, into: store)
        let (copy, started, _) = try reopened(site.path("follower"))
        var wrong = started
        wrong.wrongAt = 3
        var leader = try LeaderSession(store: store, term: 0)
        var follower = try FollowerSession(store: copy, machine: wrong)
        let hello = try follower.connected()
        #expect(throws: StorageFault.diverged(height: 3, in: .root)) {
            _ = try exchange(&leader, &follower, hello)
        }
        #expect(copy.chainTip.height == 2)
    }

    @Test func bytesThatAreNoMessageAreAFault() throws {
        let (store, machine, _) = try reopened(site.path("leader"))
        var leader = try LeaderSession(store: store, term: 0)
        #expect(throws: StorageFault.self) { try leader.receive([9, 9]) }
        var follower = try FollowerSession(store: store, machine: machine)
        #expect(throws: StorageFault.self) { try follower.receive([]) }
    }
}
