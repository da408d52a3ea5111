/// A venue at the mercy of chance: every command with sensible and senseless values, prices that
/// walk and jump, publishers that fall silent, late and early blocks. `Venue` checks the invariants
/// of the ledger after every block; this file adds those that need to know what chance did.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Oracle
import TestKit
import Testing

/// How wild it is.
struct Weather {
    /// Commands in a block.
    var commands = 30
    /// Whether prices move at all.
    var pricesMove = true
    /// Whether values are drawn from the whole range of their type now and then.
    var hasNonsense = true
    /// Dollars of each account's first deposit, at most.
    var dollars: Int64 = 200_000
    var accounts = 12
    var largestOrder: Int64 = 1_200
}

final class RandomVenue {
    let venue: Venue
    let weather: Weather
    let adversary: Adversary
    /// Commands it has sent.
    private(set) var commandCount = 0
    var random: SeededGenerator
    private(set) var accounts: [AccountIdentifier] = []
    /// Blocks for which each publisher stays silent.
    private var silence = [Int](repeating: 0, count: 3)

    init(
        seed: UInt64, _ weather: Weather = Weather(), _ adversary: Adversary = .chance,
        options: TestGenesis.Options = TestGenesis.Options()
    ) throws {
        var options = options
        if adversary == .settler { options.makeDated() }
        // Every second venue judges what publishers say by all rules that do not slow prices.
        if seed % 2 == 0 { options.aggregation = .watchful }
        venue = try Venue(options)
        self.weather = weather
        self.adversary = adversary
        random = SeededGenerator(seed: seed)
        let main = weather.accounts * 3 / 4
        for (count, home) in [
            (main, TestGenesis.main), (weather.accounts - main, TestGenesis.side),
        ] where count > 0 {
            for _ in 0..<count {
                let dollars = integer(in: weather.dollars / 20...weather.dollars)
                accounts += try venue.openAccounts(1, dollars: dollars, in: home)
            }
        }
        // Two more accounts of the first owner, one of them in the other compartment.
        accounts.append(try venue.openSibling(of: accounts[0], dollars: weather.dollars))
        try venue.apply(
            .custodian(
                .depositInsurance(.dollars(weather.dollars / 10), to: TestGenesis.main)),
            .operator(
                .setFeeTier(1, of: accounts[1]), .setFeeTier(2, of: accounts[2])))
    }

    /// One block of chance.
    @discardableResult
    func step() throws -> BlockOutcome {
        if weather.pricesMove { movePrices() }
        var sends: [Send] = []
        var left = weather.commands
        while left > 0 {
            let count = min(left, chance(1, in: 4) ? Int(integer(in: 2...5)) : 1)
            let isHostile = adversary != .chance && chance(1, in: 2)
            let send = isHostile ? hostileSend(count) : randomSend(count)
            left -= send.commands.count
            commandCount += send.commands.count
            sends.append(send)
        }
        let milliseconds = randomInterval()
        venue.isPublishing = true
        let block = venue.block(sends, milliseconds: milliseconds)
        let outcome = try venue.apply(withSilence(block))
        venue.noteAccounts()
        return outcome
    }

    private func withSilence(_ block: Block) -> Block {
        guard weather.pricesMove else { return block }
        var block = block
        for publisher in silence.indices {
            if silence[publisher] > 0 {
                silence[publisher] -= 1
            } else if chance(1, in: 30) {
                silence[publisher] = Int(integer(in: 1...25))
            }
        }
        block.observations.removeAll { silence[Int($0.publisher.number)] > 0 }
        for place in block.observations.indices where chance(1, in: 20) {
            let dollars = chance(1, in: 5) ? integer(in: -1...0) : integer(in: 1...800_000)
            block.observations[place] = venue.bundle(
                by: Int(block.observations[place].publisher.number),
                at: chance(1, in: 2) ? block.time : venue.time,
                prices: [(UInt16(integer(in: 0...2)), dollars * 500_000)])
        }
        return block
    }

    private func randomInterval() -> UInt64 {
        guard weather.pricesMove else { return 1_000 }
        if adversary == .settler {
            // Most of a life passes round the expiries.
            if chance(1, in: 8), let milliseconds = timeToExpiry { return milliseconds }
            return pick([1_000, 2_000, 5_000, 10_000, 10_000, 14_000, 30_000])
        }
        switch integer(in: 0...19) {
        case 0...9: return 1_000
        case 10...14: return 5_000
        case 15...16: return 300
        case 17: return 30_000
        case 18: return 1_800_000
        default: return chance(1, in: 5) ? 40_000_000 : 10_000
        }
    }

    private func movePrices() {
        for place in venue.prices.indices {
            let price = venue.prices[place]
            let opening = TestGenesis.openingPrices[place] * TestGenesis.million
            let move: Int64 =
                switch integer(in: adversary == .crash ? -2...8 : 0...59) {
                case ..<0: pick([-5_000, 5_000])
                case 0: integer(in: -5_000...10_000)
                case 1...4: integer(in: -800...800)
                default: integer(in: -40...40)
                }
            let next = price + price / 10_000 * move
            venue.prices[place] = min(max(next, opening / 50), opening * 6)
        }
    }

    // Chance.

    func integer(in range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

    func chance(_ part: Int64, in whole: Int64) -> Bool { integer(in: 1...whole) <= part }

    func pick<Element>(_ list: [Element]) -> Element {
        list[Int(integer(in: 0...Int64(list.count - 1)))]
    }
}

extension AggregationParameters {
    /// Names what is odd, and neither asks for venues nor holds prices back.
    fileprivate static var watchful: AggregationParameters {
        var rules = AggregationParameters.longTail
        rules.minimumVenues = 1
        rules.venueCap = .one
        rules.secondMove = .zero
        rules.minuteMove = .zero
        return rules
    }
}
