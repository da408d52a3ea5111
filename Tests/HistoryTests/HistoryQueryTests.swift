/// Questions, against what a walk through all rows answers.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Testing

@testable import History

@Suite("Questions to a history")
struct HistoryQueryTests {
    private let folder: TemporaryFolder
    private let busy: BusyRun
    private let batch: HistoryBatch
    private let store: HistoryStore

    init() throws {
        folder = try TemporaryFolder()
        busy = try BusyRun.shared()
        batch = try busy.batch()
        store = try HistoryStore(
            .sqlite(path: folder.file("h")), chain: busy.chain, mode: .writing)
        try store.write(batch)
    }

    /// All rows, a page at a time.
    private func all<Row>(
        _ limit: Int, ascending: Bool, _ event: (Row) -> UInt64,
        _ page: (HistoryWindow) throws -> HistoryPage<Row>
    ) throws -> [Row] {
        var window = HistoryWindow(limit: limit)
        window.isAscending = ascending
        var rows: [Row] = []
        while true {
            let next = try page(window)
            rows += next.rows
            guard next.hasMore, let last = next.rows.last else { return rows }
            window.events =
                ascending
                ? event(last) + 1...window.events.upperBound
                : window.events.lowerBound...event(last) - 1
        }
    }

    @Test(arguments: [true, false], [1, 7, 1_000])
    func `pages of trades put together are all trades, in order`(
        ascending: Bool, limit: Int
    ) throws {
        let market = try #require(batch.trades.first).group
        let scopes: [(InstrumentScope, (TradeRow) -> Bool)] = [
            (.all, { _ in true }),
            (.one(HistoryGenesis.perpetual), { $0.instrument == HistoryGenesis.perpetual }),
            (.groups([market]), { $0.group == market }),
            (.groups(Array(Set(batch.trades.map(\.group)))), { _ in true }),
            (.groups([]), { _ in false }),
        ]
        for (scope, isWanted) in scopes {
            let found = try all(limit, ascending: ascending, \.event) {
                try store.trades(of: scope, $0)
            }
            let expected = batch.trades.filter(isWanted)
            #expect(found == (ascending ? expected : expected.reversed()), "\(scope)")
        }
    }

    @Test func `a time means the blocks in it, to the nanosecond`() throws {
        let times = batch.trades.map(\.time)
        let (first, last) = (times[times.count / 3], times[times.count * 2 / 3])
        var window = HistoryWindow(limit: 10_000)
        window.times = first...last
        window.isAscending = true
        #expect(
            try store.trades(of: .all, window).rows
                == batch.trades.filter { (first...last).contains($0.time) })
        window.times =
            Timestamp(
                nanoseconds: first.nanoseconds + 1)...Timestamp(
                nanoseconds: last.nanoseconds - 1)
        #expect(
            try store.trades(of: .all, window).rows
                == batch.trades.filter { $0.time > first && $0.time < last })
        window.times = .epoch...Timestamp(nanoseconds: 1)
        #expect(try store.trades(of: .all, window).rows.isEmpty)
        window.times = Timestamp(nanoseconds: UInt64(Int64.max))...Timestamp(nanoseconds: .max)
        #expect(try store.trades(of: .all, window).rows.isEmpty)
    }

    @Test func `an account sees its fills and orders, and nobody else's`() throws {
        for account in busy.accounts {
            let fills = try all(9, ascending: true, \.event) {
                try store.fills(of: account, .all, $0)
            }
            #expect(fills == batch.fills.filter { $0.account == account })
            let options = InstrumentGroup(
                busy.genesis.catalogue.instruments[Int(HistoryGenesis.call.number)])
            let window = HistoryWindow(limit: 10_000)
            #expect(
                try store.fills(of: account, .groups([options]), window).rows.reversed()
                    == fills.filter { $0.group == options })
            let orders = try all(9, ascending: false, { $0.ended ?? 0 }) {
                try store.endedOrders(of: account, OrderWish(), $0)
            }
            let ended = batch.orders.filter { $0.account == account && $0.ended != nil }
            #expect(orders == ended.sorted { ($0.ended ?? 0) > ($1.ended ?? 0) })
            #expect(
                try store.openOrders(of: account, limit: 1_000)
                    == batch.orders.filter { $0.account == account && $0.ended == nil })
        }
        let fill = try #require(batch.fills.first)
        let window = HistoryWindow(limit: 100)
        #expect(
            try store.fills(of: fill.order, fill.account, window).rows.reversed()
                == batch.fills.filter { $0.order == fill.order })
        let stranger = AccountIdentifier(fill.account.number + 1)
        #expect(try store.fills(of: fill.order, stranger, window).rows.isEmpty)
        #expect(try store.order(fill.order, of: stranger) == nil)
        #expect(try store.order(fill.order, of: fill.account)?.number == fill.order)
    }

    @Test func `orders are found by what is wanted of them`() throws {
        let account = busy.accounts[0]
        let ended = batch.orders.filter { $0.account == account && $0.ended != nil }
        let window = HistoryWindow(limit: 10_000)
        func found(_ change: (inout OrderWish) -> Void) throws -> Set<UInt64> {
            var wish = OrderWish()
            change(&wish)
            return Set(
                try store.endedOrders(of: account, wish, window).rows.map(\.number.number))
        }
        func numbers(_ isWanted: (OrderRow) -> Bool) -> Set<UInt64> {
            Set(ended.filter(isWanted).map(\.number.number))
        }
        #expect(
            try found { $0.includesUnfilled = false } == numbers { $0.filled.isPositive })
        #expect(try found { $0.isMarket = true } == numbers { $0.limit == nil })
        #expect(try found { $0.triggers = [.stop] } == numbers { $0.trigger?.kind == .stop })
        #expect(try found { $0.triggers = [nil] } == numbers { $0.trigger == nil })
        #expect(
            try found { $0.triggers = [.stop, .take, nil] } == numbers { _ in true })
        let label = try #require(batch.orders.first { !$0.label.isEmpty })
        #expect(
            try store.orders(of: label.account, label: label.label, limit: 10).map(\.label)
                .allSatisfy { $0 == label.label })
        #expect(try store.orders(of: label.account, label: Label(), limit: 10).isEmpty)
        // A label that would be an instruction if it stood in a text.
        let hostile = try #require(Label(Array("x' OR '1'='1".utf8)))
        #expect(try store.orders(of: label.account, label: hostile, limit: 10).isEmpty)
    }

    @Test(arguments: [1, 5, 10_000])
    func `the lines of a statement run from balance to balance`(limit: Int) throws {
        for account in busy.accounts {
            let lines = try all(limit, ascending: true, \.event) {
                try store.statement(of: account, currency: .quote, $0)
            }
            var balance: Int64 = 0
            for line in lines {
                balance += line.change
                #expect(line.balance == balance, "\(line)")
            }
            #expect(balance == busy.held[Int(account.number)].cash.units)
            let newest = try all(limit, ascending: false, \.event) {
                try store.statement(of: account, currency: .quote, $0)
            }
            #expect(newest == lines.reversed())
        }
    }

    @Test func `a statement is cut by kind, currency and instrument`() throws {
        let account = busy.accounts[0]
        let window = HistoryWindow(limit: 10_000)
        let spot = EntryCurrency.asset(HistoryGenesis.spot)
        let assets = try store.statement(of: account, currency: spot, window).rows
        #expect(!assets.isEmpty && assets.allSatisfy { $0.currency == spot })
        #expect(
            assets.reduce(0) { $0 + $1.change }
                == busy.held[Int(account.number)].quantity(of: HistoryGenesis.spot).lots)
        let trades = try store.statement(of: account, kinds: [.trade], window).rows
        #expect(!trades.isEmpty && trades.allSatisfy { $0.kind == .trade })
        let moves = try store.statement(of: account, kinds: [.deposit, .funding], window).rows
        #expect(Set(moves.map(\.kind)) == [.deposit, .funding])
        let one = try store.statement(
            of: account, kinds: [.funding, .delivery], in: .one(HistoryGenesis.perpetual), window)
        #expect(!one.rows.isEmpty && one.rows.allSatisfy { $0.kind == .funding })
        #expect(try store.statement(of: account, kinds: [], window).rows.isEmpty)
    }

    @Test(arguments: [1, 5, 60, 240, 1_440] as [UInt64])
    func `candles of any length are those of the trades in them`(minutes: UInt64) throws {
        let market = HistoryGenesis.perpetual
        let trades = batch.trades.filter { $0.instrument == market }
        let found = try store.candles(of: market, minutes: minutes, spans: 0...UInt64(Int64.max))
        let spans = Dictionary(grouping: trades) { $0.time.count(of: .minute) / minutes }
        #expect(found.map(\.span) == spans.keys.sorted())
        for candle in found {
            let inside = try #require(spans[candle.span])
            #expect(candle.open == inside.first?.price && candle.close == inside.last?.price)
            #expect(candle.high == inside.map(\.price).max())
            #expect(candle.low == inside.map(\.price).min())
            #expect(candle.volume.lots == inside.reduce(0) { $0 + $1.quantity.lots })
        }
        let last = try #require(found.last)
        #expect(
            try store.close(of: market, minutes: minutes, before: last.span + 1) == last.close)
        #expect(
            try store.close(of: market, minutes: minutes, before: found[0].span) == nil)
    }

    @Test func `funding, indexes, ends and liquidations are found`() throws {
        let forever = Timestamp.epoch...Timestamp(nanoseconds: .max)
        #expect(
            try store.funding(of: HistoryGenesis.perpetual, in: forever, limit: 1_000)
                == batch.funding)
        #expect(
            try store.funding(of: HistoryGenesis.future, in: forever, limit: 10).isEmpty)
        #expect(
            try store.indexes(of: UnderlyingIdentifier(0), hours: 0...UInt64.max, limit: 1_000)
                == batch.indexes.sorted { $0.hour < $1.hour })
        let deliveries = try store.deliveries(of: UnderlyingIdentifier(0), offset: 0, limit: 5)
        #expect(deliveries.rows == batch.deliveries && deliveries.total == 1)
        #expect(
            try store.deliveries(of: UnderlyingIdentifier(0), offset: 1, limit: 5).rows.isEmpty)
        let window = HistoryWindow(limit: 10_000)
        #expect(
            try store.settlements(of: .all, window).rows.reversed() == batch.settlements)
        let steps = try store.liquidations(of: nil, window).rows
        #expect(Set(steps.map(\.event)) == Set(batch.liquidations.map(\.event)))
        let account = try #require(batch.liquidations.first).account
        #expect(
            try store.liquidations(of: account, window).rows.reversed()
                == batch.liquidations.filter { $0.account == account })
    }

    @Test func `a question that takes too long is given up, and not waited for`() throws {
        let reader = try HistoryStore(
            .sqlite(path: folder.file("h")), chain: busy.chain, mode: .reading)
        let file = try #require(reader.database as? SQLiteDatabase)
        file.deadline.seconds = 0
        #expect(throws: HistoryFault.self) {
            _ = try file.number(
                "WITH RECURSIVE all_of(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM all_of) "
                    + "SELECT count(*) FROM all_of")
        }
        file.deadline.seconds = Deadline.usualSeconds
        #expect(try reader.mark() == busy.blocks.last?.mark)
    }

    @Test func `every question of an account is answered along an index`() throws {
        let questions = [
            "SELECT event FROM fills WHERE account = 1 AND event >= 0 ORDER BY event DESC LIMIT 9",
            "SELECT event FROM entries WHERE account = 1 AND event >= 0 ORDER BY event LIMIT 9",
            "SELECT number FROM orders WHERE account = 1 AND ended >= 0 ORDER BY ended LIMIT 9",
            "SELECT event FROM trades WHERE market = 1 AND event >= 0 ORDER BY event LIMIT 9",
        ]
        for question in questions {
            var plan = ""
            try store.database.rows(
                "EXPLAIN QUERY PLAN " + question, [], types: [.integer, .integer, .integer, .text]
            ) { (values) throws(HistoryFault) in plan += "\(values[3])" }
            #expect(plan.contains("SEARCH") && !plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}
