/// Backstop providers: each commits its account with limits of its own, takes slices when the
/// engine auctions them, and sells on what it took, a little in each block.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets

extension StressTraders {
    /// How much a provider takes for each dollar that it has, and what of it it may lose, in 10⁻².
    private static let reach: Int64 = 600
    private static let loss: Int64 = 30
    /// The largest part of a block's slices that one takes, in basis points.
    private static let slice = Ratio(basisPoints: 5_000)
    /// Blocks over which it sells on.
    private static let parts: Int64 = 24

    /// What makes an account a provider. Its threshold is the least discount that it asks, in
    /// 10⁻⁶.
    func commitment(of place: Int) -> Command {
        let agent = agents[place]
        let markets = StressGenesis.openings.indices.map { underlying in
            BackstopMarket(
                underlying: UnderlyingIdentifier(UInt16(underlying)),
                notional: Amount(microunits: agent.cash / 100 * StressTraders.reach),
                loss: Amount(microunits: agent.cash / 100 * StressTraders.loss))
        }
        return .setBackstop(
            BackstopLimits(
                markets: markets, sliceShare: StressTraders.slice,
                leastDiscount: Ratio(billionths: agent.threshold * 1_000),
                marginLeft: Amount(microunits: agent.cash / 10)))
    }

    /// Sells on what a provider took.
    mutating func sellOn(_ place: Int, _ ledger: Ledger) -> [Command] {
        var commands: [Command] = []
        for position in ledger.accounts[StressTraders.identifier(place)].positions {
            commands += closing(
                place, in: Int(position.instrument.number), parts: StressTraders.parts, ledger)
        }
        return commands
    }
}
