/// Lists in one array against arrays of their own.
import Canonical
import TestKit
import Testing

@testable import Risk

@Test func pooledListsAreTheArraysThatTheyStandFor() {
    let seed: UInt64 = 83
    var random = SeededGenerator(seed: seed)
    var pool = ListPool<Int>(filler: -1)
    var lists = [PooledList](repeating: PooledList(), count: 20)
    var arrays = [[Int]](repeating: [], count: 20)
    for round in 0..<20_000 {
        let which = Int.random(in: 0..<20, using: &random)
        let count = arrays[which].count
        switch Int.random(in: 0..<5, using: &random) {
        case 0...2 where count < 40:
            let place = Int.random(in: 0...count, using: &random)
            pool.insert(round, at: place, in: &lists[which])
            arrays[which].insert(round, at: place)
        case 3 where count > 0:
            let place = Int.random(in: 0..<count, using: &random)
            pool[lists[which], place] += 1
            arrays[which][place] += 1
        default:
            // Some lists are emptied, so that runs are used again.
            for _ in 0..<min(count, round % 3 == 0 ? 40 : 1) {
                let place = Int.random(in: arrays[which].indices, using: &random)
                pool.remove(at: place, from: &lists[which])
                arrays[which].remove(at: place)
            }
        }
        for (list, array) in zip(lists, arrays) where list.count != array.count {
            Issue.record("seed \(seed), round \(round)")
        }
        #expect(pool.elements(of: lists[which]) == arrays[which], "seed \(seed), round \(round)")
    }
    for (list, array) in zip(lists, arrays) { #expect(pool.elements(of: list) == array) }
}

@Test func aPlaceBehindAListStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        var pool = ListPool<Int>(filler: 0)
        var (first, second) = (PooledList(), PooledList())
        pool.insert(1, at: 0, in: &first)
        pool.insert(2, at: 0, in: &second)
        _ = pool[first, 1]
    }
}

@Test func aSetOfUnderlyingsKnowsWhatItHolds() {
    let numbers: [UInt16] = [0, 1, 5, 31, 32, 62, 63]
    var set = UnderlyingSet()
    #expect(set.isEmpty)
    for number in numbers.reversed() { set.insert(UnderlyingIdentifier(number)) }
    set.insert(UnderlyingIdentifier(5))
    #expect(set.map(\.number) == numbers && set.count == numbers.count)
    for (rank, number) in numbers.enumerated() {
        #expect(set.rank(of: UnderlyingIdentifier(number)) == rank)
        #expect(set.contains(UnderlyingIdentifier(number)))
    }
    #expect(!set.contains(UnderlyingIdentifier(2)))
    var other = UnderlyingSet()
    for number in [UInt16(2), 5, 63] { other.insert(UnderlyingIdentifier(number)) }
    #expect(set.intersection(other).map(\.number) == [5, 63])
    set.remove(UnderlyingIdentifier(5))
    #expect(!set.contains(UnderlyingIdentifier(5)) && set.count == numbers.count - 1)
}
