/// A small venue with a perpetual, a future and options of one or two expiries, for tests of what
/// the report says of them. Real signatures; a maker and a taker.

import Documents
import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk
import Testing

@testable import Simulation

struct OptionVenue {
    static let million: Int64 = 1_000_000
    static let start = Timestamp(nanoseconds: 1_750_000_000 * 1_000_000_000)
    /// The morning after `start`.
    static let near = start.startOfDay.advanced(by: .seconds(32 * 3_600))
    static let far = near.advanced(by: .seconds(7 * 86_400))
    /// Dollars.
    static let strikes: [Int64] = [48_000, 50_000, 52_000]
    /// A quarter over the index.
    static let premium: Int64 = 25 * million
    /// At the nodes, 10⁻⁶.
    static let volatilities: [UInt32] = [
        526_000, 519_000, 513_000, 508_000, 503_000, 500_000, 498_000, 498_000, 500_000, 505_000,
        512_000,
    ]

    let ledger: Ledger
    let keys = LabKeys(seed: 9)
    private(set) var recorder = OptionRecorder()
    private var nonces: [UInt64] = [0, 0, 0]

    init(expiries: [Timestamp]) throws {
        ledger = Ledger(genesis: try OptionVenue.genesis(keys, expiries))
        var commands: [Command] = (0..<2).map {
            .openAccount(owner: .ed25519(keys.traderKey($0)), compartment: CompartmentIdentifier(0))
        }
        commands += (0..<2).map {
            .deposit(
                Amount(microunits: 1_000_000 * OptionVenue.million),
                to: AccountIdentifier($0), reference: Bytes32())
        }
        try apply(at: OptionVenue.start.advanced(by: .seconds(1)), custodian: commands)
        try apply(at: OptionVenue.start.advanced(by: .seconds(2)))
    }

    /// Applies a block in which the index stands at so many dollars.
    @discardableResult
    mutating func apply(
        at time: Timestamp, dollars: Int64? = 50_000, custodian: [Command] = [],
        orders: [(trader: Int, command: Command)] = []
    ) throws -> BlockOutcome {
        var transactions: [[UInt8]] = []
        let expiry = time.advanced(by: .hour)
        if !custodian.isEmpty {
            nonces[2] += 1
            transactions.append(
                keys.custodianTransaction(
                    chain: ledger.chain, nonce: nonces[2], expiry: expiry, commands: custodian))
        }
        for order in orders {
            nonces[order.trader] += 1
            transactions.append(
                keys.transaction(
                    chain: ledger.chain, trader: order.trader,
                    account: AccountIdentifier(UInt32(order.trader)), nonce: nonces[order.trader],
                    expiry: expiry, commands: [order.command]))
        }
        recorder.approach(time.nanoseconds, ledger: ledger)
        let outcome = try ledger.apply(
            Block(
                height: ledger.height + 1, time: time,
                observations: dollars.map { [bundle($0, at: time)] } ?? [],
                transactions: transactions), verifier: PortableVerifier())
        recorder.add(outcome.events, ledger: ledger)
        #expect(outcome.receipts.allSatisfy { $0.refusal == nil })
        #expect(ledger.auditFailure() == nil)
        return outcome
    }

    /// The instrument of a name.
    func instrument(_ name: String) throws -> InstrumentIdentifier {
        let place = try #require(
            ledger.catalogue.instruments.firstIndex { $0.symbol.text == name }, "\(name)")
        return InstrumentIdentifier(UInt16(place))
    }

    /// An order for so many lots at a price in half dollars.
    func order(
        _ trader: Int, _ name: String, _ side: Side, ticks: Int64, lots: Int64
    ) throws -> (trader: Int, command: Command) {
        (
            trader,
            .place(
                OrderRequest(
                    instrument: try instrument(name), side: side, limit: Price(ticks: ticks),
                    quantity: Quantity(lots: lots)))
        )
    }

    private func bundle(_ dollars: Int64, at time: Timestamp) -> ObservationBundle {
        let index = dollars * OptionVenue.million
        var nodes = NodeVolatilities(flat: 0)
        for (place, volatility) in OptionVenue.volatilities.enumerated() {
            nodes[place] = volatility
        }
        let curves = ledger.surfaces[0].expiries.filter { $0.expiry > time }.map { feed in
            CurveObservation(
                underlying: UnderlyingIdentifier(0), expiry: feed.expiry,
                forward: IndexPrice(
                    micros: index + (feed.expiry == OptionVenue.far ? OptionVenue.premium : 0)),
                volatilities: nodes)
        }
        return keys.sign(
            ObservationBundle(
                publisher: PublisherIdentifier(0), time: time,
                observations: [
                    Observation(
                        underlying: UnderlyingIdentifier(0), price: IndexPrice(micros: index))
                ], curves: curves, signature: LabKeys.unsigned), chain: ledger.chain)
    }

    // MARK: Genesis

    private static func genesis(_ keys: LabKeys, _ expiries: [Timestamp]) throws -> Genesis {
        let symbol = LabGenesis.symbol
        let lots = Quantity(lots: 40_000)
        let terms = ContractTerms(
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 500_000),
            lotSize: million, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: 1_000), positionLimit: lots,
            openInterestLimit: lots, priceBand: Ratio(basisPoints: 200))
        var instruments = [
            Instrument(
                symbol: symbol("BTC-PERP"), underlying: UnderlyingIdentifier(0),
                compartment: terms.compartment, tickSize: terms.tickSize, lotSize: terms.lotSize,
                maximumPrice: terms.maximumPrice, maximumOrderQuantity: terms.maximumOrderQuantity,
                positionLimit: lots, openInterestLimit: lots, priceBand: terms.priceBand)
        ]
        for expiry in expiries {
            let contracts =
                [DatedContract.future(expiry: expiry)]
                + strikes.map { .pair(expiry: expiry, strike: IndexPrice(micros: $0 * million)) }
            for contract in contracts {
                instruments += try #require(
                    terms.instruments(
                        of: contract, on: UnderlyingIdentifier(0), named: symbol("BTC")))
            }
        }
        return try Genesis(
            name: symbol("options"), time: start, custodian: keys.custodianKey,
            operator: keys.operatorKey,
            publishers: [Publisher(key: keys.publisherKey(0), weight: 1)],
            catalogue: Catalogue(
                compartments: [
                    Compartment(
                        symbol: symbol("MAIN"), asset: symbol("USDC"),
                        vaultLimit: Bounds.vaultCapacity, insuranceShare: .zero,
                        insuranceTarget: .zero, insuranceDailyShare: .zero,
                        insuranceAccountShare: .zero)
                ],
                underlyings: [
                    Underlying(
                        symbol: symbol("BTC"), quoteCurrency: symbol("USD"), fractionBits: 8,
                        maximumIndexPrice: IndexPrice(micros: 400_000 * million),
                        listingPrice: IndexPrice(micros: 400_000 * million))
                ], instruments: instruments,
                feeTiers: [FeeTier(maker: .zero, taker: Ratio(basisPoints: 5))]),
            oracles: [oracle], margins: [.rampartOptions()],
            perpetuals: [
                PerpetualParameters(
                    premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
                    impactNotional: Amount(microunits: 20_000 * million), interest: .zero,
                    interestClamp: .zero, fundingCap: .zero)
            ], liquidation: .standard, pricingStep: .seconds(1), orderLimit: 10)
    }

    /// A window of a minute, so that a test need not live through half an hour.
    private static var oracle: OracleParameters {
        OracleParameters(
            quorum: .one, liquidationAge: .seconds(5), reduceOnlyAge: .seconds(15),
            haltAge: .seconds(60), stableHourlyMove: Ratio(basisPoints: 2_000),
            settlement: SettlementParameters(
                window: .seconds(60), coverage: Ratio(basisPoints: 8_000),
                observationWeight: .seconds(60)))
    }
}
