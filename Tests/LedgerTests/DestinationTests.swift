/// The allow-list and sub-accounts: an addition waits, a removal works at once, and there is no way
/// round the list by emptying it, by a transfer, or by another account.

import Accounts
import Canonical
import FixedPoint
import Testing

@testable import Ledger

@Suite struct DestinationTests {
    private static func address(_ number: UInt8) -> Bytes32 {
        Bytes32([UInt8](repeating: number, count: 32))
    }

    private func withdrawal(to number: UInt8) -> Command {
        .withdraw(.dollars(1), destination: Self.address(number))
    }

    /// The refusal of one command by an account's master.
    private func refusal(
        _ venue: Venue, _ account: AccountIdentifier, _ command: Command
    ) throws -> Refusal? {
        try venue.apply(.by(account, command)).refusals[0]
    }

    @Test func `an entry counts after a day, and from the first one on nothing else does`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        #expect(try refusal(venue, account, withdrawal(to: 1)) == nil)
        #expect(try refusal(venue, account, .allowDestination(Self.address(1))) == nil)
        let start = venue.time.advanced(by: AccountKeys.destinationDelay)
        #expect(
            try refusal(venue, account, .allowDestination(Self.address(1))) == .destinationListed)
        #expect(try refusal(venue, account, withdrawal(to: 1)) == .destinationNotAllowed)
        #expect(try refusal(venue, account, withdrawal(to: 2)) == .destinationNotAllowed)
        for (nanoseconds, expected) in [
            (start.nanoseconds - 1, Refusal.destinationNotAllowed), (start.nanoseconds, nil),
        ] as [(UInt64, Refusal?)] {
            var block = venue.block([])
            block.time = Timestamp(nanoseconds: nanoseconds)
            block.observations = venue.bundles(at: block.time)
            block.transactions = [
                venue.encoded(
                    .by(account, withdrawal(to: 1)), at: Timestamp(nanoseconds: .max))
            ]
            #expect(try venue.apply(block).refusals == [expected])
        }
        #expect(try refusal(venue, account, withdrawal(to: 2)) == .destinationNotAllowed)
    }

    @Test func `the list holds sixteen entries`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        for number in 1...16 as ClosedRange<UInt8> {
            #expect(try refusal(venue, account, .allowDestination(Self.address(number))) == nil)
        }
        #expect(
            try refusal(venue, account, .allowDestination(Self.address(17)))
                == .tooManyDestinations)
        #expect(
            try refusal(venue, account, .removeDestination(Self.address(17)))
                == .unknownDestination)
        #expect(try refusal(venue, account, .removeDestination(Self.address(3))) == nil)
        #expect(try refusal(venue, account, .allowDestination(Self.address(17))) == nil)
    }

    /// The attack: whoever has the master key empties the list and withdraws at once.
    @Test func `an account whose list was emptied pays out nowhere for a day`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.apply(.by(account, .allowDestination(Self.address(1))))
        try venue.wait(blocks: 1, seconds: 86_400)
        #expect(try refusal(venue, account, withdrawal(to: 1)) == nil)
        #expect(try refusal(venue, account, .removeDestination(Self.address(1))) == nil)
        #expect(try refusal(venue, account, withdrawal(to: 1)) == .destinationNotAllowed)
        #expect(try refusal(venue, account, withdrawal(to: 9)) == .destinationNotAllowed)
        try venue.wait(blocks: 1, seconds: 86_395)
        #expect(try refusal(venue, account, withdrawal(to: 9)) == .destinationNotAllowed)
        try venue.wait(blocks: 1, seconds: 10)
        #expect(try refusal(venue, account, withdrawal(to: 9)) == nil)
    }

    @Test func `a removal stops what the block has already been asked to pay out`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        try venue.apply(
            .by(
                account, .allowDestination(Self.address(1)), .allowDestination(Self.address(2))))
        try venue.wait(blocks: 1, seconds: 86_400)
        let outcome = try venue.apply(
            .by(
                account, withdrawal(to: 1), withdrawal(to: 2),
                .removeDestination(Self.address(1))))
        #expect(outcome.refusals == [nil, nil, nil])
        #expect(outcome.events.contains(.withdrawalCancelled(account, .dollars(1))))
        #expect(
            outcome.events.contains(
                .withdrawn(account, .dollars(1), destination: Self.address(2))))
    }

    /// The attack: money goes to an account without a list, and leaves from there.
    @Test func `from a guarded account money goes only to guarded ones of the same owner`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 10)
        func transfer(to target: AccountIdentifier) -> Command {
            .transfer(.dollars(1), to: target)
        }
        #expect(try refusal(venue, accounts[0], transfer(to: accounts[1])) == nil)
        try venue.apply(.by(accounts[0], .allowDestination(Self.address(1))))
        #expect(
            try refusal(venue, accounts[0], transfer(to: accounts[1])) == .destinationNotAllowed)
        #expect(try refusal(venue, accounts[0], transfer(to: sibling)) == .destinationNotAllowed)
        try venue.apply(
            .by(accounts[1], .allowDestination(Self.address(1))),
            .by(sibling, .allowDestination(Self.address(1))))
        #expect(
            try refusal(venue, accounts[0], transfer(to: accounts[1])) == .destinationNotAllowed)
        #expect(try refusal(venue, accounts[0], transfer(to: sibling)) == nil)
        // A sub-account takes the list over, with the times.
        let home = venue.ledger.accounts[sibling].compartment
        #expect(try refusal(venue, accounts[0], .openSubaccount(home)) == nil)
        let sub = AccountIdentifier(3)
        #expect(
            venue.ledger.keys(of: sub)?.destinations
                == venue.ledger.keys(of: accounts[0])?.destinations)
        #expect(try refusal(venue, accounts[0], transfer(to: sub)) == nil)
        #expect(try refusal(venue, sub, withdrawal(to: 9)) == .destinationNotAllowed)
    }

    @Test func `a sub-account has its parent's owner and master`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let owner = venue.ledger.accounts[account].owner
        let key = TestKeys.ethereum(4)
        try venue.apply(.by(account, .rotateMaster(key)))
        #expect(
            try refusal(venue, account, .openSubaccount(CompartmentIdentifier(9)))
                == .unknownCompartment)
        let outcome = try venue.apply(.by(account, .openSubaccount(TestGenesis.side)))
        let sub = AccountIdentifier(1)
        #expect(
            outcome.events.suffix(2) == [
                .accountOpened(sub, owner: owner, TestGenesis.side),
                .subaccountOpened(sub, by: account),
            ])
        #expect(venue.ledger.key(of: .account(sub)) == key)
        #expect(venue.ledger.accounts(ofOwner: owner) == [account, sub])
        #expect(venue.ledger.accounts(ofOwner: key).isEmpty)
        // Rotation leaves the owner, so that the two never trade with each other.
        #expect(venue.ledger.accounts[sub].owner == owner)
    }

    @Test func `an owner has 64 accounts and no more`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let owner = venue.ledger.accounts[account].owner
        for _ in 1..<Ledger.accountLimit {
            #expect(try refusal(venue, account, .openSubaccount(TestGenesis.main)) == nil)
        }
        #expect(
            try refusal(venue, account, .openSubaccount(TestGenesis.main)) == .tooManyAccounts)
        #expect(
            try venue.apply(
                .custodian(.openAccount(owner: owner, compartment: TestGenesis.main))
            ).refusals == [.tooManyAccounts])
        #expect(venue.ledger.accounts(ofOwner: owner).count == Ledger.accountLimit)
    }
}
