/// A small venue in round numbers. Compartment 0 (MAIN) lists BTC-PERP and ETH-PERP, compartment 1
/// (SIDE) lists BTC-SIDE on the same index. BTC stands at $50,000: a lot is 0.001 BTC, worth $50, a
/// tick $0.50; ETH stands at $2,500: a lot is 0.01 ETH, worth $25, a tick $0.05. One tick on one
/// lot is 500 µ for all three.

import Canonical
import Catalogue
import Economics
import Estimation
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

enum TestGenesis {
    static let million: Int64 = 1_000_000
    static let main = CompartmentIdentifier(0)
    static let side = CompartmentIdentifier(1)
    static let bitcoin = InstrumentIdentifier(0)
    static let ether = InstrumentIdentifier(1)
    static let sideBitcoin = InstrumentIdentifier(2)
    /// Dollars at which both indexes start, by underlying.
    static let openingPrices: [Int64] = [50_000, 2_500]
    /// Micro-units of one tick on one lot, for every instrument.
    static let tickValue: Int64 = 500
    static let orderLimit: UInt16 = 20
    /// Half past an hour, half past a UTC day: 2025-06-15 12:30.
    static let start = Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000)

    /// What a test may want to be different.
    struct Options {
        var insuranceShare = Ratio(basisPoints: 2_000)
        var insuranceDailyShare = Ratio(basisPoints: 5_000)
        var insuranceAccountShare = Ratio(basisPoints: 50)
        var positionLimit: Int64 = 400_000
        var openInterestLimit: Int64 = 600_000
        var priceBand = Ratio(basisPoints: 200)
        var liquidation = LiquidationParameters.unhurried
        var orderLimit = TestGenesis.orderLimit
        var stableHourlyMove = Ratio(basisPoints: 2_000)
        var orderFloor = Ratio(basisPoints: 100)
        var publisherWeights: [UInt32] = [4, 3, 3]
        /// Whether genesis lists a future, a pair of options and spot of BTC too.
        var isDated = false
        var bitcoinName = "BTC"
        var surface = SurfaceParameters.standard
        /// How far ahead agents may sign orders; zero is any.
        var agentOrderLife = Duration.zero
        /// A rule for BTC, if there is one.
        var listingRules: [ListingRule] = []
        var settlement = SettlementParameters.standard
        var aggregation = AggregationParameters.plain
        /// By underlying; none has no caps.
        var economics: [EconomicParameters] = []
        /// Sets M of BTC; nil leaves it at 6 %.
        var marginModel: MarginModelParameters?
        /// The defences that are off.
        var off: [Defence] = []
        var vaultLimit = Amount(microunits: 1_000_000_000 * TestGenesis.million)
        /// The options with some defences off.
        func without(_ defences: Defence...) -> Options {
            var options = self
            options.off = defences
            return options
        }

        /// Wide, so that only tests of debts meet it.
        var debt = DebtTerms(
            accountLimit: Amount(microunits: 1_000_000 * TestGenesis.million), vaultShare: .one,
            interest: .zero)
        var safeguards = Safeguards.open
    }

    static func genesis(_ options: Options = Options()) throws -> Genesis {
        try Genesis(
            name: symbol("test"), time: start, custodian: TestKeys.custodian,
            operator: TestKeys.operator,
            publishers: options.publisherWeights.enumerated().map { place, weight in
                Publisher(key: TestKeys.publisher(place), weight: weight)
            },
            catalogue: catalogue(options),
            oracles: [oracle(options), oracle(options)],
            margins: [
                .rampart(move: Ratio(basisPoints: 600), orderFloor: options.orderFloor)
                    .withFloorsAsHaircuts.with(model: options.marginModel),
                .rampart(move: Ratio(basisPoints: 800), orderFloor: options.orderFloor)
                    .withFloorsAsHaircuts,
            ],
            perpetuals: [perpetual, perpetual, perpetual],
            liquidation: options.liquidation, pricingStep: .seconds(1),
            orderLimit: options.orderLimit, safeguards: safeguards(options))
    }

    private static func safeguards(_ options: Options) -> Safeguards {
        var result = options.safeguards
        if !options.economics.isEmpty { result.economics = options.economics }
        for defence in options.off { result.off.insert(defence) }
        if options.agentOrderLife > .zero { result.agentOrderLife = options.agentOrderLife }
        return result
    }

    /// Caps that stand still at so many dollars: a tenth for an owner, whose ramp begins at half of
    /// it and at an initial margin of 9 %.
    static func economics(
        cap dollars: Int64, depth: Int64 = 100_000_000,
        _ change: (inout EconomicParameters) -> Void = { _ in }
    ) -> [EconomicParameters] {
        var parameters = EconomicParameters.major(
            baseMargin: Ratio(basisPoints: 900),
            hardLimit: Amount(microunits: dollars * million),
            leastCap: Amount(microunits: dollars * million),
            openingDepth: Amount(microunits: depth * million))
        change(&parameters)
        return [parameters, parameters]
    }

    static func catalogue(_ options: Options) throws -> Catalogue {
        try Catalogue(
            compartments: ["MAIN", "SIDE"].map { compartment($0, options) },
            underlyings: [
                underlying(options.bitcoinName, highest: 400_000),
                underlying("ETH", highest: 20_000),
            ],
            instruments: [
                instrument("BTC-PERP", 0, main, tick: 500_000, lot: million, options),
                instrument("ETH-PERP", 1, main, tick: 50_000, lot: 10 * million, options),
                instrument("BTC-SIDE", 0, side, tick: 500_000, lot: million, options),
            ] + (options.isDated ? dated(options) : []),
            feeTiers: [
                FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5)),
                FeeTier(maker: Ratio(billionths: -50_000), taker: Ratio(basisPoints: 4)),
                FeeTier(maker: .zero, taker: Ratio(basisPoints: 3)),
            ], listingRules: options.listingRules)
    }

    private static func compartment(_ name: String, _ options: Options) -> Compartment {
        Compartment(
            symbol: symbol(name), asset: symbol("USDC"), vaultLimit: options.vaultLimit,
            insuranceShare: options.insuranceShare,
            insuranceTarget: Amount(microunits: 1_000_000 * million),
            insuranceDailyShare: options.insuranceDailyShare,
            insuranceAccountShare: options.insuranceAccountShare, debt: options.debt)
    }

    private static func underlying(_ name: String, highest dollars: Int64) -> Underlying {
        Underlying(
            symbol: symbol(name), quoteCurrency: symbol("USD"), fractionBits: 8,
            maximumIndexPrice: IndexPrice(micros: dollars * million),
            listingPrice: IndexPrice(micros: dollars * million))
    }

    static let future = InstrumentIdentifier(3)
    static let call = InstrumentIdentifier(4)
    static let put = InstrumentIdentifier(5)
    static let spot = InstrumentIdentifier(6)
    /// 08:00 of the day after `start`: the expiry of everything dated.
    static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)

    /// BTC for tomorrow, a call and a put struck at $50,000, and BTC itself.
    private static func dated(_ options: Options) -> [Instrument] {
        let series = { (right: OptionRight) in
            InstrumentKind.option(
                OptionSeries(
                    expiry: expiry, strike: IndexPrice(micros: 50_000 * million), right: right))
        }
        let kinds: [(String, InstrumentKind)] = [
            ("BTC-16JUN25", .future(expiry: expiry)), ("BTC-16JUN25-50000-C", series(.call)),
            ("BTC-16JUN25-50000-P", series(.put)), ("BTC-SPOT", .spot),
        ]
        return kinds.map { name, kind in
            instrument(name, 0, main, tick: 500_000, lot: million, options, kind: kind)
        }
    }

    /// The grid and the limits of what is dated.
    static func terms(
        positionLimit: Int64 = 2_000, compartment: CompartmentIdentifier = main
    ) -> ContractTerms {
        ContractTerms(
            compartment: compartment, tickSize: IndexPrice(micros: 500_000), lotSize: million,
            maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: min(1_000, positionLimit)),
            positionLimit: Quantity(lots: positionLimit),
            openInterestLimit: Quantity(lots: 10 &* positionLimit),
            priceBand: Ratio(basisPoints: 200))
    }

    /// Futures and options on BTC for so many days, at strikes of $1,000.
    static func rule(days: UInt8 = 2, strikesEachSide: UInt8 = 1) -> ListingRule {
        let calendar = ExpiryCalendar(days: days, weeks: 0, months: 0, quarters: 0)
        return ListingRule(
            underlying: UnderlyingIdentifier(0),
            futures: ListingRule.Futures(calendar: calendar, terms: terms()),
            options: ListingRule.Options(
                calendar: calendar, terms: terms(), strikeStep: IndexPrice(micros: 1_000 * million),
                strikesEachSide: strikesEachSide))
    }

    private static func instrument(
        _ name: String, _ underlying: UInt16, _ home: CompartmentIdentifier, tick: Int64,
        lot: Int64, _ options: Options, kind: InstrumentKind = .perpetual
    ) -> Instrument {
        let limit = kind == .perpetual ? options.positionLimit : min(40_000, options.positionLimit)
        return Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(underlying), compartment: home,
            tickSize: IndexPrice(micros: tick), lotSize: lot,
            maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: min(100_000, limit)),
            positionLimit: Quantity(lots: limit),
            openInterestLimit: Quantity(lots: options.openInterestLimit),
            priceBand: options.priceBand, kind: kind)
    }

    private static func oracle(_ options: Options) -> OracleParameters {
        OracleParameters(
            quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
            reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
            stableHourlyMove: options.stableHourlyMove, settlement: options.settlement,
            surface: options.surface, aggregation: options.aggregation)
    }

    private static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
        interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))

    static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("'\(text)' is a symbol")
        }
        return symbol
    }
}

extension LiquidationParameters {
    /// The venue's rule without a throttle, for tests that look at something else.
    static var unhurried: LiquidationParameters {
        var rule = LiquidationParameters.standard
        rule.depthShare = .zero
        rule.optionDepthShare = .zero
        return rule
    }
}

extension MarginParameters {
    /// The same rules with M set by a model, if there is one.
    fileprivate func with(model: MarginModelParameters?) -> MarginParameters {
        var result = self
        result.model = model
        return result
    }

    /// Assets are charged what derivatives are, so that the figures of the tests are few.
    fileprivate var withFloorsAsHaircuts: MarginParameters {
        func changed(_ rule: MarginRule) -> MarginRule {
            var charges = rule.charges
            charges.haircut = charges.grossFloor
            return MarginRule(scenarios: rule.scenarios, factor: rule.factor, charges: charges)
        }
        var result = self
        result.initial = changed(initial)
        result.maintenance = changed(maintenance)
        return result
    }
}
