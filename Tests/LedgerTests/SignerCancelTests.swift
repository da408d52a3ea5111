/// Cancels among several signers of one account, and cancels that overtake: what was sent before a
/// cancel never slips in after it.

import Accounts
import Canonical
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Ledger

@Suite struct SignerCancelTests {
    /// An account with a trading agent in slot 1 and a cancelling one in slot 2.
    private func venue() throws -> (Venue, AccountIdentifier) {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 100_000)[0]
        let end = venue.time.advanced(by: .day)
        try venue.apply(
            .by(
                account,
                .setAgent(
                    1, AgentGrant(key: TestKeys.usable(1), scope: .trade, expiry: end)),
                .setAgent(
                    2, AgentGrant(key: TestKeys.usable(2), scope: .cancel, expiry: end))))
        return (venue, account)
    }

    private func agent(
        _ account: AccountIdentifier, _ slot: UInt8, _ command: Command, nonce: UInt64
    ) -> Send {
        Send(signer: .agent(account, slot: slot), commands: [command], nonce: nonce)
    }

    private func order(_ dollars: Int64, name: UInt64 = 0, label: String = "") -> Command {
        .place(
            OrderRequest(
                instrument: InstrumentIdentifier(0), side: .buy,
                limit: Price(ticks: dollars * 2), quantity: Quantity(lots: 1),
                clientIdentifier: ClientOrderIdentifier(name),
                label: Label(Array(label.utf8)) ?? Label()))
    }

    /// Whichever comes first in the block, and whatever the nonces: nothing says which was sent
    /// first, and the order too many would be the worse mistake.
    @Test func `a cancel by one signer voids what others place in the block`() throws {
        for nonces in [(1, 9), (9, 1)] as [(UInt64, UInt64)] {
            for cancelFirst in [false, true] {
                let (venue, account) = try venue()
                let placement = agent(account, 1, order(49_000), nonce: nonces.0)
                let cancel = agent(account, 2, .cancelAll(nil), nonce: nonces.1)
                let outcome = try venue.apply(
                    cancelFirst ? cancel : placement, cancelFirst ? placement : cancel)
                #expect(outcome.refusals.contains(.cancelledBefore))
                #expect(venue.openOrders(account).isEmpty)
                // In the next block it trades again.
                #expect(
                    try venue.apply(agent(account, 1, order(49_000), nonce: 20)).refusals == [nil])
            }
        }
    }

    @Test func `a cancel voids no more of another signer than it names`() throws {
        let (venue, account) = try venue()
        let outcome = try venue.apply(
            agent(account, 2, .cancelClient(ClientOrderIdentifier(5)), nonce: 1),
            agent(account, 2, .cancelQuotes(nil), nonce: 2),
            agent(account, 1, order(49_000, name: 5), nonce: 1),
            agent(account, 1, order(49_000, name: 6), nonce: 2))
        #expect(outcome.refusals == [.unknownOrder, nil, .cancelledBefore, nil])
    }

    /// An order that waits for its trigger runs among the cancels, in the order of the block.
    @Test func `a waiting order stands after another signer's cancel, and falls to the next`()
        throws
    {
        let (venue, account) = try venue()
        let waiting = Command.place(
            OrderRequest(
                instrument: InstrumentIdentifier(0), side: .buy, limit: Price(ticks: 102_000),
                quantity: Quantity(lots: 1),
                trigger: Trigger(.stop, on: .mark, at: Price(ticks: 101_000))))
        let outcome = try venue.apply(
            agent(account, 2, .cancelAll(nil), nonce: 1), agent(account, 1, waiting, nonce: 1))
        #expect(outcome.refusals == [nil, nil])
        #expect(venue.openOrders(account).count == 1)
        try venue.apply(
            agent(account, 1, waiting, nonce: 2), agent(account, 2, .cancelAll(nil), nonce: 2))
        #expect(venue.openOrders(account).isEmpty)
        // Of its own signer it is void under a lower nonce, although it comes later.
        let own = try venue.apply(
            agent(account, 1, .cancelAll(nil), nonce: 9), agent(account, 1, waiting, nonce: 8))
        #expect(own.refusals == [nil, .cancelledBefore])
    }

    /// The attack on the window: an order that was sent before the panic button arrives a block
    /// after it.
    @Test func `an order overtaken by a cancel of many is void in every later block`() throws {
        let instrument = InstrumentIdentifier(0)
        let label = Label(Array("x".utf8)) ?? Label()
        for cancel in [
            .cancelAll(nil), .cancelAll(instrument), .cancelLabel(label), .cancelQuotes(nil),
        ] as [Command] {
            let (venue, account) = try venue()
            #expect(try venue.apply(agent(account, 1, cancel, nonce: 10)).refusals == [nil])
            #expect(
                try venue.apply(agent(account, 1, order(49_000), nonce: 9)).refusals
                    == [.cancelledBefore])
            let leaves = venue.ledger.leaves()
            let restored = try Ledger(
                genesis: venue.ledger.genesis, leaves: leaves, root: venue.ledger.root)
            let block = venue.block([agent(account, 1, order(49_000), nonce: 8)])
            let again = try restored.apply(block, verifier: TestSignatures())
            #expect(try venue.apply(block).refusals == [.cancelledBefore])
            #expect(again.refusals == [.cancelledBefore])
            #expect(
                try venue.apply(agent(account, 1, order(49_000), nonce: 11)).refusals == [nil])
            // Other signers go on.
            #expect(
                try venue.apply(Send.by(account, order(49_001), nonce: 9)).refusals == [nil])
        }
    }

    @Test func `a cancel by name voids nothing after its block`() throws {
        let (venue, account) = try venue()
        try venue.apply(
            agent(account, 1, .cancelClient(ClientOrderIdentifier(5)), nonce: 10))
        #expect(
            try venue.apply(agent(account, 1, order(49_000, name: 6), nonce: 9)).refusals == [nil])
    }

    @Test func `orders of one signer may arrive out of order`() throws {
        let (venue, account) = try venue()
        for nonce in [5, 3, 4, 1, 2] as [UInt64] {
            let outcome = try venue.apply(
                agent(account, 1, order(49_000 + Int64(nonce)), nonce: nonce))
            #expect(outcome.refusals == [nil])
        }
        #expect(venue.openOrders(account).count == 5)
    }
}
