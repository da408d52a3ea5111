/// Medians and median deviations of a few values against a list with every weight written out.
import TestKit
import Testing

@testable import Oracle

struct WeightedValuesTests {
    private func naive(_ entries: [(Int64, UInt64)]) -> Int64 {
        let list = entries.flatMap { [Int64](repeating: $0.0, count: Int($0.1)) }.sorted()
        guard !list.isEmpty else { return 0 }
        let middle = list.count / 2
        return list.count % 2 == 1 ? list[middle] : (list[middle - 1] + list[middle]) >> 1
    }

    @Test func `median and deviation are those of the written-out list`() {
        let seed: UInt64 = 72
        var random = SeededGenerator(seed: seed)
        var values = WeightedValues()
        for round in 0..<5_000 {
            values.removeAll()
            let entries = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                (
                    Int64.random(in: -20...20, using: &random),
                    UInt64.random(in: 1...5, using: &random)
                )
            }
            for entry in entries { values.insert(entry.0, weight: entry.1) }
            let median = naive(entries)
            let message: Comment = "seed \(seed), round \(round)"
            #expect(values.median() == median, message)
            for middle in [median, median + 7, -40, 40] {
                #expect(
                    values.deviation(around: middle)
                        == naive(entries.map { (abs($0.0 - middle), $0.1) }), message)
            }
        }
    }

    @Test func `the first value that reaches a weight is found, or none`() {
        var values = WeightedValues()
        values.insert(5, weight: 2)
        values.insert(-1, weight: 1)
        #expect(values.first(reaching: 1) == -1)
        #expect(values.first(reaching: 2) == 5)
        #expect(values.first(reaching: 3) == 5)
        #expect(values.first(reaching: 4) == nil)
    }
}
