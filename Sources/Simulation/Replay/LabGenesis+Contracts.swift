/// What a genesis for prices adds where futures and options are listed: rules that list them round
/// the index, margin with volatility shocks, and a surface around a usual volatility. Sources:
/// `facts/risk.md`, "Default parameters", column options.

import Documents
import Canonical
import Catalogue
import Estimation
import FixedPoint
import Oracle
import Risk

extension LabGenesis {
    /// Settlement needs an index that is seen every 15 s, and blocks of longer replays stand
    /// farther apart (`Replay.Run`).
    private static let longestSpan = 4 * TimeText.day
    /// Fraction bits that leave room for several hundred live options (`Bounds`).
    static let contractBits: Int64 = 5
    /// A maker quotes both sides of every option.
    static let contractOrders: UInt16 = 400
    /// Dollars of the largest position of one account, and of the largest open interest, in one
    /// contract.
    private static let futureLimit: Int64 = 10 * million
    private static let optionLimit: Int64 = 2 * million
    private static let interestMultiple: Int64 = 10
    /// Strikes lie at most this part of the price apart, in 10⁻⁶.
    private static let strikeSpacing: Int64 = 30_000
    private static let strikesEachSide: UInt8 = 3
    /// Tomorrow, the next Friday, the end of the month.
    private static let calendar = ExpiryCalendar(days: 1, weeks: 1, months: 1, quarters: 0)

    /// Dollars, of spot and perpetuals together.
    private static let dailyVolume = (bitcoin: Int64(20_000_000_000), ether: Int64(10_000_000_000))

    /// By history: whether futures and options are listed on it. They are on majors in USD.
    static func contracts(among histories: [PriceHistory]) -> [Bool] {
        let start = histories.map(\.start).min() ?? 0
        let end = histories.map(\.end).max() ?? 0
        return histories.map { history in
            isMajor(history) && history.quote == "USD" && history.unitMultiplier == 1
                && end - start <= longestSpan
        }
    }

    static func listingRule(on underlying: UnderlyingIdentifier, _ grid: Grid) -> ListingRule {
        ListingRule(
            underlying: underlying,
            futures: ListingRule.Futures(
                calendar: calendar,
                terms: terms(grid, limit: futureLimit, band: Ratio(basisPoints: 300))),
            options: ListingRule.Options(
                calendar: calendar,
                terms: terms(grid, limit: optionLimit, band: Ratio(basisPoints: 2_000)),
                strikeStep: IndexPrice(micros: strikeStep(grid.opening)),
                strikesEachSide: strikesEachSide))
    }

    private static func terms(_ grid: Grid, limit: Int64, band: Ratio) -> ContractTerms {
        ContractTerms(
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: grid.tick),
            lotSize: grid.lot, maximumPrice: grid.maximumPrice,
            maximumOrderQuantity: grid.lots(limit / 4), positionLimit: grid.lots(limit),
            openInterestLimit: grid.lots(limit * interestMultiple), priceBand: band)
    }

    /// The largest of 1, 2, 5, 10 … that lies within the spacing.
    private static func strikeStep(_ price: Int64) -> Int64 {
        let most = max(1, price / million * strikeSpacing)
        let power = powerOfTen(atMost: most)
        return [5, 2].map { $0 * power }.first { $0 <= most } ?? power
    }

    /// Price moves of reference of `facts/risk.md` for options: 12 % for BTC, 15 % for ETH; M
    /// starts at the floor of its model. Concentration is
    /// judged by what the underlyings usually trade a day, far above what this population holds.
    static func contractMargin(for history: PriceHistory) -> MarginParameters {
        let isBitcoin = history.base == "BTC"
        var result = MarginParameters.rampartOptions(
            move: Ratio(basisPoints: isBitcoin ? 1_200 : 1_500),
            concentration: Concentration(
                dailyVolatility: Ratio(basisPoints: isBitcoin ? 300 : 400),
                dailyVolume: Amount(
                    microunits: (isBitcoin ? dailyVolume.bitcoin : dailyVolume.ether) * million),
                from: Ratio(basisPoints: 10)))
        result.model = marginModel(for: history).withOptions
        return result
    }

    static func contractSurface(for history: PriceHistory) -> SurfaceParameters {
        SurfaceParameters(
            referenceVolatility: Ratio(basisPoints: history.base == "BTC" ? 5_000 : 7_000))
    }
}
