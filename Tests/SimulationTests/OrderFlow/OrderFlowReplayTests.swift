/// Small flows through the engine: what each message does to its book, and what is said where file
/// and engine differ.
import Markets
import Testing

@testable import Simulation

private func counts(_ list: [OrderFlowCount]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.count) })
}

/// Every kind of message once or twice.
private let mixed: [OrderFlowMessage.Action] = [
    .add(order(1, .buy, price: 99, size: 10)), .add(order(2, .sell, price: 101, size: 10)),
    .add(order(3, .buy, price: 99, size: 4)), .reduce(order(1, .buy, price: 99, size: 3)),
    .execute(order(1, .buy, price: 99, size: 5)),
    .replace(order(2, .sell, price: 102, size: 10)),
    .replace(order(2, .sell, price: 100, size: 12)), .hiddenExecution, .trade, .halt,
    .execute(order(2, .sell, price: 100, size: 12)), .add(order(4, .sell, price: 100, size: 1)),
    .remove(order(3, .buy, price: 99, size: 4)), .remove(order(9, .buy, price: 99, size: 4)),
    .execute(order(1, .buy, price: 99, size: 2)), .clear,
    .add(order(5, .buy, price: 98, size: 7)),
]

@Test(arguments: [1, 3, 64])
func theEngineHasTheBookOfTheMessages(blockCommands: Int) throws {
    let report = try replayed(flow(mixed), blockCommands: blockCommands)
    #expect(report.prices.agreed == report.prices.compared && report.prices.compared > 0)
    #expect(report.sizes.agreed == report.sizes.compared)
    #expect(report.trades == 3 && report.executedAsNamed == 3 && report.executedElsewhere == 0)
    #expect(report.unknownOrders == 1)
    #expect(report.refusals == [] && report.openOrders == 1 && report.conserved)
}

@Test func theSameFlowGivesTheSameRootTwiceAndAnotherSeedAnother() throws {
    let reports = try [1, 1, 2].map { seed in
        try OrderFlowReplay.run(flow(mixed), seed: seed)
    }
    #expect(reports[0].stateRoot == reports[1].stateRoot)
    #expect(reports[0].stateRoot != reports[2].stateRoot)
    // Real signatures and trusted ones lead to one state.
    let trusted = try replayed(flow(mixed), blockCommands: OrderFlowReplay.blockCommands)
    #expect(trusted.stateRoot == reports[0].stateRoot)
}

@Test func whatTheEngineMatchesAtOnceIsNamedUntilTheFileSaysSo() throws {
    let report = try replayed(
        flow([
            .add(order(1, .sell, price: 100, size: 5)), .add(order(2, .buy, price: 99, size: 1)),
            // It takes, but the file has it rest until both have told.
            .add(order(3, .buy, price: 100, size: 5)),
            .remove(order(1, .sell, price: 100, size: 0)), .halt,
            .remove(order(3, .buy, price: 100, size: 0)),
            .add(order(4, .buy, price: 98, size: 1)),
        ]))
    #expect(report.trades == 1 && report.alreadyDone == 2)
    #expect(counts(report.prices.reasons)["crossed in the file"] == 2)
    #expect(report.prices.agreed == report.prices.compared - 2)
}

@Test func anExecutionThatMeetsAnotherOrderIsCountedAndRepaired() throws {
    // By price-time order 1 fills; the file says that 2 did.
    let report = try replayed(
        flow([
            .add(order(1, .buy, price: 99, size: 5)), .add(order(2, .buy, price: 99, size: 5)),
            .execute(order(2, .buy, price: 99, size: 5)),
            .execute(order(1, .buy, price: 99, size: 5)),
        ]))
    #expect(report.executedElsewhere == 1 && report.executedAsNamed == 1)
    #expect(report.repaired == 2 && report.openOrders == 0)
}

@Test func whatTheEngineRefusesIsGivenAsTheReason() throws {
    // A five-thousandth of the mark lies outside the widest band.
    let report = try replayed(
        flow([
            .add(order(1, .buy, price: 5_000, size: 5)),
            .add(order(2, .sell, price: 5_003, size: 5)),
            .remove(order(1, .buy, price: 5_000, size: 5)),
            .add(order(3, .sell, price: 1, size: 5)), .halt,
            .add(order(4, .sell, price: 5_004, size: 5)),
        ]))
    #expect(counts(report.refusals) == ["outsidePriceBand": 1])
    #expect(counts(report.prices.reasons)["refused by the engine: outsidePriceBand"] ?? 0 > 0)
}

@Test func aWindowLearnsFromTheBestPricesBesideIt() throws {
    func level(_ price: Int64, _ size: Int64) -> OrderFlowLevel {
        OrderFlowLevel(price: price * 1_000_000_000, size: size * 1_000_000_000)
    }
    var window = flow(
        [
            .add(order(1, .buy, price: 99, size: 5)),
            // 99 was cancelled out of sight, and 98 came into sight.
            .hiddenExecution,
            // Nobody told of order 7; it is what came into sight.
            .execute(order(7, .buy, price: 98, size: 3)),
            // It takes nothing: 101 left out of sight when this one came.
            .add(order(8, .buy, price: 101, size: 2)),
        ], isWindow: true)
    let bids = [level(99, 5), level(98, 9), level(98, 6), level(101, 2)]
    let asks = [level(101, 4), level(101, 4), level(101, 4), level(102, 4)]
    for place in window.messages.indices {
        window.messages[place].best = OrderFlowBest(bid: bids[place], ask: asks[place])
    }
    let report = try replayed(window)
    #expect(report.prices.agreed == report.prices.compared)
    #expect(report.sizes.agreed == report.sizes.compared)
    #expect(report.trades == 1 && report.meantByPrice == 1 && report.unknownOrders == 0)
    #expect(report.leftOutOfSight == 2 && report.cameIntoSight == 3)
    #expect(
        counts(report.told.reasons) == [
            "left out of sight untold": 2, "came into sight untold": 1,
        ])
    #expect(report.told.compared == 8)
}

@Test func sizesThatDoNotFitAreRoundedUpAndSaidSo() throws {
    // 10⁹ units with a step of 10⁻⁸ at 350.00 do not fit 2⁴⁹ micro-units.
    let large = OrderFlowOrder(
        identifier: 1, side: .buy, price: 350_000_000_000, size: 200_000_000_000)
    let small = OrderFlowOrder(identifier: 2, side: .sell, price: 350_010_000_000, size: 10)
    let report = try replayed(flow([.add(large), .add(small)]))
    #expect(
        report.grid
            == "tick 0.01, lot 0.0000001 listed as 0.0001, sizes rounded up from 0.00000001")
    #expect(report.openOrders == 2)
}

@Test func theReportIsTextAndJSON() throws {
    let report = try replayed(flow(mixed))
    #expect(report.text.contains("engine against messages"))
    #expect(report.text.contains("100.00 %"))
    #expect(report.json.contains("\"unknownOrders\": 1"))
    #expect(report.json.contains("\"share\": 1.000000"))
}
