/// A venue on which much has happened, its history in a database, and two gateways that are asked
/// the same: one that remembers everything and has no history, and one that remembers nothing.

import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Foundation
import History
import JSON
import Ledger
import Markets
import Oracle
import Testing

@testable import Custody
@testable import Gateway

/// What a gateway did with a call.
struct Asked {
    let frame: [UInt8]
    /// Questions that went out for it.
    let questions: Int

    var text: String { String(decoding: frame, as: UTF8.self) }
}

final class PastVenue {
    let venue: AccountVenue
    /// Of owner 1, of owner 2, and another of owner 1.
    let clients: [Client]
    let store: HistoryStore
    /// Remembers nothing but what is open.
    let forgetful: Gateway
    private let folder: String
    private var nextSession: UInt64 = 10_000

    static let perpetual = "BTC_USDC-PERPETUAL"

    /// - Parameter body: what happens, with two sessions.
    init(
        questions: Int = 64,
        _ body: (AccountVenue, SessionIdentifier, SessionIdentifier) throws -> Void
    ) throws {
        let venue = try AccountVenue()
        // Watched before they are opened, so that all of them is remembered.
        for number in UInt32(0)..<3 {
            venue.gateway.desk.records.watch(AccountIdentifier(number), ledger: venue.ledger)
        }
        let accounts = try [1, 2, 1].map { try venue.openAccount(owner: UInt8($0)) }
        clients = try zip(accounts, [1, 2, 1]).map {
            try venue.client($0, owner: UInt8($1))
        }
        try body(venue, venue.connect(clients[0]), venue.connect(clients[1]))
        self.venue = venue
        folder =
            FileManager.default.temporaryDirectory.path + "/rampart-past-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        store = try HistoryStore(
            .sqlite(path: folder + "/history.sqlite"), chain: venue.ledger.chain, mode: .writing)
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1 << 40, refill: 1)
        configuration.historyQuestions = questions
        forgetful = try Gateway(configuration, ledger: venue.ledger)
        forgetful.desk.install(venue.allCredentials(), ledger: venue.ledger)
        try write()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Everything that has happened, into the database.
    private func write() throws {
        var projection = HistoryProjection(genesis: venue.ledger.genesis)
        var last = venue.ledger.chain
        for block in venue.blocks {
            let hash = SHA256.digest(Array("block \(block.outcome.height)".utf8))
            try projection.take(
                HistoryBlock(
                    chain: venue.ledger.chain, height: block.outcome.height, time: block.time,
                    hash: hash, previous: last, root: block.outcome.root,
                    transactions: block.transactions, receipts: block.outcome.receipts,
                    firstEvent: block.outcome.firstEvent, events: block.outcome.events,
                    funding: block.outcome.funding))
            last = hash
        }
        try store.write(projection.takeBatch())
    }

    /// A session of a client, or of nobody, at a gateway.
    func connect(_ client: Int?, to gateway: Gateway) throws -> SessionIdentifier {
        let session = SessionIdentifier(nextSession)
        nextSession += 1
        gateway.open(session, transport: .webSocket, origin: "127.0.0.1", now: venue.now)
        if let client {
            let offer = clients[client].offer
            let answer = try ask(
                gateway, "public/auth",
                #"{"grant_type":"client_credentials","client_id":"\#(offer.identifier)","#
                    + #""client_secret":"\#(offer.secret)"}"#, session)
            #expect(answer.text.contains("access_token"), "\(answer.text)")
        }
        return session
    }

    /// The answer of a gateway, whose questions are answered out of the database.
    func ask(
        _ gateway: Gateway, _ method: String, _ parameters: String, _ session: SessionIdentifier
    ) throws -> Asked {
        let text = #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(parameters)}"#
        gateway.receive(Array(text.utf8), on: session, ledger: venue.ledger, now: venue.now)
        var questions = 0
        var actions = gateway.drain()
        while let action = actions.first {
            actions.removeFirst()
            switch action {
            case .send(session, let frame): return Asked(frame: frame, questions: questions)
            case .ask(let ticket, let question, let height):
                #expect(height == venue.ledger.height)
                questions += 1
                let answer = try PastReader(store).answer(question)
                gateway.answer(
                    ticket, .success(answer), ledger: venue.ledger, now: venue.now)
                actions += gateway.drain()
            default: continue
            }
        }
        throw GatewayVenue.NoAnswer()
    }
}

extension PastVenue {
    /// Trades at moving prices, orders that end in every way, money that comes and goes, hours of
    /// funding, and the end of the options.
    static func busy(questions: Int = 64) throws -> PastVenue {
        try PastVenue(questions: questions) { venue, first, second in
            try trade(venue, first, second)
            try end(venue, first, second)
            try move(venue, first)
            for hour in 0..<4 {
                venue.price += 10_000_000 * Int64(hour)
                try venue.apply(milliseconds: 1_800_000)
                try venue.apply(milliseconds: 1_800_000)
                try fill(venue, first, second, "0.00\(hour + 2)", 50_000 + hour * 5)
            }
            try expire(venue)
            try fill(venue, second, first, "0.003", 50_030)
        }
    }

    /// One fill: the first sells to the second.
    private static func fill(
        _ venue: AccountVenue, _ seller: SessionIdentifier, _ buyer: SessionIdentifier,
        _ amount: String, _ price: Int, of instrument: String = perpetual
    ) throws {
        let parameters =
            #"{"instrument_name":"\#(instrument)","amount":\#(amount),"price":\#(price)"#
        for (method, session, label) in [
            ("private/sell", seller, "out"), ("private/buy", buyer, "in"),
        ] {
            _ = try venue.result(method, parameters + #","label":"\#(label)"}"#, on: session)
        }
    }

    private static func trade(
        _ venue: AccountVenue, _ first: SessionIdentifier, _ second: SessionIdentifier
    ) throws {
        for (step, price) in [50_000, 50_000, 50_010, 49_995, 50_005].enumerated() {
            try fill(venue, first, second, "0.01\(step)", price)
            try venue.apply(milliseconds: 40_000)
        }
        for price in [50_010, 50_020] { try fill(venue, second, first, "0.02", price) }
        let option = venue.gateway.names[AccountGenesis.option]
        let mark = venue.ledger.prices[Int(AccountGenesis.option.number)].mark.units
        try fill(venue, first, second, "0.05", Int(mark / AccountGenesis.million), of: option)
        try venue.apply([
            venue.transaction(
                .custodian, key: PlainKeys.custodian,
                [
                    .depositAsset(
                        AccountGenesis.spot, Quantity(lots: 2_000), to: AccountIdentifier(1),
                        reference: Bytes32())
                ])
        ])
        try fill(venue, second, first, "0.4", 50_001, of: "BTC_USDC")
    }

    /// Orders that are cancelled, changed, triggered, and one that stays.
    private static func end(
        _ venue: AccountVenue, _ first: SessionIdentifier, _ second: SessionIdentifier
    ) throws {
        func place(_ more: String, _ session: SessionIdentifier) throws -> String {
            let result = try venue.result(
                "private/buy",
                #"{"instrument_name":"\#(perpetual)","amount":0.01,\#(more)}"#, on: session)
            return try #require(result["order"]?["order_id"]?.text)
        }
        let plain = try place(#""price":49000,"label":"plain","post_only":true"#, first)
        _ = try venue.result(
            "private/edit", #"{"order_id":"\#(plain)","amount":0.03,"price":49100}"#, on: first)
        _ = try venue.result("private/cancel", #"{"order_id":"\#(plain)"}"#, on: first)
        _ = try place(
            #""type":"stop_limit","price":50900,"trigger_price":50800,"trigger":"index_price""#,
            first)
        _ = try place(#""price":49200,"label":"stays""#, first)
        _ = try place(#""price":49300,"time_in_force":"immediate_or_cancel""#, second)
    }

    private static func move(_ venue: AccountVenue, _ session: SessionIdentifier) throws {
        for amount in ["250.5", "12"] {
            _ = try venue.result(
                "private/submit_transfer_to_subaccount",
                #"{"currency":"USDC","amount":\#(amount),"destination":2}"#, on: session)
        }
        try venue.apply([
            venue.transaction(
                .custodian, key: PlainKeys.custodian,
                [
                    .deposit(
                        Amount(microunits: 77_000_000), to: AccountIdentifier(0),
                        reference: Bytes32(Array(repeating: 9, count: 32)))
                ])
        ])
    }

    /// To behind the end of the options.
    private static func expire(_ venue: AccountVenue) throws {
        let left = AccountGenesis.expiry.elapsed(since: venue.now).nanoseconds / 1_000_000
        try venue.apply(milliseconds: left - 70_000)
        for _ in 0..<16 { try venue.apply(milliseconds: 5_000) }
        try venue.apply()
    }
}
