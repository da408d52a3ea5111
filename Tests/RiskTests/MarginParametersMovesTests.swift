/// Rules whose M is set from outside value as rules that state the same M: each rule by its own,
/// and what is stated for the M of reference grows with it.
import Canonical
import Catalogue
import Estimation
import FixedPoint
import Testing

@testable import Risk

struct MarginParametersMovesTests {
    private static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)
    private static let price = IndexPrice(micros: 50_000_000_000)

    private func percent(_ value: Int64) -> Ratio { Ratio(basisPoints: 100 * value) }

    private func instrument(_ kind: InstrumentKind) throws -> Instrument {
        Instrument(
            symbol: try #require(Symbol(Array("BTC".utf8))), underlying: UnderlyingIdentifier(0),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 500_000),
            lotSize: 1_000_000, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: 100), positionLimit: Quantity(lots: 1_000),
            openInterestLimit: Quantity(lots: 1_000), priceBand: percent(2), kind: kind)
    }

    private var kinds: [(InstrumentKind, InstrumentQuote)] {
        let view = ExpiryView(forward: Self.price, timeLeft: .seconds(20 * 3_600))
        let series = OptionSeries(
            expiry: Self.expiry, strike: IndexPrice(micros: 55_000_000_000), right: .put)
        return [
            (.perpetual, .perpetual(mark: Self.price, fundingRate: Ratio(billionths: 100_000))),
            (.future(expiry: Self.expiry), .future(mark: Self.price, view)),
            (
                .option(series),
                .option(
                    mark: IndexPrice(micros: 5_000_000_000), volatility: Real(1, over: 2), view)
            ),
        ]
    }

    private func valued(
        _ kind: InstrumentKind, _ quote: InstrumentQuote, _ parameters: MarginParameters,
        moves: MarginMoves?
    ) throws -> InstrumentRisk {
        let market = MarketView(
            index: Self.price, stable: Self.price, moves: moves,
            time: Timestamp(nanoseconds: Self.expiry.nanoseconds - 72_000_000_000_000))
        let strikes = [IndexPrice(micros: 55_000_000_000)]
        var risk = InstrumentRisk(instrument: try instrument(kind), fractionBits: 8)
        try risk.reprice(
            quote, market, ScenarioLanes(market, strikes: strikes, parameters), parameters)
        return risk
    }

    /// The strike lies 10 % away: within M of one rule and outside of the other's.
    @Test(arguments: [(12, 12), (16, 16), (24, 6), (12, 9), (9, 8)] as [(Int64, Int64)])
    func `each rule values as one that states its M`(initial: Int64, maintenance: Int64) throws {
        let moves = MarginMoves(initial: percent(initial), maintenance: percent(maintenance))
        let presets: [(Ratio) -> MarginParameters] = [
            { .rampart(move: $0) }, { .rampartOptions(move: $0) },
        ]
        for preset in presets {
            for (kind, quote) in kinds {
                let found = try valued(kind, quote, preset(percent(12)), moves: moves)
                let first = try valued(kind, quote, preset(percent(initial)), moves: nil)
                let second = try valued(kind, quote, preset(percent(maintenance)), moves: nil)
                #expect(found.initialDelta == first.initialDelta)
                #expect(found.initialCharge == first.initialCharge)
                #expect(found.maintenanceDelta == second.maintenanceDelta)
                #expect(found.maintenanceCharge == second.maintenanceCharge)
            }
        }
    }

    @Test func `rules of one M and one list of scenarios share their lanes`() {
        let parameters = MarginParameters.rampartOptions()
        func isShared(_ moves: MarginMoves?) -> Bool {
            let market = MarketView(
                index: Self.price, stable: Self.price, moves: moves, time: Self.expiry)
            return ScenarioLanes(market, strikes: [], parameters).isShared
        }
        #expect(isShared(nil))
        #expect(isShared(MarginMoves(percent(7))))
        #expect(!isShared(MarginMoves(initial: percent(8), maintenance: percent(7))))
    }

    @Test func `what is stated for the M of reference grows with M and never shrinks`() {
        let parameters = MarginParameters.rampart(move: percent(6))
        func grown(_ share: Ratio, _ moves: MarginMoves?, _ kind: RuleKind) -> Ratio {
            parameters.grown(
                share, kind,
                in: MarketView(
                    index: Self.price, stable: Self.price, moves: moves, time: Self.expiry))
        }
        let moves = MarginMoves(initial: percent(12), maintenance: percent(9))
        #expect(grown(percent(10), nil, .initial) == percent(10))
        #expect(grown(percent(10), moves, .initial) == percent(20))
        #expect(grown(percent(10), moves, .maintenance) == percent(15))
        #expect(grown(percent(60), moves, .initial) == .one)
        #expect(grown(percent(10), MarginMoves(percent(3)), .initial) == percent(10))
        // Rounded up.
        let odd = MarginMoves(percent(7))
        #expect(grown(Ratio(units: 1), odd, .initial) == Ratio(units: 2))
    }

    @Test func `a haircut and concentration follow`() throws {
        let spot = InstrumentQuote.spot(mark: Self.price)
        let parameters = MarginParameters.rampart(move: percent(6))
        let moves = MarginMoves(initial: percent(12), maintenance: percent(9))
        let before = try valued(.spot, spot, parameters, moves: nil)
        let after = try valued(.spot, spot, parameters, moves: moves)
        #expect(after.initialCharge.floor == 2 * before.initialCharge.floor)
        #expect(2 * after.maintenanceCharge.floor == 3 * before.maintenanceCharge.floor)

        var concentrated = RiskVenue.parameters
        concentrated[0].concentration = Concentration(
            dailyVolatility: percent(3), dailyVolume: Amount(microunits: 1_000_000_000_000),
            from: Ratio(basisPoints: 10))
        var venue = RiskVenue(accounts: 2, parameters: concentrated)
        venue.trade(buyer: 0, seller: 1, 0, price: 60_000, lots: 1_000)
        func charged(_ kind: RuleKind) -> Int64 {
            venue.risk.chargeParts(of: venue.identifier(0), under: kind).reduce(0) {
                $1.kind == .concentration ? $0 + $1.amount.units : $0
            }
        }
        let (initial, maintenance) = (charged(.initial), charged(.maintenance))
        #expect(initial > 0 && initial == maintenance)
        let mark = IndexPrice(micros: 60_000_000_000)
        venue.risk.openMarket(
            UnderlyingIdentifier(0),
            MarketView(index: mark, stable: mark, moves: moves, time: .epoch))
        try venue.risk.reprice(
            InstrumentIdentifier(0), .perpetual(mark: mark, fundingRate: .zero))
        #expect(abs(charged(.initial) - 2 * initial) <= 2)
        #expect(abs(2 * charged(.maintenance) - 3 * maintenance) <= 4)
        let parts = venue.risk.chargeParts(of: venue.identifier(0), under: .initial)
        #expect(parts.reduce(Amount.zero) { $0 + $1.amount } == venue.initial(0).charges)
    }

    @Test func `a model is validated with its rule, its cap included`() throws {
        var parameters = MarginParameters.rampart(move: percent(6))
        parameters.model = .bitcoin
        #expect(parameters.faultyField == nil)
        #expect(try MarginParameters(canonicalBytes: parameters.canonicalBytes) == parameters)
        // Three times a third is −100 %.
        parameters.model?.cap = Ratio(billionths: 333_333_333)
        #expect(parameters.faultyField == nil)
        parameters.model?.cap = Ratio(billionths: 333_333_334)
        #expect(parameters.faultyField?.description == "cap")
        parameters.model = .ether
        parameters.model?.dailyFall = .zero
        #expect(parameters.faultyField?.description == "dailyFall")
    }
}
