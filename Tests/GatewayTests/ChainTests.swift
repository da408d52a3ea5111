/// The raw path: transactions wait for their block, refusals come back by name, and a leaf's proof
/// leads to the root.

import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import TestKit
import Testing

@testable import Gateway

@Suite struct ChainTests {
    private func submit(
        _ venue: GatewayVenue, _ bytes: [UInt8], on session: SessionIdentifier
    ) -> (ticket: Ticket, bytes: [UInt8])? {
        let parameters = #"{"transaction":"\#(Hexadecimal.text(bytes))"}"#
        let text =
            #"{"id":9,"method":"public/submit_transaction","params":\#(parameters)}"#
        venue.gateway.receive(
            Array(text.utf8), on: session, ledger: venue.ledger, now: venue.now)
        for case .submit(let ticket, let submitted) in venue.gateway.drain() {
            return (ticket, submitted)
        }
        return nil
    }

    private func bundle(of publisher: UInt16, at time: Timestamp) -> ObservationBundle {
        ObservationBundle(
            publisher: PublisherIdentifier(publisher), time: time,
            observations: [
                Observation(
                    underlying: UnderlyingIdentifier(0), price: IndexPrice(micros: 1_000_000))
            ], signature: Signature(r: Bytes32(), s: Bytes32()))
    }

    private func order(_ lots: Int64) -> Command {
        .place(
            OrderRequest(
                instrument: GatewayGenesis.bitcoin, side: .buy, limit: Price(ticks: 99_000),
                quantity: Quantity(lots: lots)))
    }

    @Test func aTransactionIsAnsweredWhenItsBlockIsOnDisk() throws {
        let venue = try GatewayVenue()
        let account = try venue.openAccounts(1)[0]
        let session = venue.connect()
        let bytes = venue.transaction(.account(account), [order(1), order(0)])
        let (ticket, submitted) = try #require(submit(venue, bytes, on: session))
        #expect(submitted == bytes)
        #expect(try venue.messages(to: session).isEmpty)
        try venue.apply([submitted], tickets: [ticket])
        let answer = try #require(try venue.messages(to: session).first)
        #expect(answer["id"]?.number?.integer == 9)
        #expect(answer["result"]?["height"]?.number?.integer == 3)
        let receipts = try #require(answer["result"]?["receipts"]?.elements)
        #expect(receipts.count == 2)
        #expect(receipts[0]["accepted"]?.boolean == true && receipts[0]["order_id"] != nil)
        #expect(receipts[1]["reason"]?.text == "quantityOutOfRange")
        #expect(receipts[1]["refusal"]?.number?.integer == 302)
        #expect(venue.gateway.pending.isEmpty)
        #expect(venue.gateway.sessions[session]?.pending == 0)
    }

    @Test func observationsOfStrangersAndForgersAreRefused() throws {
        let venue = try GatewayVenue()
        let (forged, stranger) = (bundle(of: 0, at: venue.now), bundle(of: 99, at: venue.now))
        let expected: [(bytes: [UInt8], reason: String?)] = [
            (forged.canonicalBytes, "badObservationSignature"),
            (stranger.canonicalBytes, "unknownPublisher"),
            (Array(forged.canonicalBytes.dropLast()), nil),
        ]
        for (bytes, reason) in expected {
            let parameters = #"{"observation":"\#(Hexadecimal.text(bytes))"}"#
            let answer = try venue.call("public/submit_observation", parameters)
            #expect(answer["result"] == nil)
            let data = try #require(answer["error"]?["data"])
            #expect(data["reason"]?.text == reason ?? "wrong format")
        }
        for case .observe in venue.gateway.drain() { Issue.record("a forged price went on") }
    }

    @Test func attestedBytesThatWouldDoNothingAreRefusedForTheirReason() throws {
        let venue = try GatewayVenue()
        let expected: [(parameters: String, reason: String)] = [
            (#"{"attested":"zz"}"#, "wrong format"), (#"{"attested":"010"}"#, "wrong format"),
            (#"{"attested":"0100"}"#, "attestedMalformed"),
            (#"{"attested":"AQA=","encoding":"base64"}"#, "attestedMalformed"),
            (#"{"attested":"0100","encoding":"base64"}"#, "attestedMalformed"),
            (#"{"attested":"AQ","encoding":"base64"}"#, "wrong format"),
        ]
        for (parameters, reason) in expected {
            let answer = try venue.call("public/submit_attested", parameters)
            #expect(answer["result"] == nil)
            #expect(answer["error"]?["data"]?["reason"]?.text == reason, "\(parameters)")
        }
        // A report in full, of which this chain takes none.
        let maker = AttestedBytes { Keccak256.hash($0).bytes }
        let report = maker.report(
            configuration: [UInt8](repeating: 0, count: 32),
            body: AttestedBytes.market(
                feed: [0, 3] + [UInt8](repeating: 1, count: 30), prices: (2, 1, 3), start: 1,
                time: 1, end: 9),
            signers: [AttestedBytes.address(1)])
        let answer = try venue.call(
            "public/submit_attested", #"{"attested":"\#(Hexadecimal.text(report))"}"#)
        #expect(answer["error"]?["data"]?["reason"]?.text == "attestedNotTaken")
        for case .attest in venue.gateway.drain() { Issue.record("nothing goes on") }
    }

    @Test func ticketsAreMatchedByTheirPlaceInTheBlock() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(2)
        let sessions = [venue.connect(1), venue.connect(2)]
        let first = try #require(
            submit(venue, venue.transaction(.account(accounts[0]), [order(1)]), on: sessions[0]))
        let second = try #require(
            submit(venue, venue.transaction(.account(accounts[1]), [order(2)]), on: sessions[1]))
        let strange = venue.transaction(.custodian, [order(1)])
        try venue.apply(
            [strange, second.bytes, first.bytes], tickets: [nil, second.ticket, first.ticket])
        let actions = venue.gateway.drain()
        for (place, session) in zip([2, 1], sessions) {
            let answer = try #require(try venue.read(actions, to: session).first)
            #expect(answer["result"]?["place"]?.number?.integer == Int64(place))
        }
    }

    @Test func aTransactionThatIsRefusedAsAWholeIsAnError() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        let unknown = venue.transaction(.account(AccountIdentifier(77)), [order(1)])
        let (ticket, bytes) = try #require(submit(venue, unknown, on: session))
        try venue.apply([bytes], tickets: [ticket])
        let answer = try #require(try venue.messages(to: session).first)
        #expect(answer.errorCode == 13_009)
        #expect(answer.reason == "unknownSigner")
    }

    @Test(arguments: [
        (AdmissionRefusal.refused(.badSignature), Int64(13_009)), (.unavailable, 13_028),
        (.tooFast(retryAfter: .seconds(2)), 10_028),
        (.overloaded(retryAfter: Duration(nanoseconds: 1)), 10_047),
    ])
    func whatAdmissionRefusesIsAnsweredAtOnce(refusal: AdmissionRefusal, code: Int64) throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        let (ticket, _) = try #require(submit(venue, [1, 2, 3], on: session))
        venue.gateway.refuse(ticket, refusal, now: venue.now)
        let answer = try #require(try venue.messages(to: session).first)
        #expect(answer.errorCode == code)
        if case .tooFast = refusal {
            #expect(answer["error"]?["data"]?["wait"]?.number?.integer == 2_000)
        }
        // A ticket is answered once.
        venue.gateway.refuse(ticket, refusal, now: venue.now)
        #expect(try venue.messages(to: session).isEmpty)
    }

    @Test func whoHasGoneIsNotAnswered() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        let (ticket, bytes) = try #require(submit(venue, [1], on: session))
        venue.gateway.close(session, now: venue.now)
        try venue.apply([bytes], tickets: [ticket])
        #expect(venue.gateway.drain().isEmpty)
        #expect(venue.gateway.pending.isEmpty)
    }

    @Test func requestsThatWaitAreLimited() throws {
        var configuration = GatewayConfiguration.generous
        configuration.pendingPerSession = 2
        let venue = try GatewayVenue(configuration)
        let session = venue.connect()
        #expect(submit(venue, [1], on: session) != nil)
        #expect(submit(venue, [2], on: session) != nil)
        let answer = try venue.call(
            "public/submit_transaction", #"{"transaction":"03"}"#, on: session)
        #expect(answer.errorCode == 10_047)
    }

    @Test(arguments: ["0", "zz", "0x0", "00 ", "é0"])
    func aTextThatIsNoHexIsRefused(text: String) throws {
        let venue = try GatewayVenue()
        let answer = try venue.call(
            "public/submit_transaction", #"{"transaction":"\#(text)"}"#)
        #expect(answer.errorCode == -32_602)
    }

    @Test func base64IsReadByTheLetter() {
        #expect(Base64.bytes("") == [])
        #expect(Base64.bytes("AQID") == [1, 2, 3])
        #expect(Base64.bytes("AQI=") == [1, 2])
        #expect(Base64.bytes("+/8=") == [0xFB, 0xFF])
        for text in ["A", "AQ", "AQI", "AQJ=", "AQ=A", "====", "AQ-_"] {
            #expect(Base64.bytes(text) == nil, "\(text)")
        }
    }

    @Test func aLeafsProofLeadsToTheRoot() throws {
        let venue = try MethodTests.busyVenue()
        let keys: [LeafKey] = [
            .chain, .account(AccountIdentifier(1)), .instrument(GatewayGenesis.bitcoin),
            .underlying(UnderlyingIdentifier(0)),
        ]
        for key in keys {
            let result = try venue.result(
                "public/get_leaf", #"{"key":"\#(Hexadecimal.text(key.canonicalBytes))"}"#)
            let value = try #require(Hexadecimal.bytes(result["value"]?.text ?? ""))
            #expect(value == venue.ledger.value(of: key))
            let steps = (result["proof"]?.elements ?? []).map { step in
                ProofStep(
                    side: step["side"]?.text == "left" ? .left : .right,
                    sibling: Digest(Bytes32(Hexadecimal.bytes(step["sibling"]?.text ?? "") ?? [])))
            }
            let proof = ExistenceProof(key: key.canonicalBytes, value: value, path: steps)
            try proof.verify(
                root: venue.ledger.root, key: key.canonicalBytes, value: value)
            #expect(result["root"]?.text == Hexadecimal.text(venue.ledger.root.storage.bytes))
        }
        let absent = LeafKey.account(AccountIdentifier(4_000)).canonicalBytes
        let answer = try venue.call(
            "public/get_leaf", #"{"key":"\#(Hexadecimal.text(absent))"}"#)
        #expect(answer.errorCode == 13_020)
        #expect(try venue.call("public/get_leaf", #"{"key":"ff"}"#).errorCode == -32_602)
    }
}
