/// Agents: who may be one, what each scope holds, when it ends, and that no key that was taken away
/// runs anything any more.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Ledger

@Suite struct AgentTests {
    private static let destination = Bytes32([UInt8](repeating: 7, count: 32))

    private func grant(
        _ key: SignerKey, _ scope: AgentScope = .trade, in venue: Venue,
        for duration: FixedPoint.Duration = .day
    ) -> AgentGrant {
        AgentGrant(key: key, scope: scope, expiry: venue.time.advanced(by: duration))
    }

    private func agent(
        _ account: AccountIdentifier, _ slot: UInt8, _ commands: Command..., nonce: UInt64? = nil
    ) -> Send {
        Send(signer: .agent(account, slot: slot), commands: commands, nonce: nonce)
    }

    @Test func `agents are refused for each of their fields`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let (first, second) = (TestKeys.usable(1), TestKeys.usable(2))
        let master = try #require(venue.ledger.key(of: .account(account)))
        let neutral = PublicKey(Bytes32([1] + [UInt8](repeating: 0, count: 31)))
        let noPoint = PublicKey(Bytes32([2] + [UInt8](repeating: 0, count: 31)))
        func rows(_ commands: [(Command, Refusal?)]) throws {
            for (command, refusal) in commands {
                #expect(
                    try venue.apply(.by(account, command)).refusals == [refusal], "\(command)")
            }
        }
        try rows([
            (.setAgent(0, grant(first, in: venue)), .slotOutOfRange),
            (.setAgent(33, grant(first, in: venue)), .slotOutOfRange),
            (.setAgent(0, nil), .slotOutOfRange), (.setAgent(1, nil), .unknownAgent),
            (.setAgent(1, grant(master, in: venue)), .keyInUse),
            (.setAgent(1, grant(.ed25519(neutral), in: venue)), .unusableKey),
            (.setAgent(1, grant(.ed25519(noPoint), in: venue)), .unusableKey),
            (.rotateMaster(.ed25519(neutral)), .unusableKey),
            (.setAgent(32, grant(first, in: venue)), nil),
            (.setAgent(1, grant(first, in: venue)), .keyInUse),
            (.setAgent(1, grant(second, in: venue)), nil),
            (.setAgent(32, grant(second, in: venue)), .keyInUse),
            (.setAgent(32, grant(first, .cancel, in: venue)), nil),
            (.rotateMaster(first), .keyInUse), (.rotateMaster(master), .keyInUse),
            (.setAgent(32, nil), nil), (.setAgent(32, nil), .unknownAgent),
            (.setAgent(2, grant(TestKeys.ethereum(1), in: venue)), nil),
        ])
        #expect(venue.ledger.keys(of: account)?.agents.map(\.number) == [1, 2, 32])
        #expect(venue.ledger.key(of: .agent(account, slot: 32)) == nil)
        #expect(venue.ledger.key(of: .agent(account, slot: 1)) == second)
    }

    @Test func `a grant ends between the block's time and 366 days later`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let longest = AccountKeys.longestGrant.nanoseconds
        for (distance, refusal) in [
            (-1, .grantOutOfRange), (0, nil), (Int64(longest), nil),
            (Int64(longest) + 1, .grantOutOfRange),
        ] as [(Int64, Refusal?)] {
            var block = venue.block([])
            let end = Timestamp(
                nanoseconds: UInt64(Int64(block.time.nanoseconds) + distance))
            let command = Command.setAgent(
                1, AgentGrant(key: TestKeys.usable(1), scope: .trade, expiry: end))
            block.transactions = [
                venue.encoded(.by(account, command), at: Timestamp(nanoseconds: .max))
            ]
            #expect(try venue.apply(block).refusals == [refusal], "\(distance)")
        }
    }

    @Test func `an agent signs up to its end and no longer`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let end = venue.block([]).time.advanced(by: .seconds(10))
        try venue.apply(
            .by(
                account,
                .setAgent(
                    3, AgentGrant(key: TestKeys.usable(1), scope: .cancel, expiry: end))))
        for (nanoseconds, refusal) in [(UInt64(0), Refusal?.none), (1, .agentExpired)] {
            var block = venue.block([])
            block.time = Timestamp(nanoseconds: end.nanoseconds + nanoseconds)
            block.observations = []
            let send = agent(account, 3, .cancelAll(nil))
            let transaction = venue.transaction(send, expiry: Timestamp(nanoseconds: .max))
            block.transactions = [transaction.canonicalBytes]
            #expect(venue.ledger.admissionRefusal(of: transaction, at: block.time) == refusal)
            #expect(try venue.apply(block).refusals == [refusal])
        }
    }

    /// Every command by an agent of every scope: what the table does not name is out of scope,
    /// and leaves no trace.
    @Test func `a scope holds what the table says and nothing else`() throws {
        var random = SeededGenerator(seed: 5)
        let cancels = ["cancel", "cancelLabel", "cancelAll", "cancelQuotes"]
        let trades =
            cancels + [
                "place", "amend", "quote", "setProtection", "resetProtection", "combo",
                "blockTrade", "requestForQuote", "transfer", "transferAsset",
            ]
        let table: [(AgentScope, [String])] = [
            (.trade, trades), (.cancel, cancels),
            (.withdraw, ["withdraw", "withdrawAsset", "cancelWithdrawal"]),
        ]
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        for (place, row) in table.enumerated() {
            let slot = UInt8(place) + 1
            try venue.apply(
                .by(account, .setAgent(slot, grant(TestKeys.usable(place), row.0, in: venue))))
        }
        let keys = venue.ledger.keys(of: account)
        for (place, row) in table.enumerated() {
            for command in SampleCommands.all(&random) {
                let text = String(decoding: command.summary, as: UTF8.self)
                let name = String(text.prefix { $0 != " " })
                let isHeld = row.1.contains(name)
                #expect(command.isHeld(by: row.0) == isHeld, "\(row.0): \(name)")
                let send = agent(account, UInt8(place) + 1, command)
                let transaction = venue.transaction(send, expiry: Timestamp(nanoseconds: .max))
                let admission = venue.ledger.admissionRefusal(
                    of: transaction, at: venue.block([]).time)
                #expect(admission == (isHeld ? nil : .outOfScope), "\(row.0): \(name)")
                let refusal = try venue.apply(send).refusals.first ?? nil
                #expect((refusal == .outOfScope) == !isHeld, "\(row.0): \(name)")
            }
        }
        // No agent has changed a key, a grant or a destination.
        let after = venue.ledger.keys(of: account)
        #expect(after?.master == keys?.master && after?.destinations == keys?.destinations)
        #expect(after?.agents.map(\.grant) == keys?.agents.map(\.grant))
        #expect(venue.ledger.accounts.accounts.count == 1)
    }

    @Test func `a batch is judged command by command`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.apply(.by(account, .setAgent(1, grant(TestKeys.usable(1), in: venue))))
        let outcome = try venue.apply(
            agent(
                account, 1, .buy(1, at: 49_000), .withdraw(dollars: 1),
                .rotateMaster(TestKeys.usable(2)), .buy(1, at: 49_001)))
        #expect(outcome.refusals == [nil, .outOfScope, .outOfScope, nil])
        #expect(venue.openOrders(account).count == 2)
    }

    @Test func `a trading agent moves money among its owner's accounts alone`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 10)
        try venue.apply(.by(accounts[0], .setAgent(1, grant(TestKeys.usable(1), in: venue))))
        #expect(
            try venue.apply(agent(accounts[0], 1, .transfer(.dollars(5), to: accounts[1])))
                .refusals == [.otherOwner])
        #expect(
            try venue.apply(agent(accounts[0], 1, .transfer(.dollars(5), to: sibling)))
                .refusals == [nil])
        #expect(
            try venue.apply(.by(accounts[0], .transfer(.dollars(5), to: accounts[1])))
                .refusals == [nil])
    }

    @Test func `an agent for withdrawals pays out to listed destinations in effect alone`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.apply(
            .by(
                account,
                .setAgent(
                    1, grant(TestKeys.usable(1), .withdraw, in: venue, for: .seconds(900_000)))))
        let withdrawal = Command.withdraw(.dollars(5), destination: Self.destination)
        // Without a list the master may, and the agent may not.
        #expect(
            try venue.apply(agent(account, 1, withdrawal)).refusals == [.destinationNotAllowed])
        #expect(try venue.apply(.by(account, withdrawal)).refusals == [nil])
        try venue.apply(.by(account, .allowDestination(Self.destination)))
        #expect(
            try venue.apply(agent(account, 1, withdrawal)).refusals == [.destinationNotAllowed])
        try venue.wait(blocks: 1, seconds: 86_400)
        #expect(try venue.apply(agent(account, 1, withdrawal)).refusals == [nil])
        #expect(venue.last?.events.contains { $0.isWithdrawal } == true)
    }

    /// What was verified under a key or grant runs no more in a block that changed it, not even a
    /// placement that waits for its class.
    @Test func `a key that is taken away runs nothing more in the same block`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.apply(.by(account, .setAgent(1, grant(TestKeys.usable(1), in: venue))))
        let revoked = try venue.apply(
            agent(account, 1, .buy(1, at: 49_000)), .by(account, .setAgent(1, nil)),
            agent(account, 1, .buy(1, at: 49_000)))
        #expect(revoked.refusals == [.keyChanged, nil, .keyChanged])
        #expect(venue.openOrders(account).isEmpty)
        #expect(
            try venue.apply(agent(account, 1, .cancelAll(nil), nonce: 9)).refusals
                == [.unknownSigner])
        let rotated = try venue.apply(
            .by(account, .buy(1, at: 49_000), .rotateMaster(TestKeys.ethereum(1))),
            .by(account, .withdraw(dollars: 1)))
        #expect(rotated.refusals == [.keyChanged, nil, .keyChanged])
        #expect(venue.ledger.key(of: .account(account)) == TestKeys.ethereum(1))
        #expect(try venue.apply(.by(account, .buy(1, at: 49_000))).refusals == [nil])
    }

    /// The attack: revoke, grant the same key again, and replay what it signed the first time.
    @Test func `a key that comes back does not bring its old transactions`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let key = TestKeys.usable(1)
        let forever = Timestamp(nanoseconds: .max)
        try venue.apply(.by(account, .setAgent(1, grant(key, in: venue))))
        let order = venue.transaction(agent(account, 1, .buy(1, at: 49_000)), expiry: forever)
        var block = venue.block([])
        block.transactions = [order.canonicalBytes]
        #expect(try venue.apply(block).refusals == [nil])
        try venue.apply(.by(account, .setAgent(1, nil)))
        try venue.apply(
            .by(account, .setAgent(1, grant(key, in: venue))),
            .by(account, .setAgent(2, grant(TestKeys.usable(2), in: venue))))
        // Nor does it go under another slot, or as the master.
        var asOther = order
        asOther.signer = .agent(account, slot: 2)
        var asMaster = order
        asMaster.signer = .account(account)
        var replay = venue.block([])
        replay.transactions = [order, asOther, asMaster].map(\.canonicalBytes)
        #expect(
            try venue.apply(replay).refusals == [.nonceUsed, .badSignature, .badSignature])
        // The master's nonces outlive its rotation just so.
        let master = TestKeys.usable(8)
        #expect(try venue.apply(.by(account, .rotateMaster(master))).refusals == [nil])
        let old = venue.transaction(.by(account, .cancelAll(nil)), expiry: forever)
        var run = venue.block([])
        run.transactions = [old.canonicalBytes]
        #expect(try venue.apply(run).refusals == [nil])
        for key in [TestKeys.usable(9), master] {
            #expect(try venue.apply(.by(account, .rotateMaster(key))).refusals == [nil])
        }
        var again = venue.block([])
        again.transactions = [old.canonicalBytes]
        #expect(try venue.apply(again).refusals == [.nonceUsed])
    }

    @Test func `each signer has nonces of its own`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.apply(
            .by(
                account, .setAgent(1, grant(TestKeys.usable(1), in: venue)),
                .setAgent(2, grant(TestKeys.usable(2), in: venue)), nonce: 50))
        for slot in [1, 2] as [UInt8] {
            for (nonce, refusal) in [
                (50, nil), (50, .nonceUsed), (300, nil), (49, nil), (45, nil), (44, .nonceTooOld),
            ] as [(UInt64, Refusal?)] {
                let send = agent(account, slot, .cancelAll(nil), nonce: nonce)
                #expect(try venue.apply(send).refusals == [refusal], "\(slot): \(nonce)")
            }
        }
        #expect(venue.ledger.nonces(of: .account(account))?.highest == 50)
        #expect(venue.ledger.nonces(of: .agent(account, slot: 9))?.highest == 0)
        #expect(venue.ledger.nonces(of: .account(AccountIdentifier(9))) == nil)
    }
}

extension Event {
    fileprivate var isWithdrawal: Bool {
        if case .withdrawn = self { true } else { false }
    }
}
