/// A slab against an array.
import Canonical
import TestKit
import Testing

@Test func aSlabHoldsWhatAnArrayWould() {
    let seed: UInt64 = 22
    var random = SeededGenerator(seed: seed)
    var slab = Slab<UInt64>()
    var array: [UInt64] = []
    for _ in 0..<20_000 {
        if array.isEmpty || Bool.random(using: &random) {
            let value = UInt64.random(in: 0 ... .max, using: &random)
            let place = slab.append(value)
            #expect(place == Int32(array.count))
            array.append(value)
        } else {
            let place = Int.random(in: array.indices, using: &random)
            slab[Int32(place)] &+= 3
            array[place] &+= 3
        }
        let count = slab.count
        #expect(count == array.count)
    }
    for (place, value) in array.enumerated() {
        let found = slab[Int32(place)]
        #expect(found == value)
    }
    slab.removeAll()
    let count = slab.count
    #expect(count == 0)
    let place = slab.append(7)
    let value = slab[0]
    #expect(place == 0 && value == 7)
}

@Test func aPlaceThatDoesNotExistStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        let slab = Slab<UInt64>()
        _ = slab[0]
    }
    await #expect(processExitsWith: .failure) {
        var slab = Slab<UInt64>()
        _ = slab.append(1)
        _ = slab[-1]
    }
    await #expect(processExitsWith: .failure) {
        var slab = Slab<UInt64>()
        _ = slab.append(1)
        slab.removeAll()
        slab[0] = 2
    }
}
