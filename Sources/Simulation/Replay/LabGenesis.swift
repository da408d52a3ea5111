/// The genesis of a replay without a genesis file: a perpetual on every underlying that the prices
/// name, with Rampart's default parameters (`facts/risk.md`, "Default parameters") and a grid that
/// fits the prices. Majors in USD list futures and options too (`LabGenesis+Contracts`).

import Breakers
package import Documents
package import Canonical
import Catalogue
import Economics
import Estimation
import FixedPoint
package import Ledger
import Liquidation
import Oracle
import Risk

/// Makes a genesis from price histories.
package enum LabGenesis {
    static let million: Int64 = 1_000_000
    /// Micro-dollars of one lot, at most: lots are powers of ten worth $1 to $10.
    private static let lotWorth: Int64 = 10 * million
    /// A tick is a power of ten and at most this part of the price.
    private static let ticksPerPrice: Int64 = 20_000
    /// The highest price that the grid holds, in multiples of the highest in the data.
    private static let headroom: Int64 = 4
    /// Dollars of the largest position of one account, and of the largest open interest.
    private static let positionLimit: Int64 = 20 * million
    private static let openInterestLimit: Int64 = 100 * million
    private static let leastPublishers = 5
    /// Nanoseconds between blocks, if not longer: the age at which prices liquidate nobody.
    package static let usualInterval = 5 * TimeText.second
    /// The ages of `facts/risk.md`, 5, 15 and 60 s, in blocks.
    private static let reduceOnlyBlocks: UInt64 = 3
    private static let haltBlocks: UInt64 = 12
    /// Dollars of the highest cap on a major, options counted at what they are on.
    private static let majorCap: Int64 = 1_000 * million
    /// Dollars of depth for 2 %, of a major and of anything else.
    private static let majorDepth: Int64 = 50 * million
    private static let smallDepth: Int64 = million / 5

    /// How many publishers the sources need: at least five, and one for each source.
    package static func publisherCount(_ histories: [PriceHistory]) -> Int {
        max(leastPublishers, histories.map(\.sources.count).max() ?? 0)
    }

    /// A genesis with a perpetual on each history, in order.
    ///
    /// - Parameters:
    ///   - without: the defences that are off.
    ///   - interval: nanoseconds between blocks: prices do not come faster, so none is old sooner.
    /// - Throws: `InputFault` where a price does not fit the bounds of the engine.
    package static func genesis(
        for histories: [PriceHistory], start: UInt64, keys: LabKeys,
        without: [Defence] = [], interval: UInt64 = usualInterval
    ) throws(InputFault) -> Genesis {
        var underlyings: [Underlying] = []
        var instruments: [Instrument] = []
        var rules: [ListingRule] = []
        let haveContracts = contracts(among: histories)
        for (place, history) in histories.enumerated() {
            let grid = Grid(history)
            underlyings.append(
                Underlying(
                    symbol: symbol(haveContracts[place] ? history.base : history.name),
                    quoteCurrency: symbol(history.quote),
                    fractionBits: haveContracts[place] ? contractBits : Bounds.fractionBits,
                    maximumIndexPrice: IndexPrice(micros: grid.highest * headroom),
                    listingPrice: IndexPrice(micros: grid.opening)))
            instruments.append(
                perpetual(history, place: place, grid: grid, name: marketName(history)))
            guard haveContracts[place] else { continue }
            rules.append(listingRule(on: UnderlyingIdentifier(UInt16(place)), grid))
        }
        do {
            let catalogue = try Catalogue(
                compartments: [compartment], underlyings: underlyings, instruments: instruments,
                feeTiers: [
                    FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5)),
                    FeeTier(maker: Ratio(billionths: -50_000), taker: Ratio(basisPoints: 4)),
                ], listingRules: rules)
            return try Genesis(
                name: symbol("rampart-lab"), time: Timestamp(nanoseconds: start - TimeText.second),
                custodian: keys.custodianKey, operator: keys.operatorKey,
                publishers: (0..<publisherCount(histories)).map {
                    Publisher(key: keys.publisherKey($0), weight: 1)
                },
                catalogue: catalogue,
                oracles: zip(histories, haveContracts).map {
                    oracle(for: $0, withContracts: $1, interval: interval)
                },
                margins: zip(histories, haveContracts).map {
                    $1 ? contractMargin(for: $0) : margin(for: $0)
                },
                perpetuals: histories.map { perpetualParameters(for: $0) },
                liquidation: .standard, pricingStep: .seconds(1),
                orderLimit: rules.isEmpty ? 200 : contractOrders,
                safeguards: safeguards(
                    histories, withContracts: haveContracts, without: without))
        } catch let fault as CatalogueFault {
            throw InputFault(
                file: "prices", line: nil,
                reason: "\(histories[min(fault.index, histories.count - 1)].name) cannot be "
                    + "listed: \(fault.field.rawValue) \(fault.reason.rawValue)")
        } catch {
            throw InputFault(file: "prices", line: nil, reason: "cannot be listed: \(error)")
        }
    }

    /// The text of a genesis file for price histories, to start one's own from.
    ///
    /// - Throws: `InputFault` where a price does not fit the bounds of the engine.
    package static func text(for histories: [PriceHistory]) throws(InputFault) -> String {
        let start = (histories.map(\.start).min() ?? 0) / TimeText.second * TimeText.second
        let keys = LabKeys(seed: 0)
        return try genesis(
            for: histories, start: start, keys: keys, interval: Replay.Run.interval(of: histories)
        ).json
    }

    /// The name of the market on an underlying, such as `BTC-PERP` or, not in USD, `BTC-USDT-PERP`.
    package static func marketName(_ history: PriceHistory) -> String {
        let unit = history.unitMultiplier == 1 ? "" : shortCount(history.unitMultiplier)
        return unit + history.base + (history.quote == "USD" ? "" : "-" + history.quote) + "-PERP"
    }

    private static func shortCount(_ count: Int64) -> String {
        count == million ? "1M" : "1k"
    }

    /// BTC and ETH are majors; the others take the long tail's parameters.
    static func isMajor(_ history: PriceHistory) -> Bool {
        history.base == "BTC" || history.base == "ETH"
    }

    private static let compartment = Compartment(
        symbol: symbol("MAIN"), asset: symbol("USDC"), vaultLimit: Bounds.vaultCapacity,
        insuranceShare: Ratio(basisPoints: 2_000),
        insuranceTarget: Amount(microunits: 5 * million * million),
        insuranceDailyShare: Ratio(basisPoints: 500), insuranceAccountShare: Ratio(basisPoints: 50),
        // Ours: $100,000 an account, a quarter of the vault, 10 % a year.
        debt: DebtTerms(
            accountLimit: Amount(microunits: 100_000 * million),
            vaultShare: Ratio(basisPoints: 2_500), interest: Ratio(basisPoints: 1_000)))

    private static func oracle(
        for history: PriceHistory, withContracts: Bool, interval: UInt64
    ) -> OracleParameters {
        let age = Duration(nanoseconds: max(interval, usualInterval))
        return OracleParameters(
            quorum: Ratio(billionths: 666_666_666), liquidationAge: age,
            reduceOnlyAge: Duration(nanoseconds: reduceOnlyBlocks * age.nanoseconds),
            haltAge: Duration(nanoseconds: haltBlocks * age.nanoseconds),
            stableHourlyMove: Ratio(basisPoints: 2_000),
            surface: withContracts ? contractSurface(for: history) : .standard,
            aggregation: LabSources.aggregation(of: history))
    }

    /// The venues as sources, breakers, caps, and the life of agents' orders; a few traders of a
    /// laboratory stand for many, so their rates are far apart from a venue's.
    private static func safeguards(
        _ histories: [PriceHistory], withContracts: [Bool], without: [Defence]
    ) -> Safeguards {
        var result = Safeguards(sources: LabSources(histories).list)
        result.off = DefenceSet(without)
        result.breakers = histories.map { isMajor($0) ? .standard : .longTail }
        result.flow = .laboratory
        result.vaults = .standard
        // The compartment of the replay stands alone.
        result.backstops = [.standard]
        result.makers = [.standard]
        result.economics = zip(histories, withContracts).map { economics(for: $0, $1) }
        result.agentOrderLife = AgentLimits.standardOrderLife
        return result
    }

    /// Caps as wide as the replay's traders need: files of prices say nothing of depth, so the
    /// formula has nothing to go by, and the fund is young. The ramp begins at the move that margin
    /// covers times the factor of the initial rule.
    private static func economics(
        for history: PriceHistory, _ hasContracts: Bool
    ) -> EconomicParameters {
        let base: Ratio =
            switch history.base {
            case "BTC": Ratio(basisPoints: hasContracts ? 1_560 : 900)
            case "ETH": Ratio(basisPoints: hasContracts ? 1_950 : 1_200)
            default: Ratio(basisPoints: 4_000)
            }
        guard isMajor(history) else {
            return .longTail(
                baseMargin: base, hardLimit: Amount(microunits: openInterestLimit * million),
                leastCap: Amount(microunits: openInterestLimit * million),
                openingDepth: Amount(microunits: smallDepth * million))
        }
        return .major(
            baseMargin: base, hardLimit: Amount(microunits: majorCap * million),
            leastCap: Amount(microunits: majorCap / 2 * million),
            openingDepth: Amount(microunits: majorDepth * million))
    }

    /// Price moves M of `facts/risk.md`: at least 6 % for BTC, 8 % for ETH, 20 % for the long tail.
    private static func margin(for history: PriceHistory) -> MarginParameters {
        var result: MarginParameters =
            switch history.base {
            case "BTC": .rampart(move: Ratio(basisPoints: 600))
            case "ETH": .rampart(move: Ratio(basisPoints: 800))
            default:
                .rampart(
                    move: Ratio(basisPoints: 2_000), initialFactor: Ratio(basisPoints: 20_000),
                    grossFloor: Ratio(basisPoints: 200))
            }
        result.model = marginModel(for: history)
        return result
    }

    /// What M starts from and follows (docs/margins.md).
    static func marginModel(for history: PriceHistory) -> MarginModelParameters {
        switch history.base {
        case "BTC": .bitcoin
        case "ETH": .ether
        default: .longTail
        }
    }

    private static func perpetualParameters(for history: PriceHistory) -> PerpetualParameters {
        let isMajor = isMajor(history)
        return PerpetualParameters(
            premiumClamp: Ratio(basisPoints: isMajor ? 50 : 150),
            premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
            interestClamp: Ratio(basisPoints: 5),
            fundingCap: Ratio(basisPoints: isMajor ? 75 : 400))
    }

    /// What prices are counted in, and sizes.
    struct Grid {
        /// The first price, and the highest of all, in 10⁻⁶ quote.
        let opening: Int64
        let highest: Int64
        /// In 10⁻⁶ quote.
        let tick: Int64
        /// In 10⁻⁹ units.
        let lot: Int64

        init(_ history: PriceHistory) {
            opening = LabGenesis.opening(history)
            highest = history.sources.flatMap(\.bars).map(\.high).max() ?? 1
            tick = powerOfTen(atMost: max(1, opening / ticksPerPrice))
            // Nano-units that are worth at most $10, and at least what makes a tick on a lot whole.
            let nano = Int128(lotWorth) * Int128(Instrument.lotScale) / Int128(opening)
            lot = max(
                powerOfTen(atMost: Int64(clamping: nano)), max(1, Instrument.lotScale / tick))
        }

        /// The highest order price.
        var maximumPrice: Price { Price(ticks: highest * headroom / tick + 1) }

        /// Lots that are worth so many dollars at the highest price, at least one.
        func lots(_ dollars: Int64) -> Quantity {
            let worth = max(1, Int64(clamping: Int128(highest) * Int128(lot) / 1_000_000_000))
            return Quantity(
                lots: max(
                    1, Int64(clamping: Int128(dollars) * Int128(million) / Int128(worth))))
        }
    }

    private static func perpetual(
        _ history: PriceHistory, place: Int, grid: Grid, name: String
    ) -> Instrument {
        Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(UInt16(place)),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: grid.tick),
            lotSize: grid.lot, maximumPrice: grid.maximumPrice,
            maximumOrderQuantity: grid.lots(positionLimit / 4),
            positionLimit: grid.lots(positionLimit),
            openInterestLimit: grid.lots(openInterestLimit),
            priceBand: Ratio(basisPoints: history.base == "BTC" ? 200 : 250))
    }

    /// The first price of the first source.
    private static func opening(_ history: PriceHistory) -> Int64 {
        max(1, history.sources.first?.bars.first?.open ?? 1)
    }

    static func powerOfTen(atMost limit: Int64) -> Int64 {
        var power: Int64 = 1
        while power <= limit / 10 { power *= 10 }
        return power
    }

    /// The symbol of a text: its first sixteen characters, those that a symbol cannot hold left
    /// out.
    package static func symbol(_ text: String) -> Symbol {
        let characters = text.utf8.filter { Symbol([$0]) != nil }.prefix(16)
        guard let symbol = Symbol(Array(characters)) else {
            preconditionFailure("Invariant: '\(text)' has a character that a symbol can hold")
        }
        return symbol
    }
}
