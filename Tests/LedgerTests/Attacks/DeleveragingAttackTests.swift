/// Attack 10 of `facts/risk.md`, the levered self-straddle: both legs belong to one attacker, one
/// goes bankrupt in a gap, the other keeps what it has won, and strangers pay the difference. And
/// its variants: the legs are accounts of one owner, or one leg is split into dust.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Testing

@Suite struct DeleveragingAttackTests {
    private struct Straddle {
        /// What the attacker has won or lost over both legs, in micro-units.
        var gain: Int64
        /// What the bankrupt leg lacked.
        var lacked: Int64
        /// What the stranger paid of it.
        var strangerPaid: Int64
    }

    /// A stranger is short from 60,000, for days, with a profit and some leverage. The attacker
    /// opens both legs at 50,000; the gap goes to 40,000, where the long leg lacks about 4,800.
    ///
    /// - Parameters:
    ///   - pieces: into how many accounts the short leg is split.
    ///   - isOneOwner: whether both legs are accounts of one owner.
    private func straddle(
        isDefended: Bool, pieces: Int = 1, isOneOwner: Bool = false
    ) throws -> Straddle {
        var options = TestGenesis.Options()
        options.insuranceShare = .zero
        let venue = try Venue(isDefended ? options : options.without(.fairDeleveraging))
        let stranger = try venue.openAccounts(1, dollars: 8_000)[0]
        let other = try venue.openAccounts(1, dollars: 500_000)[0]
        venue.setPrice(60_000)
        try venue.wait(blocks: 40, seconds: 3_600)
        try venue.trade(other, stranger, 1_000, at: 60_000)
        venue.setPrice(50_000)
        let day: UInt64 = 24 * 3_600_000
        for _ in 0..<3 { try venue.apply(milliseconds: day) }
        try venue.apply()
        let long = try venue.openAccounts(1, dollars: 5_200)[0]
        var shorts: [AccountIdentifier] = []
        for _ in 0..<pieces {
            let dollars = Int64(5_200 / pieces)
            shorts.append(
                isOneOwner
                    ? try venue.openSibling(of: long, dollars: dollars)
                    : try venue.openAccounts(1, dollars: dollars)[0])
        }
        // Nobody trades with himself: another stands between.
        for short in shorts {
            try venue.trade(long, other, Int64(1_000 / pieces), at: 50_000)
            try venue.trade(other, short, Int64(1_000 / pieces), at: 50_000)
        }
        let legs = [long] + shorts
        let before = legs.reduce(Int64(0)) { $0 + venue.equity($1) }
        venue.setPrice(40_000)
        let outcome = try venue.apply()
        var result = Straddle(gain: -before, lacked: 0, strangerPaid: 0)
        for leg in legs { result.gain += venue.equity(leg) }
        for event in outcome.events {
            switch event {
            case .shortfall(let shortfall) where shortfall.account == long:
                result.lacked += shortfall.amount.units
            case .lossShared(_, stranger, let amount): result.strangerPaid += amount.units
            default: break
            }
        }
        #expect(venue.position(long) == 0)
        return result
    }

    @Test(arguments: [true, false])
    func `the winning leg of a self-straddle pays most of what the other lacks`(
        isDefended: Bool
    ) throws {
        let straddle = try straddle(isDefended: isDefended)
        #expect(straddle.lacked > 4_500 * TestGenesis.million)
        // Off, the stranger's old profit puts him first, and all is his. On, the profit of the day
        // counts, the attacker's leg is the more levered, and what he keeps is the smaller part.
        if isDefended {
            #expect(straddle.strangerPaid * 10 < straddle.lacked * 4)
            #expect(straddle.gain * 10 < straddle.lacked * 4)
        } else {
            #expect(straddle.strangerPaid == straddle.lacked)
            #expect(straddle.gain * 10 > straddle.lacked * 9)
        }
    }

    @Test(arguments: [true, false])
    func `with both legs of one owner strangers pay nothing`(isDefended: Bool) throws {
        let straddle = try straddle(isDefended: isDefended, isOneOwner: true)
        #expect(straddle.lacked > 4_500 * TestGenesis.million)
        #expect((straddle.strangerPaid == 0) == isDefended)
        #expect((straddle.gain <= 0) == isDefended)
    }

    @Test func `a leg in ten pieces pays what it would in one`() throws {
        let whole = try straddle(isDefended: true)
        let split = try straddle(isDefended: true, pieces: 10)
        // A thousandth of what is missing, for lots are whole.
        #expect(abs(whole.strangerPaid - split.strangerPaid) * 100 < whole.lacked)
    }
}
