/// The state of one underlying: markets open in order, caps move by the minute, all of it reads as
/// it was written.

import Canonical
import Economics
import FixedPoint
import Testing

private let start = Timestamp(nanoseconds: 1_750_000_000 * 1_000_000_000)
private let main = CompartmentIdentifier(1)
private let side = CompartmentIdentifier(4)

struct MarketEconomicsTests {
    private func economics() -> MarketEconomics {
        var state = MarketEconomics(parameters: .bitcoin, start: start)
        state.openMarket(in: side, fund: .dollars(10))
        state.openMarket(in: main, fund: .dollars(1_000_000_000))
        return state
    }

    @Test func `each compartment has a cap of its own, by its own fund`() {
        var state = economics()
        #expect(state.caps.map { $0.compartment } == [main, side])
        // The opening depth is read at the lower end of its class, some 10 % below.
        #expect((state.cap(in: main)?.amount ?? .zero) > .dollars(6_000_000))
        #expect(state.cap(in: side)?.amount == .dollars(1_000_000))
        #expect(state.cap(in: CompartmentIdentifier(2)) == nil)
        let before = state
        state.openMarket(in: main, fund: .zero)
        #expect(state == before)
    }

    private func follow(_ state: inout MarketEconomics, _ now: Timestamp) -> [Int] {
        state.followCaps(now: now) { _ in .zero }
    }

    @Test func `caps move once a minute`() {
        var state = economics()
        let early = start.advanced(by: .seconds(59))
        #expect(follow(&state, early).isEmpty)
        let due = start.advanced(by: .seconds(60))
        // The fund of both is gone; the side's cap stands at the least already.
        #expect(follow(&state, due) == [0])
        #expect(follow(&state, due).isEmpty)
    }

    @Test func `a rich fund of one compartment raises nothing in another`() {
        var state = economics()
        var now = start
        for _ in 0..<600 {
            now = now.advanced(by: .minute)
            _ = state.followCaps(now: now) { $0 == main ? .dollars(1_000_000_000) : .zero }
        }
        #expect(state.cap(in: side)?.amount == .dollars(1_000_000))
    }

    @Test func `state reads as it was written`() throws {
        var state = economics()
        for second in 0..<70 as Range<UInt64> {
            let now = start.advanced(by: .seconds(second))
            state.measure(depth: .dollars(Int64(second)), elapsed: .seconds(1), now: now)
            for number in [5, 2] as [UInt16] {
                state.look(
                    at: InstrumentIdentifier(number),
                    BookSample(bidDepth: .dollars(1), askDepth: .dollars(2)), now: now)
            }
        }
        #expect(state.books.map { $0.instrument.number } == [2, 5])
        #expect(state.book(of: InstrumentIdentifier(5))?.standing.askDepth == .dollars(2))
        var encoder = CanonicalEncoder()
        state.encodeState(into: &encoder)
        var read = MarketEconomics(parameters: .bitcoin, start: .epoch)
        var decoder = CanonicalDecoder(encoder.bytes)
        try read.decodeState(from: &decoder)
        try decoder.finish()
        #expect(read == state)
        read.retire(InstrumentIdentifier(2))
        #expect(read.books.map { $0.instrument.number } == [5])
    }

    @Test func `a cap beyond what genesis allows is refused`() {
        var encoder = CanonicalEncoder()
        economics().encodeState(into: &encoder)
        for (hard, least) in [(50_000_000, 2_000_000), (2_000_000, 1_000_000)] as [(Int64, Int64)] {
            var parameters = EconomicParameters.bitcoin
            (parameters.hardLimit, parameters.leastCap) = (.dollars(hard), .dollars(least))
            var read = MarketEconomics(parameters: parameters, start: .epoch)
            var decoder = CanonicalDecoder(encoder.bytes)
            #expect(throws: DecodingFault.self) { try read.decodeState(from: &decoder) }
        }
    }
}
