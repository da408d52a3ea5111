/// What blocks become: a row kind at a time, then all of it against the ledger.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@testable import History

@Suite("From blocks to rows")
struct HistoryProjectionTests {
    private func ticks(_ count: Int64) -> Price { Price(ticks: count) }

    @Test func `a trade is a row, a fill of each side, and a candle of each length`() throws {
        let venue = try HistoryVenue()
        let accounts = try venue.openAccounts(100_000, 100_000)
        try venue.apply(
            venue.by(
                accounts[0],
                .place(.limit(HistoryGenesis.perpetual, .sell, 10, at: 100_010))))
        var request = OrderRequest.limit(HistoryGenesis.perpetual, .buy, 4, at: nil)
        request.label = try #require(Label(Array("first".utf8)))
        try venue.apply(venue.by(accounts[1], .place(request)))
        let batch = try venue.batch()
        let trade = try #require(batch.trades.first)
        #expect(batch.trades.count == 1)
        #expect(trade.takerSide == .buy && trade.price == ticks(100_010))
        #expect(trade.quantity.lots == 4 && trade.notional.units == 4 * 50_005_000)
        #expect(trade.maker == accounts[0] && trade.taker == accounts[1])
        #expect(trade.tick == .zeroPlus && trade.mark.units > 0 && trade.index.units > 0)
        #expect(batch.fills.map(\.isMaker) == [true, false])
        let taker = batch.fills[1]
        #expect(taker.event == trade.event && taker.fee.units == 4 * (50_005_000 * 5 / 10_000 + 1))
        #expect(taker.fillsOrder && !batch.fills[0].fillsOrder)
        #expect(taker.position.lots == 4 && batch.fills[0].position.lots == -4)
        #expect(taker.label == request.label && batch.fills[0].label.isEmpty)
        #expect(taker.change == -taker.fee)
        #expect(batch.candles.map(\.length) == CandleRow.lengths)
        #expect(batch.candles.allSatisfy { $0.volume.lots == 4 && $0.open == trade.price })
        // The market order has ended, the other is open.
        #expect(batch.orders.map(\.state) == [.filled, .open])
        #expect(batch.orders[0].limit == nil && batch.orders[1].filled.lots == 4)
    }

    @Test func `a tick is told from the last price that differed`() {
        var tick = TradeTick.zeroPlus
        var last: Price?
        var seen: [TradeTick] = []
        for count in [5, 5, 6, 6, 4, 4, 5] as [Int64] {
            tick = tick.next(from: last, to: ticks(count))
            last = ticks(count)
            seen.append(tick)
        }
        #expect(seen == [.zeroPlus, .zeroPlus, .plus, .zeroPlus, .minus, .zeroMinus, .plus])
    }

    @Test func `an order keeps what its request said, and says how it ended`() throws {
        let venue = try HistoryVenue()
        let account = try venue.openAccounts(100_000)[0]
        var request = OrderRequest.limit(HistoryGenesis.perpetual, .buy, 20, at: 99_000)
        request.postOnly = true
        request.clientIdentifier = ClientOrderIdentifier(.max)
        request.label = try #require(Label(Array("'; DROP TABLE orders; --".utf8)))
        var stop = OrderRequest.limit(HistoryGenesis.perpetual, .sell, 5, at: 90_000)
        stop.trigger = Trigger(.stop, on: .index, at: ticks(91_000))
        let outcome = try venue.apply(
            venue.by(account, .place(request), .place(stop)))
        let numbers = try outcome.receipts.map { try #require($0.order) }
        try venue.apply(
            venue.by(
                account,
                .amend(
                    AmendRequest(
                        order: numbers[0], limit: ticks(98_000), remaining: Quantity(lots: 7),
                        postOnly: true)),
                .amend(
                    AmendRequest(
                        order: numbers[1], limit: ticks(90_000), remaining: Quantity(lots: 5),
                        postOnly: false, trigger: ticks(90_500)))))
        try venue.apply(venue.by(account, .cancel(numbers[0])))
        let orders = try venue.batch().orders
        #expect(orders.map(\.number) == numbers)
        let first = orders[0]
        #expect(first.isPostOnly && first.rejectsPostOnly && first.isReplaced)
        #expect(first.label == request.label && first.client == request.clientIdentifier)
        #expect(first.limit == ticks(98_000) && first.quantity.lots == 7)
        #expect(first.state == .cancelled && first.reason == .cancelled && first.ended != nil)
        #expect(orders[1].state == .untriggered && orders[1].ended == nil)
        #expect(orders[1].trigger?.price == ticks(90_500))
    }

    @Test func `the funding that a change of position settles is a line of its own`() throws {
        let venue = try HistoryVenue()
        let accounts = try venue.openAccounts(100_000, 100_000)
        let market = HistoryGenesis.perpetual
        try venue.trade(accounts[0], accounts[1], 100, at: 100_000, of: market)
        for _ in 0..<3 { try venue.apply(milliseconds: 3_600_000) }
        try venue.trade(accounts[1], accounts[0], 50, at: 100_000, of: market)
        let batch = try venue.batch()
        let lines = batch.entries.filter { $0.kind == .funding }
        #expect(lines.count == 2 && lines.allSatisfy { $0.instrument == market })
        #expect(Set(lines.map { $0.change.signum() }) == [1, -1])
        // Who pays rounds up, who receives rounds down.
        #expect(lines.map(\.change).reduce(0, +) <= 0)
        for line in lines {
            let fill = try #require(
                batch.fills.last { $0.account == line.account && $0.event == line.event })
            #expect(line.balance + fill.change.units == fill.balance.units)
        }
        #expect(batch.funding.count >= 2)
        #expect(batch.funding.map(\.time) == batch.funding.map(\.time).sorted())
        #expect(batch.indexes.count == Set(batch.indexes.map(\.hour)).count)
    }

    @Test func `a crash leaves the steps of the liquidation, and who paid`() throws {
        let venue = try HistoryVenue()
        let accounts = try venue.openAccounts(4_000, 500_000)
        try venue.trade(accounts[1], accounts[0], 800, at: 100_000, of: HistoryGenesis.perpetual)
        venue.price = 40_000 * HistoryGenesis.million
        for _ in 0..<5 { try venue.apply() }
        let batch = try venue.batch()
        let steps = Set(batch.liquidations.map(\.step))
        #expect(steps.isSuperset(of: [.call, .deleverage, .shortfall, .sharedLoss]))
        #expect(batch.liquidations.allSatisfy { $0.account == accounts[0] })
        let kinds = Set(batch.entries.map(\.kind))
        #expect(kinds.isSuperset(of: [.deleverage, .lossCovered, .lossPaid]))
        let paid = batch.entries.filter { $0.kind == .lossPaid }
        #expect(paid.allSatisfy { if case .demand = $0.detail { true } else { false } })
        #expect(try differences(venue).isEmpty)
    }

    @Test func `the end of contracts is a settlement, a delivery, and a line each`() throws {
        let venue = try HistoryVenue()
        let accounts = try venue.openAccounts(400_000, 400_000)
        try venue.trade(accounts[0], accounts[1], 100, at: 100_000, of: HistoryGenesis.future)
        try venue.trade(accounts[0], accounts[1], 50, at: 1_500, of: HistoryGenesis.call)
        venue.price = 51_000 * HistoryGenesis.million
        try venue.passExpiry()
        let batch = try venue.batch()
        #expect(batch.settlements.map(\.instrument).contains(HistoryGenesis.future))
        #expect(batch.settlements.count == 3 && batch.deliveries.count == 1)
        let future = try #require(
            batch.settlements.first { $0.instrument == HistoryGenesis.future })
        #expect(future.longs.lots == 100 && future.profit.units > 0)
        #expect(future.price == batch.deliveries[0].price)
        let lines = batch.entries.filter { $0.kind == .delivery }
        #expect(lines.count == 4)
        let kinds = lines.map { line in
            if case .settlement(let kind) = line.detail { kind } else { SettlementKind.lapsed }
        }
        #expect(Set(kinds) == [.delivered, .exercised, .assigned])
        #expect(try differences(venue).isEmpty)
    }

    /// What the rows say of accounts and what the ledger holds, where they differ.
    private func differences(_ batch: HistoryBatch, _ held: [Account]) -> [String] {
        var found: [String] = []
        for (place, account) in held.enumerated() {
            let identifier = AccountIdentifier(UInt32(place))
            let sum =
                batch.entries.filter { $0.account == identifier && $0.currency == .quote }
                .reduce(Int64(0)) { $0 + $1.change }
                + batch.fills.filter { $0.account == identifier }
                .reduce(Int64(0)) { $0 + $1.change.units }
            let balance = batch.balances.first { $0.account == identifier }?.cash
            if sum != account.cash.units || balance != account.cash {
                found.append("account \(place): \(sum), not \(account.cash.units)")
            }
            for row in batch.holdings where row.account == identifier {
                let position = account.positions.first { $0.instrument == row.instrument }
                if row.quantity != position?.quantity ?? .zero
                    || row.cost != position?.cost ?? .zero
                    || row.fundingIndex != position?.fundingIndex ?? 0
                {
                    found.append("account \(place) in \(row.instrument.number)")
                }
            }
        }
        return found
    }

    private func differences(_ venue: HistoryVenue) throws -> [String] {
        differences(try venue.batch(), venue.ledger.accounts.accounts)
    }

    @Test func `statements sum to the balances of the ledger, whatever happens`() throws {
        let busy = try BusyRun.shared()
        let batch = try busy.batch()
        #expect(differences(batch, busy.held).isEmpty)
        // It must have been busy enough to say something.
        #expect(batch.trades.count > 50 && !batch.liquidations.isEmpty)
        #expect(
            Set(batch.entries.map(\.kind)).isSuperset(of: [
                .deposit, .withdrawal, .transfer, .funding, .delivery,
            ]))
        // Every order that the ledger holds open is open here, and no other.
        #expect(
            batch.orders.filter { $0.ended == nil }.map(\.number.number).sorted() == busy.open)
    }

    // What does not follow.

    @Test func `a block of another chain, a gap and a fork are refused and change nothing`() throws
    {
        let venue = try HistoryVenue()
        for _ in 0..<3 { try venue.apply() }
        var projection = HistoryProjection(genesis: venue.genesis)
        try projection.take(venue.blocks[0])
        let mark = projection.mark
        var other = venue.blocks[1]
        other.chain = .zero
        var fork = venue.blocks[1]
        fork.previous = .zero
        var numbered = venue.blocks[1]
        numbered.firstEvent += 1
        let table: [(block: HistoryBlock, fault: HistoryFault)] = [
            (other, .otherChain), (venue.blocks[2], .gap(last: 1, found: 3)),
            (venue.blocks[0], .gap(last: 1, found: 1)), (fork, .fork(height: 2)),
        ]
        for row in table {
            #expect(throws: row.fault) { try projection.take(row.block) }
            #expect(projection.mark == mark)
        }
        #expect(throws: HistoryFault.self) { try projection.take(numbered) }
        try projection.take(venue.blocks[1])
        #expect(projection.mark?.height == 2)
    }

    @Test func `events that cannot be are refused`() throws {
        let venue = try HistoryVenue()
        let accounts = try venue.openAccounts(100_000, 100_000)
        try venue.trade(
            accounts[0], accounts[1], 10, at: 100_000, of: HistoryGenesis.perpetual)
        let unknown = AccountIdentifier(99)
        let missing = InstrumentIdentifier(99)
        let tables: [[Event]] = [
            [
                .accountOpened(
                    unknown, owner: venue.ledger.accounts[accounts[0]].owner,
                    CompartmentIdentifier(0))
            ],
            [.deposited(unknown, Amount(units: 1), reference: Bytes32())],
            [.deposited(accounts[0], .max, reference: Bytes32())],
            [
                .assetWithdrawn(
                    accounts[0], HistoryGenesis.spot, Quantity(lots: 1), destination: Bytes32())
            ],
            [.assetDeposited(accounts[0], missing, Quantity(lots: 1), reference: Bytes32())],
            [.markChanged(missing, mark: .zero, fundingRate: .zero)],
        ]
        for events in tables {
            var projection = HistoryProjection(genesis: venue.genesis)
            for block in venue.blocks { try projection.take(block) }
            var block = venue.blocks[venue.blocks.count - 1]
            let mark = try #require(projection.mark)
            block.height = mark.height + 1
            block.previous = mark.hash
            block.firstEvent = mark.nextEvent
            block.events = events
            #expect(throws: HistoryFault.self, "\(events)") { try projection.take(block) }
        }
    }
}
