/// What the engine asks for a portfolio of the search: a venue that lists what it holds, and near
/// the expiry a ladder of strikes as venues do, with one account that holds it. The requirement
/// comes from `Risk`, the code that the ledger runs.
import Documents
import Accounts
import Canonical
import Catalogue
import FixedPoint
import Risk

struct BlindSpotVenue {
    let parameters: MarginParameters

    /// The index, in the quote asset: sizes that venues state in money, such as Deribit's dampener,
    /// are made for bitcoin.
    static let index: Int64 = 100_000
    private static let micro: Int64 = 1_000_000
    /// Billionths of a unit in a lot: at the highest strike worth less than the bound of a lot.
    private static let lotSize: Int64 = 5_000_000
    private static let lotsPerTenth: Int64 = 20
    private static let tick: Int64 = 10_000
    /// Of prices and strikes, in thousandths of the index.
    private static let highest: Int64 = 2_000
    /// 2026-01-01 08:00 UTC.
    private static let now = Timestamp(nanoseconds: 1_767_254_400_000_000_000)
    /// Listed strikes of an expiry, in thousandths of the index.
    private static let ladder: Int64 = 10

    /// One strike of one expiry.
    private struct Pair: Equatable {
        let hours: Int64
        let strike: Int64
    }

    /// The maintenance requirement, in units of the index.
    ///
    /// - Throws: `InputFault` where sizes go beyond what the engine is proven for.
    func requirement(of portfolio: BlindSpotPortfolio) throws(InputFault) -> Double {
        let pairs = pairs(of: portfolio)
        let limit = portfolio.legs.reduce(max(1, abs(portfolio.perpetual))) {
            max($0, abs($1.tenths))
        }
        let catalogue = try catalogue(pairs, limit: limit * BlindSpotVenue.lotsPerTenth)
        var balances = AccountsState(catalogue: catalogue)
        let account = balances.open(
            owner: .ed25519(PublicKey(Bytes32())), compartment: CompartmentIdentifier(0))
        var risk = RiskState(catalogue: catalogue, parameters: [parameters])
        risk.openAccount()
        let index = BlindSpotVenue.price(BlindSpotPortfolio.grid)
        risk.openMarket(
            UnderlyingIdentifier(0),
            MarketView(index: index, stable: index, time: BlindSpotVenue.now))
        do throws(ArithmeticFault) {
            try hold(portfolio, pairs, account, &risk)
        } catch {
            throw InputFault(
                file: "search", line: nil, reason: "prices and sizes are beyond the engine")
        }
        let margin = risk.maintenanceMargin(of: account, in: balances)
        return Double(margin.requirement.units)
            / Double(BlindSpotVenue.index * BlindSpotVenue.micro)
    }

    private func hold(
        _ portfolio: BlindSpotPortfolio, _ pairs: [Pair], _ account: AccountIdentifier,
        _ risk: inout RiskState
    ) throws(ArithmeticFault) {
        let volatility = Real(Ratio(basisPoints: portfolio.volatility * 100))
        for leg in portfolio.legs {
            let pair = pairs.firstIndex(of: Pair(hours: leg.hours, strike: leg.strike)) ?? 0
            let view = ExpiryView(
                forward: BlindSpotVenue.price(BlindSpotPortfolio.grid),
                timeLeft: .seconds(UInt64(leg.hours) * 3_600))
            for right in [OptionRight.call, .put] {
                let number = UInt16(1 + 2 * pair + (right == .call ? 0 : 1))
                let identifier = InstrumentIdentifier(number)
                guard let series = risk.instruments[Int(number)].instrument.kind.series else {
                    continue
                }
                let model = OptionModel(series, volatility: volatility, view)
                try risk.reprice(
                    identifier,
                    .option(mark: model.value, volatility: volatility, view))
                guard leg.isCall == (right == .call) else { continue }
                risk.changePosition(
                    of: account, in: identifier,
                    by: Quantity(lots: leg.tenths * BlindSpotVenue.lotsPerTenth))
            }
        }
        let perpetual = InstrumentIdentifier(0)
        try risk.reprice(
            perpetual,
            .perpetual(
                mark: BlindSpotVenue.price(BlindSpotPortfolio.grid), fundingRate: .zero))
        guard portfolio.perpetual != 0 else { return }
        risk.changePosition(
            of: account, in: perpetual,
            by: Quantity(lots: portfolio.perpetual * BlindSpotVenue.lotsPerTenth))
    }

    /// What is listed: the strikes held, and of expiries within the horizon of the rule a ladder
    /// over the range of the margin move.
    private func pairs(of portfolio: BlindSpotPortfolio) -> [Pair] {
        var pairs: [Pair] = []
        for leg in portfolio.legs {
            let pair = Pair(hours: leg.hours, strike: leg.strike)
            if !pairs.contains(pair) { pairs.append(pair) }
        }
        guard parameters.strikeScenarios > 0 else { return pairs }
        let reach = parameters.move.units / (Ratio.one.units / BlindSpotPortfolio.grid)
        var ladders: [Int64] = []
        for leg in portfolio.legs
        where UInt64(leg.hours) * Duration.hour.nanoseconds <= parameters.strikeHorizon.nanoseconds
            && !ladders.contains(leg.hours)
        {
            ladders.append(leg.hours)
            for strike in stride(
                from: BlindSpotPortfolio.grid - reach, through: BlindSpotPortfolio.grid + reach,
                by: Int64.Stride(BlindSpotVenue.ladder))
            {
                let pair = Pair(hours: leg.hours, strike: strike)
                if !pairs.contains(pair) { pairs.append(pair) }
            }
        }
        return pairs
    }

    private func catalogue(_ pairs: [Pair], limit: Int64) throws(InputFault) -> Catalogue {
        var instruments = [
            BlindSpotVenue.instrument("PERP", .perpetual, limit: limit)
        ]
        for pair in pairs {
            let expiry = BlindSpotVenue.now.advanced(by: .seconds(UInt64(pair.hours) * 3_600))
            for right in [OptionRight.call, .put] {
                let series = OptionSeries(
                    expiry: expiry, strike: BlindSpotVenue.price(pair.strike), right: right)
                instruments.append(
                    BlindSpotVenue.instrument(
                        "\(pair.hours)-\(pair.strike)-\(right == .call ? "C" : "P")",
                        .option(series), limit: limit))
            }
        }
        do throws(CatalogueFault) {
            return try Catalogue(
                compartments: [BlindSpotVenue.compartment],
                underlyings: [BlindSpotVenue.underlying], instruments: instruments,
                feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
        } catch {
            throw InputFault(
                file: "search", line: nil,
                reason: "cannot be listed: \(error.field.rawValue) \(error.reason.rawValue)")
        }
    }

    private static func price(_ thousandths: Int64) -> IndexPrice {
        IndexPrice(micros: thousandths * index * micro / BlindSpotPortfolio.grid)
    }

    private static func instrument(
        _ name: String, _ kind: InstrumentKind, limit: Int64
    ) -> Instrument {
        Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(0),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: tick),
            lotSize: lotSize, maximumPrice: Price(ticks: price(highest).units / tick),
            maximumOrderQuantity: Quantity(lots: limit), positionLimit: Quantity(lots: limit),
            openInterestLimit: Quantity(lots: limit), priceBand: Ratio(basisPoints: 200),
            kind: kind)
    }

    private static let underlying = Underlying(
        symbol: symbol("BTC"), quoteCurrency: symbol("USD"), fractionBits: Bounds.fractionBits,
        maximumIndexPrice: price(highest), listingPrice: price(BlindSpotPortfolio.grid))

    private static let compartment = Compartment(
        symbol: symbol("MAIN"), asset: symbol("USDC"), vaultLimit: Bounds.vaultCapacity,
        insuranceShare: .zero, insuranceTarget: .zero, insuranceDailyShare: .zero,
        insuranceAccountShare: .zero)

    private static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("Invariant: '\(text)' is a symbol")
        }
        return symbol
    }
}
