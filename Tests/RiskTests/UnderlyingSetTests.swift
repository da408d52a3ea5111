/// Sets of underlyings in one word.
import Canonical
import Testing

@testable import Risk

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
