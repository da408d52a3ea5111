/// M as bytes.

import Canonical
import Estimation
import FixedPoint
import Testing

struct MarginMovesTests {
    @Test(
        arguments: [
            (60, 60, true), (60, 1, true), (1_000, 1_000, true), (60, 61, false),
            (60, 0, false), (1_001, 60, false),
        ] as [(Int64, Int64, Bool)])
    func `maintenance is positive and never above initial, nor that above everything`(
        initial: Int64, maintenance: Int64, isRead: Bool
    ) throws {
        let moves = MarginMoves(
            initial: Ratio(units: initial * 1_000_000),
            maintenance: Ratio(units: maintenance * 1_000_000))
        let report = MarginReport(
            volatility: Ratio(units: 1), shortfall: Ratio(units: 2), stressed: Ratio(units: 3),
            moves: moves)
        if isRead {
            #expect(try MarginReport(canonicalBytes: report.canonicalBytes) == report)
        } else {
            #expect(throws: DecodingFault.self) {
                try MarginReport(canonicalBytes: report.canonicalBytes)
            }
        }
    }
}
