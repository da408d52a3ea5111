/// Touched orders are put in order, each once, whatever their numbers and however many.

import Canonical
import TestKit
import Testing

@testable import Ledger

@Suite struct TouchedOrdersTests {
    @Test(arguments: [0, 1, 2, 63, 64, 65, 1_000])
    func `each order stands once, in the order of numbers`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        var room: [TouchedOrder] = []
        for highest in [1, 40, 70_000, .max] as [UInt64] {
            var touched: [TouchedOrder] = (0..<count).map { _ in
                let number = UInt64.random(in: 0...highest, using: &random)
                return (OrderIdentifier(number), AccountIdentifier(UInt32(number % 97)))
            }
            let expected = Set(touched.map(\.order.number)).sorted()
            TouchedOrders.arrange(&touched, room: &room)
            #expect(touched.map(\.order.number) == expected)
            #expect(touched.map(\.account.number) == expected.map { UInt32($0 % 97) })
        }
    }
}
