/// A venue of the rule behind `facts/margin.md`, "Liquidation arithmetic with exact results":
/// maintenance and initial margin of 5 % of the notional, a fee of 0.1 %, no buffer, and no stable
/// price that lags. Positions are made so that cash and cost are those of a row, to the micro-unit.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Liquidation
import Risk
import Testing

struct RowVenue {
    let venue: Venue
    /// Under liquidation later on.
    let weak: AccountIdentifier
    /// The other side of everything.
    let rich: AccountIdentifier
    /// Stands in the book.
    let maker: AccountIdentifier
    /// 1 for the rows as they stand, -1 for their mirrors.
    let sign: Int64

    /// - Parameters:
    ///   - fund: dollars in the insurance fund, of which an account and a day may have all.
    init(sign: Int64, fund: Int64 = 0, without off: [Defence] = []) throws {
        var options = TestGenesis.Options()
        options.liquidation = LiquidationParameters(
            exitLevel: .one, auctionLevel: .zero, firstBand: .one, lastBand: .one,
            bandTime: .seconds(30), fee: Ratio(basisPoints: 10))
        options.insuranceAccountShare = .one
        options.insuranceDailyShare = .one
        options.insuranceShare = .zero
        options.off = [.stablePrice] + off
        let base = try TestGenesis.genesis(options)
        let genesis = try Genesis(
            name: base.name, time: base.time, custodian: base.custodian, operator: base.operator,
            publishers: base.publishers, catalogue: base.catalogue, oracles: base.oracles,
            margins: [RowVenue.margin, RowVenue.margin], perpetuals: base.perpetuals,
            liquidation: base.liquidation, pricingStep: base.pricingStep,
            orderLimit: base.orderLimit, safeguards: base.safeguards)
        venue = Venue(
            genesis: genesis, prices: [50_000, 2_000].map { $0 * TestGenesis.million })
        self.sign = sign
        weak = try venue.openAccounts(1, dollars: 2_000)[0]
        rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        maker = try venue.openAccounts(1, dollars: 1_000_000)[0]
        if fund > 0 {
            try venue.apply(.custodian(.depositInsurance(.dollars(fund), to: TestGenesis.main)))
        }
    }

    private static let margin: MarginParameters = {
        let single = MarginRule(
            scenarios: [Ratio(billionths: -1_000_000_000), .zero, .one].map {
                Scenario(move: $0, weight: .one)
            }, factor: .one, grossFloor: .zero, orderFloor: .zero)
        return MarginParameters(
            move: Ratio(basisPoints: 500), initial: single, maintenance: single)
    }()

    /// Whole dollars of an instrument in the half-dollar ticks that `buy` and `sell` count in: a
    /// tick of ETH is a tenth of one of BTC.
    static func ticks(_ dollars: Int64, _ instrument: InstrumentIdentifier) -> Int64 {
        instrument == TestGenesis.ether ? dollars * 10 : dollars
    }

    /// Lots of so many whole units.
    static func lots(_ units: Int64, _ instrument: InstrumentIdentifier) -> Int64 {
        units * (instrument == TestGenesis.ether ? 100 : 1_000)
    }

    /// The weak account opens, or closes, so many units against the rich one at the index.
    func open(_ units: Int64, _ instrument: InstrumentIdentifier, at dollars: Int64) throws {
        let lots = RowVenue.lots(abs(units), instrument)
        let isBuyer = units * sign > 0
        try venue.trade(
            isBuyer ? weak : rich, isBuyer ? rich : weak, lots,
            at: RowVenue.ticks(dollars, instrument), in: instrument)
    }

    /// Brings the weak account's cash to so many dollars, from below.
    func setCash(_ dollars: Int64) throws {
        let missing = Amount.dollars(dollars) - venue.ledger.accounts[weak].cash
        try venue.apply(
            .custodian(.deposit(missing, to: weak, reference: Bytes32())))
    }

    /// The maker stands ready to close so many ETH at a price.
    func quote(_ units: Int64, at dollars: Int64) throws {
        let lots = RowVenue.lots(units, TestGenesis.ether)
        let price = RowVenue.ticks(dollars, TestGenesis.ether)
        try venue.apply(
            .by(
                maker,
                sign > 0
                    ? .buy(lots, at: price, in: TestGenesis.ether)
                    : .sell(lots, at: price, in: TestGenesis.ether)))
    }

    /// The price of the row, or of its mirror around the price at which the position was opened.
    func mirrored(_ dollars: Int64, around opening: Int64) -> Int64 {
        sign > 0 ? dollars : 2 * opening - dollars
    }

    /// What all accounts and funds hold, in micro-units: what came in, to the last.
    var total: Int64 {
        let funds = venue.ledger.accounts.funds[0]
        return venue.ledger.accounts.accounts.indices.reduce(
            funds.insurance.units + funds.fees.units
        ) { $0 + venue.equity(AccountIdentifier(UInt32($1))) }
    }
}
