/// A venue on which everything happens by chance: orders of all kinds on all instruments, prices
/// that walk and jump, money and assets that come, go and move, liquidations and the expiry.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Oracle
import TestKit

@testable import History

struct BusyVenue {
    let venue: HistoryVenue
    let accounts: [AccountIdentifier]
    private var random: SeededGenerator

    init(seed: UInt64) throws {
        venue = try HistoryVenue()
        random = SeededGenerator(seed: seed)
        accounts = try venue.openAccounts(400_000, 300_000, 60_000, 20_000, 8_000, 5_000, 4_000)
        try venue.apply(
            venue.transaction(
                .custodian,
                .depositInsurance(
                    Amount(microunits: 300 * HistoryGenesis.million),
                    to: CompartmentIdentifier(0)),
                .depositAsset(
                    HistoryGenesis.spot, Quantity(lots: 3_000), to: accounts[0],
                    reference: Bytes32([UInt8](repeating: 9, count: 32)))))
    }

    private mutating func integer(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &random)
    }

    private mutating func account() -> AccountIdentifier {
        accounts[Int(integer(0...Int64(accounts.count - 1)))]
    }

    /// Blocks of chance.
    mutating func run(blocks: Int) throws {
        for _ in 0..<blocks {
            let move = integer(0...11) == 0 ? integer(-2_500...2_500) : integer(-20...20)
            venue.price += venue.price * move / 10_000
            var transactions: [[UInt8]] = []
            for _ in 0..<integer(1...6) { transactions.append(transaction()) }
            let pause = integer(0...9) == 0 ? 1_800_000 : 1_000
            try venue.apply(all: transactions, milliseconds: UInt64(pause > 1_000 ? 4_000 : pause))
        }
    }

    private mutating func transaction() -> [UInt8] {
        let account = account()
        switch integer(0...11) {
        case 0:
            return venue.transaction(
                .custodian,
                .deposit(
                    Amount(microunits: integer(1...900) * HistoryGenesis.million), to: account,
                    reference: Bytes32()))
        case 1:
            return venue.by(
                account,
                .withdraw(
                    Amount(microunits: integer(1...500) * HistoryGenesis.million),
                    destination: Bytes32()))
        case 2:
            return venue.by(
                accounts[0],
                .transferAsset(
                    HistoryGenesis.spot, Quantity(lots: integer(1...50)), to: accounts[1]))
        case 3:
            return venue.by(
                accounts[1],
                .withdrawAsset(
                    HistoryGenesis.spot, Quantity(lots: integer(1...20)), destination: Bytes32()))
        default: return venue.by(account, .place(order(of: account)))
        }
    }

    private mutating func order(of account: AccountIdentifier) -> OrderRequest {
        let instruments = [
            HistoryGenesis.perpetual, HistoryGenesis.perpetual, HistoryGenesis.perpetual,
            HistoryGenesis.future, HistoryGenesis.call, HistoryGenesis.put, HistoryGenesis.spot,
        ]
        let instrument = instruments[Int(integer(0...Int64(instruments.count - 1)))]
        let isOption = instrument == HistoryGenesis.call || instrument == HistoryGenesis.put
        let mark = venue.ledger.prices[Int(instrument.number)].mark.units / 500_000
        let lots = integer(1...(isOption ? 60 : 900))
        var request = OrderRequest.limit(
            instrument, integer(0...1) == 0 ? .buy : .sell, lots,
            at: integer(0...7) == 0 ? nil : max(1, mark + integer(-60...60)))
        if integer(0...5) == 0 { request.label = Label(Array("note \(lots)".utf8)) ?? Label() }
        if integer(0...9) == 0, request.limit != nil { request.postOnly = true }
        if integer(0...9) == 0, request.limit != nil {
            request.trigger = Trigger(
                integer(0...1) == 0 ? .stop : .take, on: .mark,
                at: Price(ticks: max(1, mark + integer(-200...200))))
        }
        return request
    }
}

/// What a busy venue left behind: made once, and looked at by many tests.
struct BusyRun: Sendable {
    let genesis: Genesis
    let blocks: [HistoryBlock]
    let accounts: [AccountIdentifier]
    /// What the ledger holds at the end, by account.
    let held: [Account]
    /// The numbers of the orders that are open at the end, ascending.
    let open: [UInt64]

    /// Chance before the expiry and after it.
    static func make(seed: UInt64, blocks: Int) throws -> BusyRun {
        var busy = try BusyVenue(seed: seed)
        try busy.run(blocks: blocks)
        try busy.venue.passExpiry()
        try busy.run(blocks: 6)
        let ledger = busy.venue.ledger
        return BusyRun(
            genesis: ledger.genesis, blocks: busy.venue.blocks, accounts: busy.accounts,
            held: ledger.accounts.accounts,
            open: busy.accounts.flatMap { ledger.openOrders(of: $0) }
                .map(\.identifier.number).sorted())
    }

    private static let first = Swift.Result { try make(seed: 3, blocks: 110) }

    /// The run that most tests share.
    static func shared() throws -> BusyRun { try first.get() }

    var chain: Digest { genesis.chain }

    /// The blocks through a projection, so many to a batch.
    func batches(of size: Int = .max) throws -> [HistoryBatch] {
        try blocks.batches(genesis, of: size)
    }

    func batch() throws -> HistoryBatch { try batches()[0] }
}
