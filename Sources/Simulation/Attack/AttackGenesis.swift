/// The genesis of a scenario: Rampart's standard parameters for every market that the file names
/// (`facts/risk.md`, "Default parameters"), over which the file lays what it states itself, and in
/// the second run the defences that are off.

import Breakers
import Canonical
import Catalogue
import Documents
import Economics
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

enum AttackGenesis {
    private static let million: Int64 = 1_000_000
    /// Seconds from genesis to the scenario's start: accounts are opened and funded there.
    static let lead: UInt64 = 10
    private static let orderLimit: UInt16 = 400
    /// Dollars: the least cap of a long-tail market, and depths before any is measured. Ours.
    private static let leastInterest: Int64 = 100_000
    private static let largeDepth: Int64 = 20_000_000
    private static let smallDepth: Int64 = 100_000

    /// The genesis of one run.
    ///
    /// - Parameter off: the defences that are off.
    /// - Throws: `InputFault` where the engine refuses what the file states.
    static func genesis(
        of scenario: AttackScenario, off: DefenceSet, withOverrides: Bool, keys: LabKeys
    ) throws(InputFault) -> Genesis {
        let line = scenario.marketsLine
        let standard: JSONNode
        do {
            let text = try standardGenesis(of: scenario, keys: keys).json
            standard = try JSONDocument.root(of: Array(text.utf8)).moved(to: line)
        } catch let fault as CatalogueFault {
            throw InputFault(
                file: scenario.file, line: line,
                reason: "the markets cannot be listed: \(fault.field.rawValue) of "
                    + "\(fault.list.rawValue) \(fault.index + 1): \(fault.reason.rawValue)")
        } catch {
            throw InputFault(
                file: scenario.file, line: line, reason: "the markets cannot be listed: \(error)")
        }
        var root = standard
        if let own = scenario.genesis {
            root = try root.overlaid(with: own, file: scenario.file)
        }
        if withOverrides, let own = scenario.genesisWithout {
            root = try root.overlaid(with: own, file: scenario.file)
        }
        let names = JSONNode.texts(off.members.map { "\($0)" }, line: line)
        let switches = JSONNode.object(
            [("safeguards", .object([("defencesOff", names)], line: line))], line: line)
        return try GenesisDocument.genesis(
            try root.overlaid(with: switches, file: scenario.file), file: scenario.file)
    }

    private static func standardGenesis(
        of scenario: AttackScenario, keys: LabKeys
    ) throws -> Genesis {
        let grids = scenario.markets.map {
            AttackGrid(
                price: $0.price, highest: $0.highest, markets: Int64(scenario.markets.count))
        }
        let first = scenario.underlyings.indices.map { underlying in
            scenario.markets.firstIndex { $0.underlying == underlying } ?? 0
        }
        var safeguards = Safeguards(
            sources: scenario.sources.map { source in
                PriceSource(
                    name: LabGenesis.symbol(source.name), venue: source.venue,
                    quote: source.quote.map { UnderlyingIdentifier(UInt16($0)) })
            })
        let kinds = first.map { scenario.markets[$0].kind }
        safeguards.economics = kinds.map(economics)
        safeguards.breakers = kinds.map { $0 == .longTail ? .longTail : .standard }
        // A few accounts stand for many.
        safeguards.flow = .laboratory
        safeguards.vaults = .standard
        var publishers: [Publisher] = []
        for source in scenario.sources {
            for _ in 0..<source.publishers {
                publishers.append(
                    Publisher(
                        key: keys.publisherKey(publishers.count), weight: source.weight))
            }
        }
        return try Genesis(
            name: LabGenesis.symbol(scenario.name),
            time: Timestamp(nanoseconds: scenario.start - lead * TimeText.second),
            custodian: keys.custodianKey, operator: keys.operatorKey, publishers: publishers,
            catalogue: try catalogue(scenario, grids, first: first),
            oracles: first.map { oracle(scenario.markets[$0].kind) },
            margins: first.map { margin(scenario.markets[$0].kind) },
            perpetuals: scenario.markets.filter { !$0.isSpot }.map { perpetual($0.kind) },
            liquidation: .standard, pricingStep: .seconds(1), orderLimit: orderLimit,
            safeguards: safeguards)
    }

    // MARK: The catalogue

    private static func catalogue(
        _ scenario: AttackScenario, _ grids: [AttackGrid], first: [Int]
    ) throws(CatalogueFault) -> Catalogue {
        try Catalogue(
            compartments: scenario.compartments.map { compartment(named: $0.name) },
            underlyings: zip(scenario.underlyings, first).map { symbol, place in
                let ofUnderlying = scenario.markets.indices.filter {
                    scenario.markets[$0].underlying == scenario.markets[place].underlying
                }
                return Underlying(
                    symbol: LabGenesis.symbol(symbol), quoteCurrency: LabGenesis.symbol("USD"),
                    fractionBits: grids[place].fractionBits,
                    maximumIndexPrice: IndexPrice(
                        micros: ofUnderlying.map { grids[$0].highest }.min() ?? 1),
                    listingPrice: IndexPrice(micros: scenario.markets[place].price))
            },
            instruments: zip(scenario.markets, grids).map { instrument($0, $1) },
            feeTiers: [
                FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))
            ])
    }

    private static func instrument(_ market: AttackMarket, _ grid: AttackGrid) -> Instrument {
        Instrument(
            symbol: LabGenesis.symbol(market.instrument),
            underlying: UnderlyingIdentifier(UInt16(market.underlying)),
            compartment: CompartmentIdentifier(UInt16(market.compartment)),
            tickSize: IndexPrice(micros: grid.tick), lotSize: grid.lot,
            maximumPrice: Price(ticks: grid.highestTicks),
            maximumOrderQuantity: Quantity(lots: grid.limit),
            positionLimit: Quantity(lots: grid.limit),
            openInterestLimit: Quantity(lots: grid.limit),
            priceBand: Ratio(basisPoints: market.kind.priceBand),
            kind: market.isSpot ? .spot : .perpetual)
    }

    private static func compartment(named name: String) -> Compartment {
        Compartment(
            symbol: LabGenesis.symbol(name), asset: LabGenesis.symbol("USDC"),
            vaultLimit: Bounds.vaultCapacity, insuranceShare: Ratio(basisPoints: 2_000),
            insuranceTarget: Amount(microunits: 5 * million * million),
            insuranceDailyShare: Ratio(basisPoints: 500),
            insuranceAccountShare: Ratio(basisPoints: 50),
            debt: DebtTerms(
                accountLimit: Amount(microunits: 100_000 * million),
                vaultShare: Ratio(basisPoints: 2_500), interest: Ratio(basisPoints: 1_000)))
    }

    // MARK: By kind of market

    private static func oracle(_ kind: AttackMarket.Kind) -> OracleParameters {
        let isMajor = kind != .longTail
        return OracleParameters(
            quorum: Ratio(billionths: 666_666_666),
            liquidationAge: .seconds(isMajor ? 5 : 10),
            reduceOnlyAge: .seconds(isMajor ? 15 : 30), haltAge: .seconds(isMajor ? 60 : 120),
            stableHourlyMove: Ratio(basisPoints: isMajor ? 2_000 : 600),
            aggregation: isMajor ? .major : .longTail)
    }

    private static func margin(_ kind: AttackMarket.Kind) -> MarginParameters {
        switch kind {
        case .bitcoin: .rampart(move: Ratio(basisPoints: 600))
        case .ether: .rampart(move: Ratio(basisPoints: 800))
        case .longTail:
            .rampart(
                move: Ratio(basisPoints: 2_000), initialFactor: Ratio(basisPoints: 20_000),
                grossFloor: Ratio(basisPoints: 200))
        }
    }

    /// What is open at most: the limit of the kind, and on a long-tail market what its depth, its
    /// fund and its volume allow. Majors are taken to be as deep as they are elsewhere.
    private static func economics(_ kind: AttackMarket.Kind) -> EconomicParameters {
        let limit = Amount(microunits: kind.interestLimit * million)
        switch kind {
        case .bitcoin, .ether:
            return .major(
                baseMargin: Ratio(basisPoints: kind == .bitcoin ? 900 : 1_200), hardLimit: limit,
                leastCap: limit, openingDepth: Amount(microunits: largeDepth * million))
        case .longTail:
            return .longTail(
                baseMargin: Ratio(basisPoints: 4_000), hardLimit: limit,
                leastCap: Amount(microunits: leastInterest * million),
                openingDepth: Amount(microunits: smallDepth * million))
        }
    }

    private static func perpetual(_ kind: AttackMarket.Kind) -> PerpetualParameters {
        let isMajor = kind != .longTail
        return PerpetualParameters(
            premiumClamp: Ratio(basisPoints: isMajor ? 50 : 150),
            premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
            interestClamp: Ratio(basisPoints: 5),
            fundingCap: Ratio(basisPoints: isMajor ? 75 : 400))
    }
}

extension AttackMarket.Kind {
    /// The hard cap of open interest, in dollars.
    fileprivate var interestLimit: Int64 {
        switch self {
        case .bitcoin: 100_000_000
        case .ether: 60_000_000
        case .longTail: 1_000_000
        }
    }

    /// How far through the mark an order may reach, in basis points.
    fileprivate var priceBand: Int64 {
        switch self {
        case .bitcoin: 200
        case .ether: 250
        case .longTail: 500
        }
    }
}
