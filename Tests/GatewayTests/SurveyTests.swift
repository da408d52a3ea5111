/// Risk and conservation over all accounts: against the ledger's own figures, account by account,
/// and made no more often than they may be.

import Accounts
import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import Risk
import Testing

@testable import Gateway

@Suite struct SurveyTests {
    /// Of one position each, on so much equity.
    private func exposure(_ equity: Int64, _ maintenance: Int64) -> AccountExposure {
        AccountExposure(
            account: AccountIdentifier(0), equity: Amount(microunits: equity),
            maintenance: Amount(microunits: maintenance))
    }

    @Test func `who has less for what is asked is worse, and who has nothing is worst`() {
        #expect(exposure(100, 51).isWorse(than: exposure(100, 50)))
        #expect(!exposure(100, 50).isWorse(than: exposure(200, 100)))
        #expect(exposure(0, 1).isWorse(than: exposure(1, 1_000_000)))
        #expect(!exposure(1, 1_000_000).isWorse(than: exposure(-1, 0)))
        #expect(exposure(-5, 0).isWorse(than: exposure(-4, 0)))
        #expect(exposure(3, 1).ratio == Ratio(units: 333_333_334))
        #expect(exposure(0, 1).ratio == nil && exposure(-1, 1).ratio == nil)
        #expect(exposure(1, .max).ratio == Ratio(units: .max))
    }

    @Test func `the risk of the venue is what the ledger says of every account`() throws {
        let venue = try MethodTests.busyVenue()
        let result = try venue.result("public/get_risk")
        let ledger = venue.ledger
        #expect(result["height"]?.number?.integer == Int64(ledger.height))
        let markets = try #require(result["markets"]?.elements)
        // Linear markets whether held or not, of options the one that is held, and no spot.
        #expect(
            markets.compactMap { $0["instrument_name"]?.text } == [
                "BTC_USDC-PERPETUAL", "ETH_USDC-PERPETUAL", "BTC-SIDE", "BTC_USDC-16JUN25",
                "BTC_USDC-16JUN25-50000-C",
            ])
        #expect(markets[0]["open_interest"]?.number?.text == "0.005")
        #expect(markets[0]["open_interest_notional"]?.number?.text == "250.0")
        #expect(markets[0]["accounts"]?.number?.integer == 2)
        #expect(markets[2]["accounts"]?.number?.integer == 0)
        #expect(markets[0]["open_interest_cap"]?.isNull == true)
        let home = try #require(result["compartments"]?.elements?.first)
        let identifiers = ledger.accounts.accounts.indices.map { AccountIdentifier(UInt32($0)) }
        let equity = identifiers.reduce(Amount.zero) {
            $0 + ledger.maintenanceMargin(of: $1).equity
        }
        #expect(home["equity"] == equity.value)
        #expect(home["accounts"]?.number?.integer == 3)
        #expect(home["insurance_fund"] == ledger.accounts.funds[0].insurance.value)
        let accounts = try #require(result["accounts"]?.elements)
        // The third holds nothing.
        #expect(accounts.count == 2)
        for row in accounts {
            let number = try #require(row["account"]?.number?.integer)
            let account = AccountIdentifier(UInt32(number))
            let margin = ledger.maintenanceMargin(of: account)
            #expect(row["equity"] == margin.equity.value)
            #expect(row["maintenance_margin"] == margin.requirement.value)
            #expect(row["initial_margin"] == ledger.initialMargin(of: account).requirement.value)
            #expect(row["notional"] == ledger.grossNotional(of: account).value)
            #expect(row["in_liquidation"]?.boolean == false)
        }
        let ratios = accounts.compactMap { $0["margin_ratio"]?.number?.scaled(by: 9) }
        #expect(ratios == ratios.sorted(by: >))
    }

    @Test func `no more than the worst are named, the worst first`() throws {
        let venue = try GatewayVenue()
        let count = RiskSurvey.worstCount + 5
        let accounts = try venue.openAccounts(count + 1)
        let rich = accounts[count]
        try venue.place(rich, .sell, 10_000, at: 100_000)
        for (place, account) in accounts.dropLast().enumerated() {
            try venue.place(account, .buy, Int64(10 + place), at: 100_000)
        }
        let worst = RiskSurvey(venue.ledger).worst
        #expect(worst.count == RiskSurvey.worstCount)
        #expect(worst[0].account == rich)
        let others = worst.dropFirst().map { Int($0.account.number) }
        #expect(others == (count - RiskSurvey.worstCount + 1..<count).reversed())
    }

    @Test func `a count is kept for its block, and for a while after it`() throws {
        var configuration = GatewayConfiguration.generous
        configuration.surveyInterval = .seconds(3)
        let venue = try GatewayVenue(configuration)
        _ = try venue.openAccounts(1)
        for method in ["public/get_risk", "public/get_conservation"] {
            let first = try venue.result(method)["height"]
            try venue.apply(milliseconds: 1_000)
            #expect(try venue.result(method)["height"] == first)
            try venue.apply(milliseconds: 1_999)
            #expect(try venue.result(method)["height"] == first)
            try venue.apply(milliseconds: 1)
            let height = Int64(venue.ledger.height)
            #expect(try venue.result(method)["height"]?.number?.integer == height)
        }
        // A clock that was set back keeps nobody from a new count.
        try venue.apply()
        let answer = try venue.call("public/get_risk", now: venue.now.advanced(by: .hour))
        #expect(answer["result"]?["height"]?.number?.integer == Int64(venue.ledger.height))
        try venue.apply()
        let later = try venue.result("public/get_risk")
        #expect(later["height"]?.number?.integer == Int64(venue.ledger.height))
    }

    @Test func `more accounts are counted less often`() throws {
        var configuration = GatewayConfiguration.generous
        configuration.surveyAccounts = 2
        let venue = try GatewayVenue(configuration)
        for (accounts, seconds) in [(2, UInt64(1)), (1, 2), (1, 2), (1, 3)] {
            _ = try venue.openAccounts(accounts)
            try venue.apply(milliseconds: 10_000)
            let first = try venue.result("public/get_risk")["height"]
            #expect(first?.number?.integer == Int64(venue.ledger.height))
            try venue.apply(milliseconds: seconds * 1_000 - 1)
            #expect(try venue.result("public/get_risk")["height"] == first)
            try venue.apply(milliseconds: 1)
            #expect(try venue.result("public/get_risk")["height"] != first)
        }
    }

    @Test func `custody is what accounts, fund and fees claim together`() throws {
        let venue = try MethodTests.busyVenue()
        venue.prices[0] = 50_123_456_789
        for _ in 0..<3 { try venue.apply(milliseconds: 7_000) }
        let result = try venue.result("public/get_conservation")
        #expect(result["checked_every_block"]?.boolean == true)
        #expect(result["unbalanced_instruments"]?.elements?.isEmpty == true)
        let rows = try #require(result["compartments"]?.elements)
        #expect(rows.compactMap { $0["asset"]?.text } == ["USDC", "USDC", "BTC"])
        #expect(rows.compactMap { $0["compartment"]?.text } == ["MAIN", "SIDE", "MAIN"])
        #expect(rows[0]["custody"]?.number?.text == "3000000.0")
        for row in rows {
            let parts = ["accounts", "insurance_fund", "fees", "other", "difference"]
            let sum = parts.reduce(Int64(0)) { $0 + (row[$1]?.number?.scaled(by: 9) ?? .min) }
            #expect(sum == row["custody"]?.number?.scaled(by: 9))
            #expect(row["difference"]?.number?.text == "0.0")
        }
        #expect(rows[0]["fees"] == venue.ledger.accounts.funds[0].fees.value)
    }

    @Test func `what is missing shows, to the last fraction of a unit`() throws {
        let funds = try GatewayVenue().ledger.accounts.funds[0]
        let count = { (claim: Int128) in
            ConservationCount.collateral(CompartmentIdentifier(0), "USDC", funds, claim)
        }
        #expect(count(0).difference == 0)
        // Nothing is there for a claim of a 2²⁴th of a unit, of one unit, and of more.
        #expect(count(1).difference == -1)
        #expect(count(1 << 24).difference == -1)
        #expect(count((1 << 24) + 1).difference == -2)
        #expect(count(-(1 << 24)).difference == 1)
    }

    @Test func `nothing but public state is told`() throws {
        let venue = try MethodTests.busyVenue()
        for method in [
            "public/get_risk", "public/get_conservation", "public/get_liquidations",
            "public/get_sources",
        ] {
            let text = "\(try venue.result(method))"
            for word in ["label", "client", "secret", "token", "owner", "signature"] {
                #expect(!text.contains(word), "\(method): \(word)")
            }
        }
    }
}
