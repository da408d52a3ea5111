/// Those who sell because they must or are afraid: stops of the leveraged, panic of those who hold,
/// and writers of options who buy back what they sold.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension StressTraders {
    /// A stop stands at this share of the distance to liquidation, in 10⁻².
    private static let stopShare: Int64 = 60
    /// Blocks over which a frightened holder sells.
    private static let panicParts: Int64 = 6

    /// Closes a leveraged position whose stop is passed.
    mutating func stop(of place: Int, _ world: StressWorld, _ ledger: Ledger) -> [Command] {
        let agent = agents[place]
        guard agent.hasStop else { return [] }
        let opening = StressGenesis.openings[0]
        let move = (world.price(of: 0) - opening) / (opening / StressTraders.million)
        let adverse = agent.role == .long ? -move : move
        guard adverse >= agent.threshold / 100 * StressTraders.stopShare else { return [] }
        return closing(place, in: StressMarket.bitcoin, parts: 2, ledger)
    }

    /// Sells when the price has fallen from its highest by more than the holder bears.
    mutating func panic(of place: Int, _ world: StressWorld, _ ledger: Ledger) -> [Command] {
        let peak = highest[0]
        let fall = (peak - world.price(of: 0)) / max(1, peak / StressTraders.million)
        guard fall >= agents[place].threshold else { return [] }
        return closing(place, in: StressMarket.bitcoin, parts: StressTraders.panicParts, ledger)
    }

    /// Buys options back when the underlying has moved too far either way.
    mutating func buyBack(by place: Int, _ world: StressWorld, _ ledger: Ledger) -> [Command] {
        let agent = agents[place]
        let opening = StressGenesis.openings[1]
        let move = abs(world.price(of: 1) - opening) / (opening / StressTraders.million)
        guard agent.hasStop, move >= agent.threshold else { return [] }
        var commands: [Command] = []
        for instrument in StressMarket.written {
            commands += closing(place, in: instrument, parts: 2, ledger)
        }
        return commands
    }

    /// A market order that takes a part of a position off; all of it where little is left.
    mutating func closing(
        _ place: Int, in instrument: Int, parts: Int64, _ ledger: Ledger
    ) -> [Command] {
        let account = StressTraders.identifier(place)
        guard ledger.accounts.liquidationStart(of: account) == nil else { return [] }
        let held = ledger.accounts.quantity(
            of: account, in: StressMarket.identifier(instrument)
        ).units
        guard held != 0 else { return [] }
        let part = max(abs(held) / parts, min(abs(held), 100))
        return take(
            place, in: instrument, lots: held > 0 ? -part : part, limit: nil, reduces: true, ledger)
    }
}
