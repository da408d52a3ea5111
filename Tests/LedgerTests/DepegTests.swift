/// USDC in March 2023 as collateral: the recorded minutes of the 10th and the 13th (BTC in USD over
/// BTC in USDC on Binance.US), and between them, since the recording lacks the 11th and 12th, the
/// fall to 0.88 of which public reports tell, in straight lines.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import TestKit
import Testing

@Suite(.enabled(if: SharedFiles.exist, "no shared folder")) struct DepegTests {
    private static let file =
        "data/prices_minute/2023-03_usdc_depeg_BTC_1m_multi_venue.csv.gz"
    /// The start of a day of March 2023, in seconds since 1970.
    private static func start(_ day: Int) -> Int { 1_677_628_800 + (day - 1) * 86_400 }
    /// Minutes after midnight of the 11th, and millionths of a dollar (public reports).
    private static let reported: [(minute: Int, price: Double)] = [
        (0, 999_900), (180, 985_000), (360, 950_000), (480, 915_000), (540, 880_000),
    ]

    /// Of each recorded minute of a day, millionths of a dollar.
    private func recorded(_ day: Int) throws -> [Int64] {
        let rows = try #require(GzipFile.rows(of: SharedFiles.path(Self.file)))
        var closes: [String: [Int: Double]] = [:]
        for fields in rows.dropFirst() {
            guard fields[0] == "binance_us", let time = Int(fields[2]),
                (Self.start(day)..<Self.start(day + 1)).contains(time)
            else { continue }
            closes[String(fields[1]), default: [:]][time] = Double(fields[6])
        }
        let dollars = try #require(closes["BTCUSD"])
        return dollars.keys.sorted().compactMap { time in
            guard let own = dollars[time], let coin = closes["BTCUSDC"]?[time] else { return nil }
            return Int64(own / coin * 1_000_000)
        }
    }

    private func fall() -> [Int64] {
        zip(Self.reported, Self.reported.dropFirst()).flatMap { first, next in
            (first.minute..<next.minute).map { minute in
                let part = Double(minute - first.minute) / Double(next.minute - first.minute)
                return Int64(first.price + part * (next.price - first.price))
            }
        } + [880_000]
    }

    /// Somebody who holds 40 USDC, ten times what sources show, and borrows all that he may.
    private func scene(isOn: Bool) throws -> (Venue, holder: AccountIdentifier) {
        var options = TestGenesis.Options.borrowing(1_000_000)
        options.economics = TestGenesis.economics(cap: 100_000_000, depth: 4)
        var rules = HaircutParameters.standard
        rules.pegged = [UnderlyingIdentifier(0)]
        options.safeguards.haircuts = rules
        if !isOn { options.off = [.haircutResponse] }
        let venue = try Venue(options)
        venue.prices[0] = 1_000_000
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        _ = try venue.openAccounts(1, dollars: 1_000)
        try venue.depositAsset(40_000, to: holder)
        return (venue, holder)
    }

    /// Lets the prices of minutes pass, and borrows what may be borrowed after the first.
    private func play(_ prices: [Int64], _ venue: Venue, _ holder: AccountIdentifier) throws {
        for (minute, price) in prices.enumerated() {
            venue.prices[0] = price
            guard minute == 2 else {
                try venue.apply(milliseconds: 60_000)
                continue
            }
            let most = venue.ledger.withdrawable(holder)
            guard most.isPositive else { continue }
            try venue.apply(
                .by(holder, .withdraw(most, destination: Bytes32())), milliseconds: 60_000)
        }
    }

    @Test(arguments: [true, false])
    func `at 0.88 nobody is left with debt, and without the response a lender loses`(
        isOn: Bool
    ) throws {
        let (venue, holder) = try scene(isOn: isOn)
        try play(try recorded(10), venue, holder)
        let borrowed = -venue.cash(holder)
        // Nine and a half per cent are missing to par without, sixteen more with the response.
        #expect(borrowed > (isOn ? 29_000_000 : 36_000_000))
        #expect(borrowed < (isOn ? 31_000_000 : 36_400_000))
        try play(fall(), venue, holder)
        // Nobody bids at all: what is left is what was lent carefully.
        #expect((venue.equity(holder) > 0) == isOn)
    }

    @Test func `the recorded 13th asks for more at once and closes nobody`() throws {
        let (venue, holder) = try scene(isOn: true)
        try play(try recorded(10), venue, holder)
        var most = Ratio.zero
        var last: Ratio?
        for price in try recorded(13) {
            venue.prices[0] = price
            let outcome = try venue.apply(milliseconds: 60_000)
            for case .haircutMoved(_, let initial, let maintenance) in outcome.events {
                most = max(most, initial)
                if let last { #expect(maintenance - last <= Ratio(basisPoints: 17)) }
                last = maintenance
            }
        }
        // The lowest print was 0.9845.
        #expect(most >= Ratio(basisPoints: 2_150) && most <= Ratio(basisPoints: 2_350))
        #expect(!venue.isLiquidating(holder) && venue.equity(holder) > 0)
    }
}
