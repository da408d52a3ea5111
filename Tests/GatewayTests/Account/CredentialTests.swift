/// Credentials: how they are made and kept, how somebody proves who he is, and what somebody can do
/// who has stolen one.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Testing

@testable import Custody
@testable import Gateway

@Suite("Credentials")
struct CredentialTests {
    private let order =
        #"{"instrument_name":"BTC_USDC-PERPETUAL","amount":0.01,"price":49900}"#

    // Keeping.

    @Test("A vault comes back from its sealed bytes, and from no others")
    func sealing() throws {
        var vault = CredentialVault()
        let offer = try vault.create(
            account: AccountIdentifier(3), scope: .trade, expiry: Timestamp(nanoseconds: 9))
        _ = try vault.create(
            account: AccountIdentifier(3), scope: .read, expiry: Timestamp(nanoseconds: 9))
        let passphrase = Secret(copying: Array("correct horse".utf8))
        let cost = SealedFile.Cost(operations: 1, memory: 8_192)
        let file = try SealedFile.seal(vault.encoded(), passphrase: passphrase, cost: cost)
        #expect(!String(decoding: file, as: UTF8.self).contains(offer.secret))
        let again = try CredentialVault(
            encoded: try SealedFile.open(file, passphrase: passphrase))
        #expect(again.count == 2)
        let credential = try #require(again[offer.identifier])
        #expect(credential.hasSecret(offer.secret))
        #expect(credential.agentKey == offer.agentKey)
        #expect(throws: CredentialFault.unreadable) {
            _ = try CredentialVault(encoded: Secret(copying: [1, 1, 0, 0, 0]))
        }
        #expect(throws: CredentialFault.unreadable) {
            _ = try CredentialVault(encoded: Secret(copying: [9]))
        }
    }

    @Test("Agents get slots that are free, until there is none")
    func slots() throws {
        var vault = CredentialVault()
        let account = AccountIdentifier(0)
        let expiry = Timestamp(nanoseconds: 9)
        for slot in UInt8(1)...32 where slot != 7 {
            let offer = try vault.create(
                account: account, scope: .trade, expiry: expiry, taken: [7])
            #expect(vault[offer.identifier]?.slot == slot)
        }
        #expect(throws: CredentialFault.noSlotLeft(account)) {
            _ = try vault.create(account: account, scope: .cancel, expiry: expiry, taken: [7])
        }
        let reader = try vault.create(account: account, scope: .read, expiry: expiry)
        #expect(reader.command == nil)
        #expect(throws: CredentialFault.unknownCredential("nobody")) {
            try vault.remove("nobody")
        }
        #expect(try vault.remove(reader.identifier) == nil)
    }

    @Test("Nothing that is printed of a credential holds its secret")
    func printing() throws {
        var vault = CredentialVault()
        let offer = try vault.create(
            account: AccountIdentifier(0), scope: .trade, expiry: Timestamp(nanoseconds: 9))
        let credential = try #require(vault[offer.identifier])
        var dumped = ""
        dump(credential, to: &dumped)
        let all = "\(credential) \(String(reflecting: credential)) \(dumped)"
        #expect(!all.contains(offer.secret))
    }

    // Proving.

    @Test(
        "A wrong secret, an unknown client and a stranger's header get one answer without a secret")
    func failures() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect()
        var texts: [String] = []
        for (name, secret) in [
            (client.offer.identifier, client.offer.secret + "x"), ("nobody", client.offer.secret),
        ] {
            let answer = try venue.call(
                "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(name)","#
                    + #""client_secret":"\#(secret)"}"#, on: session)
            #expect(answer.refusalCode == 13_004)
            texts.append(String(describing: answer["error"]))
            #expect(!String(describing: answer).contains(client.offer.secret))
        }
        #expect(texts[0] == texts[1])
        let header = try venue.http(
            APIRequest(
                verb: .get, path: "/api/v2/private/get_open_orders",
                authorization: "Basic bm9ib2R5OnNlY3JldA=="))
        #expect(header.refusalCode == 13_004)
        #expect(
            try venue.call("private/get_open_orders", on: session).refusalCode == 10_000)
    }

    @Test("Too many failures make a client wait, and then it may try again")
    func throttling() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect()
        func attempt(_ secret: String, after seconds: UInt64 = 0) throws -> JSON.Value {
            try venue.call(
                "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(client.offer.identifier)","#
                    + #""client_secret":"\#(secret)"}"#, on: session,
                now: venue.now.advanced(by: .seconds(seconds)))
        }
        for _ in 0..<10 { #expect(try attempt("wrong").refusalCode == 13_004) }
        let waiting = try attempt(client.offer.secret)
        #expect(waiting.refusalCode == 10_028)
        #expect(waiting["error"]?["data"]?["wait"]?.number?.integer == 60_000)
        #expect(try attempt(client.offer.secret, after: 60)["result"] != nil)
    }

    private func signed(
        _ client: Client, _ venue: AccountVenue, nonce: String, skew milliseconds: Int64 = 0,
        path: String = "/api/v2/private/get_open_orders", body: String = "",
        verb: APIRequest.Verb = .get
    ) -> APIRequest {
        let time = venue.now.milliseconds + milliseconds
        let text = "\(time)\n\(nonce)\n\(verb.rawValue)\n\(path)\n\(body)\n"
        let tag = MessageAuthentication.tag(
            of: Array(text.utf8), key: Secret(copying: Array(client.offer.secret.utf8)))
        return APIRequest(
            verb: verb, path: path,
            authorization: "deri-hmac-sha256 id=\(client.offer.identifier),ts=\(time),"
                + "sig=\(Hexadecimal.text(tag.bytes)),nonce=\(nonce)",
            body: Array(body.utf8))
    }

    @Test("A signed request works once, in its time, for its own words")
    func signatures() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let good = signed(client, venue, nonce: "a")
        #expect(try venue.http(good)["result"]?.elements?.isEmpty == true)
        let replayed = try venue.http(good)
        #expect(replayed.refusalCode == 13_004)
        // A minute either way, both sides of the limit.
        #expect(
            try venue.http(signed(client, venue, nonce: "b", skew: 60_000))["result"] != nil)
        #expect(
            try venue.http(signed(client, venue, nonce: "c", skew: -60_000))["result"] != nil)
        #expect(
            try venue.http(signed(client, venue, nonce: "d", skew: 60_001)).refusalCode == 13_004)
        #expect(
            try venue.http(signed(client, venue, nonce: "e", skew: -60_001)).refusalCode == 13_004)
        var other = signed(client, venue, nonce: "f")
        other.query = "type=all"
        #expect(try venue.http(other).refusalCode == 13_004)
        // A nonce that was never proven is not used up.
        #expect(try venue.http(signed(client, venue, nonce: "f"))["result"] != nil)
        // Clients that take the time for their nonce send two requests with one.
        let beside = signed(client, venue, nonce: "a", path: "/api/v2/private/get_positions")
        #expect(try venue.http(beside)["result"] != nil)
        #expect(try venue.http(beside).refusalCode == 13_004)
        #expect(try venue.http(good).refusalCode == 13_004)
    }

    @Test("A replay is refused as long as its time would be good")
    func replayWindow() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let early = signed(client, venue, nonce: "n", skew: 60_000)
        #expect(try venue.http(early)["result"] != nil)
        for seconds in [1, 59, 119, 120] as [UInt64] {
            let later = venue.now.advanced(by: .seconds(seconds))
            #expect(try venue.http(early, now: later).refusalCode == 13_004)
        }
    }

    @Test("A login by signature binds the connection")
    func signedLogin() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        let session = try venue.connect()
        let time = venue.now.milliseconds
        let tag = MessageAuthentication.tag(
            of: Array("\(time)\nxyz\n".utf8),
            key: Secret(copying: Array(client.offer.secret.utf8)))
        let parameters =
            #"{"grant_type":"client_signature","client_id":"\#(client.offer.identifier)","#
            + #""timestamp":\#(time),"nonce":"xyz","data":"","#
            + #""signature":"\#(Hexadecimal.text(tag.bytes))"}"#
        #expect(try venue.call("public/auth", parameters, on: session)["result"] != nil)
        #expect(try venue.result("private/get_open_orders", on: session).elements == [])
        let replay = try venue.call("public/auth", parameters, on: try venue.connect())
        #expect(replay.refusalCode == 13_004)
    }

    @Test("Tokens end with their time, with their connection, and by logging out")
    func tokens() throws {
        let venue = try AccountVenue()
        let client = try venue.client(try venue.openAccount(owner: 1), owner: 1)
        func token(_ scope: String, on session: SessionIdentifier) throws -> JSON.Value {
            try venue.result(
                "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(client.offer.identifier)","#
                    + #""client_secret":"\#(client.offer.secret)","scope":"\#(scope)"}"#,
                on: session)
        }
        func works(_ token: String?, after seconds: UInt64 = 0) throws -> Bool {
            try venue.http(
                APIRequest(
                    verb: .get, path: "/api/v2/private/get_open_orders",
                    authorization: "Bearer \(token ?? "")"),
                now: venue.now.advanced(by: .seconds(seconds)))["result"] != nil
        }
        let session = try venue.connect()
        let bound = try token("expires:100", on: session)
        #expect(bound["expires_in"]?.number?.integer == 100)
        let access = bound["access_token"]?.text
        #expect(try works(access, after: 99))
        #expect(try !works(access, after: 100))
        #expect(try !works(bound["refresh_token"]?.text))
        try venue.drop(session)
        #expect(try !works(access))

        let second = try venue.connect()
        let named = try token("session:bot", on: second)
        #expect(named["scope"]?.text?.contains("session:bot") == true)
        let refresh = named["refresh_token"]?.text ?? ""
        let http = try venue.connect()
        let renewed = try venue.result(
            "public/auth", #"{"grant_type":"refresh_token","refresh_token":"\#(refresh)"}"#,
            on: http)
        #expect(try works(renewed["access_token"]?.text))
        let used = try venue.call(
            "public/auth", #"{"grant_type":"refresh_token","refresh_token":"\#(refresh)"}"#,
            on: http)
        #expect(used.refusalCode == 13_004)
        try venue.drop(second)
        #expect(try works(named["access_token"]?.text))
        _ = try venue.call("private/logout", on: http)
        #expect(try !works(named["access_token"]?.text))
    }

    // Stealing.

    @Test("A key that the owner has not granted, or has revoked, or that is over, opens nothing")
    func grants() throws {
        let venue = try AccountVenue()
        let account = try venue.openAccount(owner: 1)
        let client = try venue.client(account, owner: 1, isGranted: false)
        func code(after seconds: UInt64 = 0) throws -> Int64? {
            let session = try venue.connect()
            return try venue.call(
                "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(client.offer.identifier)","#
                    + #""client_secret":"\#(client.offer.secret)"}"#, on: session,
                now: venue.now.advanced(by: .seconds(seconds))
            ).refusalCode
        }
        #expect(try code() == 13_009)
        let command = try #require(client.offer.command)
        try venue.apply([venue.transaction(.account(account), key: 1, [command])])
        #expect(try code() == nil)
        #expect(try code(after: 86_400) == 13_009)
        let session = try venue.connect(client)
        let slot = try #require(venue.gateway.desk.vault[client.offer.identifier]?.slot)
        try venue.apply([venue.transaction(.account(account), key: 1, [.setAgent(slot, nil)])])
        #expect(try code() == 13_009)
        // Who is authenticated already is shut out, and the ledger refuses what is on its way.
        #expect(venue.closed.contains(session))
        let credential = try #require(venue.gateway.desk.vault[client.offer.identifier])
        let late = venue.gateway.desk.sign(
            [.cancelAll(nil)], by: credential, expiry: venue.now.advanced(by: .hour))
        #expect(try venue.apply([late]).receipts.first?.refusal != nil)
        #expect(venue.ledger.openOrders(of: account).isEmpty)
    }

    @Test("A credential for less does not trade, and one that reads does not cancel")
    func scopes() throws {
        let venue = try AccountVenue()
        let account = try venue.openAccount(owner: 1)
        let trader = try venue.connect(try venue.client(account, owner: 1))
        let canceller = try venue.connect(try venue.client(account, owner: 1, .cancel))
        let reader = try venue.connect(try venue.client(account, owner: 1, .read))
        let narrowed = try venue.connect(
            try venue.client(account, owner: 1), scope: "trade:read wallet:read_write")
        _ = try venue.result("private/buy", order, on: trader)
        for session in [canceller, reader, narrowed] {
            let answer = try venue.call("private/buy", order, on: session)
            #expect(answer.refusalCode == 13_021)
        }
        #expect(try venue.call("private/cancel_all", on: reader).refusalCode == 13_021)
        #expect(try venue.result("private/get_open_orders", on: reader).elements?.count == 1)
        #expect(
            try venue.result("private/cancel_all", on: canceller).number?.integer == 1)
    }

    @Test("Nobody sees or ends the orders of another account")
    func strangers() throws {
        let venue = try AccountVenue()
        let victim = try venue.connect(
            try venue.client(try venue.openAccount(owner: 1), owner: 1))
        let thief = try venue.connect(
            try venue.client(try venue.openAccount(owner: 2), owner: 2))
        let placed = try venue.result("private/buy", order, on: victim)
        let number = try #require(placed["order"]?["order_id"]?.text)
        for method in ["get_order_state", "cancel", "get_user_trades_by_order"] {
            let answer = try venue.call(
                "private/\(method)", #"{"order_id":"\#(number)"}"#, on: thief)
            #expect(answer.refusalCode == 10_004)
        }
        let edit = try venue.call(
            "private/edit", #"{"order_id":"\#(number)","amount":0.02}"#, on: thief)
        #expect(edit.refusalCode == 10_004)
        for method in ["get_positions", "get_transaction_log", "get_account_summary"] {
            let answer = try venue.call(
                "private/\(method)",
                #"{"currency":"USDC","subaccount_id":0,"start_timestamp":0,"end_timestamp":1}"#,
                on: thief)
            #expect(answer.refusalCode == 13_021)
        }
        #expect(try venue.result("private/get_open_orders", on: victim).elements?.count == 1)
    }

    @Test("A stolen credential cannot withdraw, pay strangers, or widen its scope")
    func theft() throws {
        let venue = try AccountVenue()
        let account = try venue.openAccount(owner: 1)
        let stranger = try venue.openAccount(owner: 2)
        let client = try venue.client(account, owner: 1)
        let session = try venue.connect(client)
        let withdrawal = try venue.call(
            "private/withdraw", #"{"currency":"USDC","address":"x","amount":1}"#, on: session)
        #expect(withdrawal.refusalCode == 13_021)
        let payment = try venue.call(
            "private/submit_transfer_to_subaccount",
            #"{"currency":"USDC","amount":1,"destination":\#(stranger.number)}"#, on: session)
        #expect(payment.refusalCode == 13_021)
        // With the key itself, past the gateway: the ledger refuses too.
        let credential = try #require(venue.gateway.desk.vault[client.offer.identifier])
        let more = AgentGrant(
            key: .ed25519(PlainKeys.key(99).publicKey), scope: .withdraw,
            expiry: venue.now.advanced(by: .day))
        let commands: [Command] = [
            .withdraw(Amount(microunits: 1), destination: Bytes32()),
            .transfer(Amount(microunits: 1), to: stranger), .setAgent(credential.slot, more),
            .rotateMaster(.ed25519(PlainKeys.key(99).publicKey)),
            .allowDestination(Bytes32()), .openSubaccount(CompartmentIdentifier(0)),
        ]
        venue.gateway.desk.learn(credential, ledger: venue.ledger)
        let bytes = venue.gateway.desk.sign(
            commands, by: credential, expiry: venue.now.advanced(by: .hour))
        let outcome = try venue.apply([bytes])
        #expect(outcome.receipts.allSatisfy { $0.refusal != nil })
        #expect(venue.ledger.accounts.cash(of: account).units == 1_000_000_000_000)
    }

    @Test("Scope texts are read strictly")
    func scopeTexts() throws {
        let request = try ScopeRequest("session:bot trade:read expires:30 account:none")
        #expect(request.session == "bot")
        #expect(request.lifetime == 30)
        #expect(request.rights == .readTrade)
        #expect(try ScopeRequest("").rights == nil)
        for text in [
            "trade", "trade:write", "expires:0", "expires:31536001", "session:", "ip:1.2.3.4",
            "session:" + String(repeating: "x", count: 33), "wallet:all",
        ] {
            #expect(throws: ScopeRequest.Fault.self) { try ScopeRequest(text) }
        }
    }

    @Test(
        "Authorization headers are read strictly",
        arguments: [
            "", "Bearer", "Bearer ", "Token x", "Basic ???", "Basic bm9ib2R5",
            "deri-hmac-sha256 id=a,ts=1,sig=00", "deri-hmac-sha256 id=a,ts=1,sig=00,nonce=b",
            "deri-hmac-sha256 id=a,id=b,ts=1,sig=00,nonce=b", "deri-hmac-sha256 id,ts=1",
        ])
    func headers(_ text: String) {
        #expect(AuthorizationHeader(text) == nil)
    }
}
