/// Medians by halving against medians by sorting.
import TestKit
import Testing

@testable import Oracle

struct VoteColumnsTests {
    @Test func `median and deviation are those of the sorted values`() {
        let seed: UInt64 = 78
        var random = SeededGenerator(seed: seed)
        var columns = VoteColumns()
        var values = WeightedValues()
        for round in 0..<4_000 {
            let count = Int.random(in: 1...60, using: &random)
            let top = [UInt32(3), 10_000, .max].randomElement(using: &random)!
            columns.begin(numbers: 3, votes: count + round % 9)
            values.removeAll()
            let entries = (0..<count).map { _ in
                (
                    UInt32.random(in: 0...top, using: &random),
                    UInt32.random(in: 1...4, using: &random)
                )
            }
            for entry in entries {
                columns.append(weight: entry.1) { [.max, entry.0, 7][$0] }
                values.insert(Int64(entry.0), weight: UInt64(entry.1))
            }
            let median = columns.median(1)
            let deviation = columns.deviation()
            let message: Comment = "seed \(seed), round \(round)"
            #expect(Int64(median) == values.median(), message)
            #expect(Int64(deviation) == values.deviation(around: Int64(median)), message)
            let farthest = entries.map { abs(Int64($0.0) - Int64(median)) }.max()
            #expect(farthest == Int64(columns.farthest), message)
            for (place, entry) in entries.enumerated() {
                let distance = abs(Int64(entry.0) - Int64(median))
                #expect(columns.isBeyond(place, deviation) == (distance > Int64(deviation)))
            }
        }
    }

    @Test func `nothing has the median zero`() {
        var columns = VoteColumns()
        columns.begin(numbers: 1, votes: 9)
        let median = columns.median(0)
        #expect(median == 0 && columns.deviation() == 0 && columns.farthest == 0)
    }
}
