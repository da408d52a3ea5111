/// Attack 9 of `facts/risk.md`: a model that follows an hourly volatility closes with its own rise
/// what the market would not have closed, and whoever can move the index for a minute has his
/// rivals liquidated by it.

import Canonical
import Estimation
import FixedPoint
import Ledger
import Testing

struct ModelCascadeTests {
    /// The model of the attack: λ = 0.97.
    private func options(_ off: [Defence] = []) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.marginModel = .bitcoin
        options.marginModel?.estimator.memory = Ratio(basisPoints: 9_700)
        options.off = off
        return options
    }

    /// A long of 1 BTC with $10,000, and an index that falls by 10 % and stands there for an hour:
    /// $5,000 are left for $45,000, which is more than maintenance asks before and after.
    private func liquidations(_ off: [Defence]) throws -> (count: Int, moves: [MarginMoves]) {
        let venue = try Venue(options(off))
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        try venue.deposit(1_000_000, to: accounts[1])
        for count in 0..<3 {
            venue.setPrice(count % 2 == 0 ? 50_005 : 50_000)
            try venue.apply(milliseconds: 3_600_000)
        }
        venue.setPrice(50_000)
        try venue.apply(milliseconds: 1_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        var (count, path) = (0, [MarginMoves]())
        for minute in 0..<70 {
            venue.setPrice(minute < 60 ? 45_000 : 50_000)
            let outcome = try venue.apply(milliseconds: 60_000)
            for case .liquidationStarted(accounts[0], _, _) in outcome.events { count += 1 }
            path.append(try #require(venue.ledger.marginMoves(of: UnderlyingIdentifier(0))))
        }
        return (count, path)
    }

    @Test func `with the rate bound nobody is liquidated by the model`() throws {
        let (count, path) = try liquidations([])
        #expect(count == 0)
        #expect(path[0].initial > Ratio(basisPoints: 1_100))
        #expect(path[69].maintenance <= Ratio(basisPoints: 730))
    }

    @Test func `without it the model liquidates at once`() throws {
        let (count, path) = try liquidations([.maintenanceRate])
        #expect(count == 1)
        #expect(path[0].maintenance == path[0].initial)
    }

    @Test func `with margin that is fixed nobody is liquidated, and nothing is asked of new risk`()
        throws
    {
        let (count, path) = try liquidations([.selfSettingMargin])
        #expect(count == 0)
        #expect(path.allSatisfy { $0 == MarginMoves(Ratio(basisPoints: 600)) })
    }
}
