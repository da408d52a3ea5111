/// How the commands of a block become transactions: gathered by account, in an order that the file
/// could have had.
import Canonical
import Ledger
import Markets
import Testing

@testable import Simulation

/// Cancels stand for any command: what is told of them decides.
private func command(_ number: UInt64, by account: Int) -> OrderFlowCommand {
    OrderFlowCommand(
        account: account, command: .cancel(OrderIdentifier(number)), purpose: .change(number))
}

private func numbers(_ block: OrderFlowBlock) -> [[UInt64]] {
    block.transactions().map { batch in
        batch.map { command in
            if case .change(let number) = command.purpose { number } else { 0 }
        }
    }
}

private func block(
    _ takings: [(side: Side, limit: Int64, old: Int64?)]
) -> OrderFlowBlock {
    var block = OrderFlowBlock()
    for (place, taking) in takings.enumerated() {
        block.addTaking(
            command(UInt64(place) + 1, by: taking.side == .buy ? 0 : 1), of: UInt64(place) + 1,
            side: taking.side, limit: taking.limit, from: taking.old)
    }
    return block
}

@Test func buysBelowEverySellShareATransaction() {
    let block = block([(.buy, 98, nil), (.sell, 101, nil), (.buy, 100, nil), (.sell, 102, nil)])
    #expect(numbers(block) == [[1, 3], [2, 4]])
}

@Test func aBuyThatReachesASellStaysBehindIt() {
    let block = block([(.sell, 101, nil), (.buy, 98, nil), (.buy, 101, nil), (.sell, 103, nil)])
    #expect(numbers(block) == [[2], [1], [3], [4]])
}

@Test func aBuyStaysBehindASellThatLeavesItsPrice() {
    let left = block([(.sell, 105, 101), (.buy, 101, nil)])
    #expect(numbers(left) == [[1], [2]])
    let behind = block([(.sell, 105, 102), (.buy, 101, nil)])
    #expect(numbers(behind) == [[2], [1]])
}

@Test func aBuyThatLeavesAPriceStaysBehindTheSellThatReachesIt() {
    let block = block([(.sell, 101, nil), (.buy, 95, 101)])
    #expect(numbers(block) == [[1], [2]])
}

@Test func cancelsJoinTheTransactionsOfTheirAccount() {
    var block = block([(.buy, 98, nil), (.sell, 101, nil)])
    for number: UInt64 in 10..<12 {
        block.addFirst(command(number, by: 1), of: number)
        block.addFirst(command(number + 10, by: 2), of: number + 10)
    }
    #expect(numbers(block) == [[1], [2, 10, 11], [20, 21]])
}

@Test func noTransactionHoldsMoreThanFitsUnderASignature() {
    var block = block([(.buy, 98, nil)])
    for number in 100..<(100 + UInt64(Transaction.commandLimit)) {
        block.addFirst(command(number, by: 0), of: number)
    }
    #expect(block.transactions().map(\.count) == [Transaction.commandLimit, 1])
}
