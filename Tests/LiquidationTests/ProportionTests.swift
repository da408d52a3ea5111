/// Dividing a whole: against a naive division in rounds, and at the ends of the numbers.
import TestKit
import Testing

@testable import Liquidation

@Test func theLargestNumbersDivideWithoutOverflow() {
    let largest = Portion(weight: .max, cap: .max)
    #expect(Proportion.parts(of: .max, among: [largest]) == [.max])
    let three = Proportion.parts(of: .max, among: [largest, largest, largest])
    #expect(three.reduce(Int128(0)) { $0 + Int128($1) } == Int128(Int64.max))
    #expect(Proportion.parts(of: .max, among: [Portion(weight: 1, cap: 1), largest])[0] <= 1)
}

@Test(arguments: [
    [Portion(weight: 0, cap: 9)], [Portion(weight: 9, cap: 0)], [],
]) func whoHasNoWeightOrNoRoomTakesNothing(_ portions: [Portion]) {
    #expect(Proportion.parts(of: 5, among: portions).allSatisfy { $0 == 0 })
}

/// The level that all rise to: below their caps all have the same part for their weight.
@Test func belowTheCapsPartsAreProportionalToWeights() {
    let seed: UInt64 = 88
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
        let message: Comment = "seed \(seed), round \(round)"
        let portions = (0..<Int.random(in: 1...20, using: &random)).map { _ in
            Portion(
                weight: .random(in: 0...1_000, using: &random),
                cap: .random(in: 0...100_000, using: &random))
        }
        let room = portions.reduce(Int64(0)) { $0 + ($1.weight > 0 ? $1.cap : 0) }
        let whole = Int64.random(in: 0...(room + 9), using: &random)
        let parts = Proportion.parts(of: whole, among: portions)
        #expect(parts.reduce(0, +) == min(whole, room), message)
        // No capped part is above, and no open part more than one unit off, the common level.
        let open = portions.indices.filter {
            portions[$0].weight > 0 && parts[$0] < portions[$0].cap
        }
        for place in portions.indices where portions[place].weight > 0 {
            #expect(parts[place] <= portions[place].cap, message)
            for other in open {
                let mine = (parts[place] - 1) * portions[other].weight
                #expect(mine < (parts[other] + 1) * portions[place].weight, message)
            }
        }
    }
}
