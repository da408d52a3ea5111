/// Accounts leaf by leaf with proofs, and what a block has made of a transaction's orders.

import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Markets
import Testing

@testable import Gateway

@Suite struct AccountProofTests {
    private func place(_ lots: Int64, _ side: Side, at ticks: Int64) -> Command {
        .place(
            OrderRequest(
                instrument: GatewayGenesis.bitcoin, side: side, limit: Price(ticks: ticks),
                quantity: Quantity(lots: lots)))
    }

    @Test func everyLeafOfAnAccountIsProvenUnderOneRoot() throws {
        let venue = try GatewayVenue()
        let account = try venue.openAccounts(2)[0]
        try venue.place(account, .buy, 5, at: 99_000)
        try venue.place(account, .buy, 5, at: 98_000)
        let result = try venue.result("public/get_account", #"{"account":0}"#)
        let leaves = try #require(result["leaves"]?.elements)
        #expect(leaves.count == 4)
        for leaf in leaves {
            let key = try #require(Hexadecimal.bytes(leaf["key"]?.text ?? ""))
            let value = try #require(Hexadecimal.bytes(leaf["value"]?.text ?? ""))
            let path = (leaf["proof"]?.elements ?? []).map { step in
                ProofStep(
                    side: step["side"]?.text == "left" ? .left : .right,
                    sibling: Digest(Bytes32(Hexadecimal.bytes(step["sibling"]?.text ?? "") ?? [])))
            }
            try ExistenceProof(key: key, value: value, path: path)
                .verify(root: venue.ledger.root, key: key, value: value)
        }
        #expect(result["root"]?.text == Hexadecimal.text(venue.ledger.root.storage.bytes))
        #expect(result["equity"]?.number?.scaled(by: 0) == 1_000_000)
        #expect(result["queued_withdrawal"]?.number?.scaled(by: 0) == 0)
        let unknown = try venue.call("public/get_account", #"{"account":77}"#)
        #expect(unknown.errorCode == 13_020)
        for wrong in [#"{"account":-1}"#, #"{"account":4294967296}"#, "{}"] {
            #expect(try venue.call("public/get_account", wrong).errorCode == -32_602)
        }
    }

    /// What a transaction's answer says of its first command.
    private func receipt(
        _ venue: GatewayVenue, _ account: AccountIdentifier, _ commands: [Command],
        details: Bool = true
    ) throws -> JSON.Value {
        let session = venue.connect()
        let bytes = venue.transaction(.account(account), commands)
        let text = """
            {"id":9,"method":"public/submit_transaction","params":{"transaction":\
            "\(Hexadecimal.text(bytes))","details":\(details)}}
            """
        venue.gateway.receive(Array(text.utf8), on: session, ledger: venue.ledger, now: venue.now)
        for case .submit(let ticket, let submitted) in venue.gateway.drain() {
            try venue.apply([submitted], tickets: [ticket])
        }
        return try #require(try venue.messages(to: session).first?["result"])
    }

    @Test func aReceiptTellsWhatBecameOfItsOrder() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        let rested = try receipt(venue, accounts[0], [place(4, .sell, at: 100_200)])
        let open = try #require(rested["receipts"]?.elements?.first)
        #expect(open["order_state"]?.text == "open")
        #expect(open["filled_amount"]?.number?.scaled(by: 0) == 0)
        #expect(open["average_price"]?.isNull == true)
        _ = try receipt(venue, accounts[0], [place(4, .sell, at: 100_400)])
        let taken = try receipt(venue, accounts[1], [place(8, .buy, at: 100_400)])
        let filled = try #require(taken["receipts"]?.elements?.first)
        #expect(filled["order_state"]?.text == "filled")
        #expect(filled["average_price"]?.number?.scaled(by: 6) != nil)
        let unfilled = OrderRequest(
            instrument: GatewayGenesis.bitcoin, side: .buy, limit: Price(ticks: 98_000),
            quantity: Quantity(lots: 1), timeInForce: .immediateOrCancel)
        let both = try receipt(venue, accounts[0], [.place(unfilled)])
        let closed = try #require(both["receipts"]?.elements?.first)
        #expect(closed["order_state"]?.text == "cancelled")
        #expect(closed["cancel_reason"]?.text == "not_filled")
        #expect(both["withdrawals"]?.elements?.isEmpty == true)
    }

    @Test func aWithdrawalIsToldOfWithItsAmount() throws {
        let venue = try GatewayVenue()
        let account = try venue.openAccounts(1)[0]
        let told = try receipt(
            venue, account,
            [.withdraw(Amount(microunits: 5_000_000), destination: Bytes32())])
        let movement = try #require(told["withdrawals"]?.elements?.first)
        #expect(movement["state"]?.text == "sent" && movement["amount"]?.number?.scaled(by: 0) == 5)
    }

    @Test func nothingIsLookedForUnasked() throws {
        let venue = try GatewayVenue()
        let account = try venue.openAccounts(1)[0]
        let plain = try receipt(venue, account, [place(1, .buy, at: 98_000)], details: false)
        #expect(plain["withdrawals"] == nil)
        #expect(plain["receipts"]?.elements?.first?["order_state"] == nil)
        // Bytes that are no transaction are refused by the ledger, not here.
        let session = venue.connect()
        _ = try venue.exchange(
            """
            {"id":9,"method":"public/submit_transaction","params":{"transaction":"00",\
            "details":true}}
            """, on: session)
    }
}
