/// The built-in day is the same for ever, and is the day its description promises.
import Simulation
import Testing

private let minute: UInt64 = 60_000_000_000

/// FNV-1a over every number of the day.
private func checksum(_ histories: [PriceHistory]) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            hash = (hash ^ ((number >> shift) & 0xff)) &* 0x100_0000_01b3
        }
    }
    for history in histories {
        for source in history.sources {
            for bar in source.bars {
                add(bar.start)
                for price in [bar.open, bar.high, bar.low, bar.close, bar.volume ?? -1] {
                    add(UInt64(bitPattern: price))
                }
            }
        }
    }
    return hash
}

@Test func theBuiltInDayNeverChanges() {
    #expect(checksum(BuiltInDay.histories()) == 0)
}

@Test func theBuiltInDayHasTwoUnderlyingsOnFiveVenuesAndOneOutage() {
    let histories = BuiltInDay.histories()
    #expect(histories.map(\.name) == ["BTC/USD", "ETH/USD"])
    for history in histories {
        #expect(history.sources.map(\.venue) == ["alder", "birch", "cedar", "maple", "rowan"])
        #expect(history.sources.map(\.bars.count) == [1_440, 1_440, 1_440, 1_409, 1_440])
        #expect(history.start == BuiltInDay.start)
        #expect(history.end == BuiltInDay.start + 1_440 * minute)
    }
}

@Test func everyBarOfTheBuiltInDayIsSound() {
    for source in BuiltInDay.histories().flatMap(\.sources) {
        for bar in source.bars {
            #expect(0 < bar.low && bar.low <= min(bar.open, bar.close))
            #expect(max(bar.open, bar.close) <= bar.high)
            #expect(bar.duration == minute && (bar.volume ?? 0) > 0)
        }
        #expect(zip(source.bars, source.bars.dropFirst()).allSatisfy { $0.end <= $1.start })
    }
}

@Test(arguments: [(0, 155, 170), (1, 210, 230)])
func theBuiltInDayCrashesInTheAfternoon(place: Int, least: Int64, most: Int64) {
    let bars = BuiltInDay.histories()[place].sources[0].bars
    /// The deepest fall inside twelve minutes, in 10⁻³, and when it ends.
    let falls = bars.indices.dropFirst(12).map { last in
        let high = bars[(last - 11)...last].map(\.high).max() ?? 1
        return (fall: (high - bars[last].low) * 1_000 / high, minute: last)
    }
    let deepest = falls.max { $0.fall < $1.fall }
    #expect((least...most).contains(deepest?.fall ?? 0))
    #expect((880...890).contains(deepest?.minute ?? 0))
    // Calm before noon, a part won back by the evening.
    #expect(falls.filter { $0.minute < 720 }.allSatisfy { $0.fall < 15 })
    let bottom = bars.map(\.low).min() ?? 0
    #expect(bars[1_439].close > bottom + bottom / 20)
}

@Test func theVenuesOfTheBuiltInDayStayClose() {
    for history in BuiltInDay.histories() {
        let alder = history.sources[0].bars
        for source in history.sources.dropFirst() {
            for bar in source.bars {
                let other = alder[Int((bar.start - BuiltInDay.start) / minute)]
                let apart = abs(bar.close - other.close) * 10_000 / other.close
                #expect(apart <= 20, "basis points between alder and \(source.venue)")
            }
        }
    }
}
