/// The market outside: what is carried there moves it, more where it is thin, and not for ever.
import Testing

@testable import Simulation

@Suite struct StressWorldTests {
    private func world(depth: Int64? = 1_000_000, move: Int64 = 0) -> StressWorld {
        let still = [Int64](repeating: 1_000_000, count: 400)
        let moved = still.enumerated().map { $0.offset < 100 ? $0.element : 1_000_000 + move }
        var world = StressWorld(
            StressPath(.recorded(name: "still", steps: moved), seed: 1),
            openings: StressGenesis.openings, betas: StressGenesis.betas, depth: depth)
        world.advance()
        return world
    }

    /// The displacement after all of a position was carried outside.
    private func displacement(_ notional: Int64, depth: Int64, steps: Int = 60) -> Int64 {
        var world = world(depth: depth)
        world.take(notional, of: 0)
        for _ in 0..<steps { world.advance() }
        return world.displacement(of: 0)
    }

    @Test func `what was bought inside is sold outside, and the other way round`() {
        let amount = StressPlan.outsideDepth / 4
        #expect(displacement(amount, depth: 1_000_000) < -1_000)
        #expect(displacement(-amount, depth: 1_000_000) > 1_000)
        #expect(displacement(0, depth: 1_000_000) == 0)
    }

    @Test func `a thin market moves as much more as it is thinner`() {
        let amount = StressPlan.outsideDepth / 100
        let (deep, thin) = (
            displacement(amount, depth: 1_000_000),
            displacement(amount, depth: StressPlan.thinDepth)
        )
        #expect(thin * 100 / min(-1, deep) >= 500)
    }

    @Test func `two thirds of an impact go again`() {
        let amount = StressPlan.outsideDepth
        let (soon, late) = (
            displacement(amount, depth: 1_000_000, steps: 40),
            displacement(amount, depth: 1_000_000, steps: 390)
        )
        #expect(late > soon && late * 100 / soon < 60)
        #expect(late * 100 / soon > 30)
    }

    @Test func `depth falls to 17 % with a wild minute at once, and comes back slowly`() {
        var world = world(depth: nil, move: -30_000)
        for _ in 0..<90 { world.advance() }
        #expect(world.depth == 1_000_000)
        for _ in 0..<12 { world.advance() }
        #expect(world.depth == StressPlan.thinDepth)
        for _ in 0..<60 { world.advance() }
        #expect((200_000...600_000).contains(world.depth))
    }

    @Test func `a second underlying moves with the first, by its own measure`() {
        var world = world(move: -100_000)
        for _ in 0..<200 { world.advance() }
        #expect(world.course(of: 0) == StressGenesis.openings[0] / 10 * 9)
        #expect(world.course(of: 1) == StressGenesis.openings[1] / 1_000 * 875)
    }
}
