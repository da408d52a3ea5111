/// One run: a ledger from its genesis, a world, a population, and blocks between them, each five
/// seconds after the last. Nothing is shared with another run, so runs go side by side.

import Canonical
import FixedPoint
import Ledger
import Oracle

package enum StressRun {
    /// 10⁻⁶ by which a source's price may differ from the others'.
    private static let lean: Int64 = 60

    /// Runs a plan to its end, and audits the ledger.
    package static func result(of plan: StressPlan) -> StressResult {
        let genesis: Genesis
        do {
            genesis = try StressGenesis.genesis(plan)
        } catch {
            preconditionFailure("Invariant: the venue of a stress run is valid, not \(error)")
        }
        let ledger = Ledger(genesis: genesis)
        let path = StressPath(plan.course, seed: plan.seed)
        let population = StressPopulation(seed: plan.seed, leverage: plan.leverage)
        var world = StressWorld(
            path, openings: StressGenesis.openings, betas: StressGenesis.betas, depth: plan.depth)
        var traders = StressTraders(population)
        var recorder = StressRecorder(plan, population, path)
        var curves = LabCurves(
            underlying: UnderlyingIdentifier(1), parameters: genesis.oracles[1].surface,
            seed: plan.seed)
        var noise = SimulationGenerator(seed: plan.seed, stream: 31)
        var now = Timestamp(nanoseconds: StressGenesis.start)
        for transactions in traders.openings(chain: ledger.chain, now: now) {
            apply([], transactions, at: now, to: ledger)
            now = now.advanced(by: .seconds(1))
        }
        for _ in 0..<world.steps {
            now = now.advanced(by: .seconds(UInt64(StressPath.step)))
            world.advance()
            let bundles = bundles(world, &curves, &noise, at: now)
            let transactions = traders.transactions(world, ledger: ledger, now: now)
            let outcome = apply(bundles, transactions, at: now, to: ledger)
            var carried: [Int64] = StressGenesis.openings.map { _ in 0 }
            recorder.add(outcome, world, ledger: ledger) { carried[$0] += $1 }
            for (underlying, notional) in carried.enumerated() {
                world.take(notional, of: underlying)
            }
        }
        return recorder.finished(ledger, acts: traders.acts)
    }

    /// What the sources say: the price outside, each with a lean of its own, and the volatilities.
    private static func bundles(
        _ world: StressWorld, _ curves: inout LabCurves, _ noise: inout SimulationGenerator,
        at now: Timestamp
    ) -> [ObservationBundle] {
        let prices = StressGenesis.openings.indices.map { world.price(of: $0) }
        curves.follow(prices[1], at: now.nanoseconds)
        let depth = Amount(microunits: world.outsideDepth / Int64(StressGenesis.publishers))
        return (0..<StressGenesis.publishers).map { place in
            let observations = prices.enumerated().map { underlying, price in
                let off = price / 1_000_000 * noise.integer(in: -lean...lean)
                return Observation(
                    underlying: UnderlyingIdentifier(UInt16(underlying)),
                    price: IndexPrice(micros: price + off),
                    source: SourceIdentifier(UInt16(place)), depthBelow: depth, depthAbove: depth)
            }
            return ObservationBundle(
                publisher: PublisherIdentifier(UInt16(place)), time: now,
                observations: observations,
                curves: curves.votes(on: [StressGenesis.expiry], price: prices[1]),
                signature: LabKeys.unsigned)
        }
    }

    @discardableResult
    private static func apply(
        _ bundles: [ObservationBundle], _ transactions: [[UInt8]], at time: Timestamp,
        to ledger: Ledger
    ) -> BlockOutcome {
        let block = Block(
            height: ledger.height + 1, time: time, observations: bundles,
            transactions: transactions)
        do throws(BlockFault) {
            return try ledger.apply(block, verifier: TrustingVerifier())
        } catch {
            preconditionFailure("Invariant: the runner makes canonical blocks, not \(error)")
        }
    }
}
