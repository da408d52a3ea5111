/// The promise of the waterfall, over states that chance made: counting only blocks with a price
/// good enough to liquidate on, who is below maintenance is through within a bounded number of
/// them, and no step takes more than the rules allow. Books are emptied, markets halted and held
/// back, prices go missing, positions are as large as they may be. `Venue` checks conservation
/// after every block.

import Accounts
import Breakers
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk
import TestKit
import Testing

/// An account as it stood before a block.
private struct Standing {
    let margin: MarginBreakdown
    /// Lots by instrument, and what they are worth, longs and shorts added.
    let lots: [Int64]
    let gross: Int64
    /// The marks of the three markets, in micro-dollars.
    let marks: [Int64]
}

@Suite struct LivenessTests {
    #if DEBUG
        static let lives: ClosedRange<UInt64> = 1...8
    #else
        static let lives: ClosedRange<UInt64> = 1...120
    #endif

    /// Seconds from block to block, and how many blocks with a price a liquidation may last: twice
    /// the band's thirty seconds, and the block in which it begins.
    private static let pace: UInt64 = 5
    private static let bound = 2 * 30 / Int(pace) + 1

    @Test(arguments: lives)
    func
        `whoever is below maintenance is through within the bound, and no step takes too much`(
            seed: UInt64
        ) throws
    {
        let chance = try life(seed)
        let venue = chance.venue
        venue.hint = "seed \(seed)"
        var counts = [Int](repeating: 0, count: venue.ledger.accounts.accounts.count)
        let gap = chance.chance(1, in: 3) ? Int(chance.integer(in: 1...6)) : 0
        for round in 0..<(3 * Self.bound + gap) {
            venue.isPublishing = round == 0 || round > gap
            let before = standings(venue)
            try venue.apply(milliseconds: Self.pace * 1_000)
            guard venue.isPublishing else {
                checkFrozen(venue, before, seed)
                continue
            }
            for place in counts.indices {
                let account = AccountIdentifier(UInt32(place))
                guard venue.isLiquidating(account) else {
                    counts[place] = 0
                    continue
                }
                counts[place] += 1
                #expect(counts[place] < Self.bound, "seed \(seed), account \(place)")
            }
            if round > gap + 1 { checkSteps(venue, before, seed) }
        }
        for place in counts.indices {
            let account = AccountIdentifier(UInt32(place))
            let isHealthy = !venue.ledger.maintenanceMargin(of: account).health.isNegative
            let isClosed = venue.ledger.accounts[account].positions.isEmpty
            #expect(!venue.isLiquidating(account) && (isHealthy || isClosed), "seed \(seed)")
        }
        for fund in venue.ledger.accounts.funds { #expect(!fund.insurance.isNegative) }
    }

    /// Trading, then a crash into whatever chance has left of the books.
    private func life(_ seed: UInt64) throws -> RandomVenue {
        var weather = Weather()
        weather.pricesMove = false
        weather.hasNonsense = false
        weather.accounts = 8
        // Every third life plays with as much as accounts may hold.
        weather.dollars = seed % 3 == 0 ? 300_000_000 : 30_000
        weather.largestOrder = seed % 3 == 0 ? 100_000 : 1_200
        var options = seed % 4 == 1 ? TestGenesis.Options.watched() : TestGenesis.Options()
        options.liquidation.depthShare = LiquidationParameters.standard.depthShare
        let chance = try RandomVenue(seed: seed, weather, options: options)
        let venue = chance.venue
        for _ in 0..<8 { try chance.step() }
        if chance.chance(1, in: 3) {
            for account in chance.accounts { try venue.apply(.by(account, .cancelAll(nil))) }
        }
        if chance.chance(1, in: 4) { try venue.apply(.operator(.halt(TestGenesis.bitcoin))) }
        if chance.chance(1, in: 4) {
            try venue.apply(.operator(.auction(seconds: 3_600, in: TestGenesis.ether)))
        }
        let crashes: [Int64] = [-8_800, -3_000, -1_000, -600, -300, 300, 500, 1_000, 10_000]
        for place in venue.prices.indices {
            venue.prices[place] += venue.prices[place] / 10_000 * chance.pick(crashes)
        }
        return chance
    }

    private func standings(_ venue: Venue) -> [Standing] {
        venue.ledger.accounts.accounts.indices.map { place in
            let account = AccountIdentifier(UInt32(place))
            return Standing(
                margin: venue.ledger.maintenanceMargin(of: account), lots: lots(venue, account),
                gross: venue.ledger.grossNotional(of: account).units, marks: marks(venue))
        }
    }

    private func marks(_ venue: Venue) -> [Int64] {
        Self.markets.map { venue.ledger.prices[Int($0.number)].mark.units }
    }

    private func lots(_ venue: Venue, _ account: AccountIdentifier) -> [Int64] {
        Self.markets.map { venue.position(account, $0) }
    }

    private static let markets = [
        TestGenesis.bitcoin, TestGenesis.ether, TestGenesis.sideBitcoin,
    ]

    /// While there is no price, nothing of anybody is sold. The last prices serve for as long as
    /// they are young.
    private func checkFrozen(_ venue: Venue, _ before: [Standing], _ seed: UInt64) {
        guard !isPriceValid(venue) else { return }
        for place in before.indices {
            let account = AccountIdentifier(UInt32(place))
            #expect(lots(venue, account) == before[place].lots, "seed \(seed)")
        }
    }

    private func isPriceValid(_ venue: Venue) -> Bool {
        venue.ledger.feeds.contains { $0.isValid(for: .liquidate, at: venue.time) }
    }

    /// What the moves of the marks cost at most, margin included, in µ. A lot is 0.001 BTC, or
    /// 0.01 ETH.
    private func drift(_ venue: Venue, _ old: Standing) -> Int64 {
        var total: Int64 = 0
        for (place, mark) in marks(venue).enumerated() {
            let lotSize: Int64 = Self.markets[place] == TestGenesis.ether ? 100 : 1_000
            total += abs(mark - old.marks[place]) * abs(old.lots[place]) / lotSize
        }
        return total + total / 5
    }

    /// At prices that stand still: positions shrink, equity falls by no more than band and fee of
    /// what was closed, never below zero, and health does not fall.
    private func checkSteps(_ venue: Venue, _ before: [Standing], _ seed: UInt64) {
        for place in before.indices {
            let account = AccountIdentifier(UInt32(place))
            let old = before[place]
            guard venue.isLiquidating(account), old.gross > 0 else { continue }
            let new = venue.ledger.maintenanceMargin(of: account)
            for (after, was) in zip(lots(venue, account), old.lots) {
                #expect(after * was >= 0 && abs(after) <= abs(was), "seed \(seed)")
            }
            // Funding of a few seconds, roundings, and what the marks have moved with the books.
            let slack = old.gross / 100_000 + 10 + drift(venue, old)
            let closed = old.gross - venue.ledger.grossNotional(of: account).units
            let lost = old.margin.equity.units - new.equity.units
            // Three quarters of the largest margin that a lot has, 8.5 %, and a tenth of a percent.
            #expect(lost <= closed / 10_000 * 648 + slack, "seed \(seed), account \(place)")
            #expect(new.equity.units >= min(0, old.margin.equity.units) - slack, "seed \(seed)")
            #expect(
                new.health.units >= old.margin.health.units - slack, "seed \(seed), \(place)")
        }
    }
}
