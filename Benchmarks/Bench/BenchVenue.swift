/// A venue for measuring: many rich accounts, perpetuals on one or several underlyings, a quorum of
/// publishers, and signatures that admission has already verified.

import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Ledger
import Liquidation
import Markets
import Oracle
import Risk

/// Remembers that everything was verified at admission.
struct VerifiedAtAdmission: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] {
        [Bool](repeating: true, count: statements.count)
    }
}

/// Whose signatures a venue takes.
struct VenueKeys {
    /// Of custodian and operator.
    let venue: PublicKey
    let publishers: [PublicKey]
}

struct BenchVenue {
    static let price: Int64 = 50_000
    /// What each account gets: rich, and 100,000 of them still fit one vault.
    static let money = Amount(microunits: 500_000_000_000)
    let ledger: Ledger
    private(set) var nonces: [UInt64]
    private var custodian: UInt64 = 0
    /// Nanoseconds since 1970 of the last block.
    private var time: UInt64 = 1_700_000_000_000_000_000
    /// Nanoseconds from one block to the next.
    let interval: UInt64
    private let underlyings: Int
    private let onBlock: ((Block, BlockOutcome) -> Void)?
    private static let signature = Signature(r: Bytes32(), s: Bytes32())
    private static let key = PublicKey(Bytes32())

    /// - Parameters:
    ///   - instruments: of each underlying.
    ///   - interval: nanoseconds from one block to the next. Ten milliseconds is the pace at which
    ///     blocks of 10,000 operations follow each other at a million a second.
    ///   - money: what each account gets.
    ///   - onBlock: sees every block that `apply` makes.
    init(
        accounts: Int, instruments: Int, underlyings: Int = 1, isMargined: Bool = true,
        interval: UInt64 = 10_000_000, money: (Int) -> Amount = { _ in BenchVenue.money },
        onBlock: ((Block, BlockOutcome) -> Void)? = nil
    ) {
        self.onBlock = onBlock
        ledger = Ledger(
            genesis: BenchVenue.genesis(underlyings: underlyings, instruments: instruments),
            isMargined: isMargined)
        nonces = []
        self.interval = interval
        self.underlyings = underlyings
        open(accounts, money: money)
    }

    /// Opens accounts and pays their money in.
    mutating func open(_ accounts: Int, money: (Int) -> Amount = { _ in BenchVenue.money }) {
        let start = nonces.count
        nonces += [UInt64](repeating: 0, count: accounts)
        for opening in [true, false] {
            var transactions: [[UInt8]] = []
            for first in stride(from: start, to: nonces.count, by: Transaction.commandLimit) {
                custodian += 1
                let batch = first..<min(first + Transaction.commandLimit, nonces.count)
                let commands: [Command] = batch.map { account in
                    opening
                        ? .openAccount(
                            owner: .ed25519(PublicKey(BenchVenue.owner(account))),
                            compartment: CompartmentIdentifier(0))
                        : .deposit(
                            money(account),
                            to: AccountIdentifier(UInt32(account)), reference: Bytes32())
                }
                transactions.append(
                    encoded(.custodian, nonce: custodian, commands: commands))
            }
            let receipts = apply(transactions, publishing: BenchVenue.price).receipts
            precondition(
                receipts.allSatisfy { $0.refusal == nil }, "Invariant: every account is opened")
        }
    }

    private static func owner(_ account: Int) -> Bytes32 {
        var bytes = Bytes32()
        bytes.word0 = UInt64(account) + 1
        return bytes
    }

    private func encoded(_ signer: Signer, nonce: UInt64, commands: [Command]) -> [UInt8] {
        Transaction(
            chain: ledger.chain, signer: signer, nonce: nonce,
            expiry: Timestamp(nanoseconds: .max), commands: commands,
            signature: .ed25519(BenchVenue.signature)
        ).canonicalBytes
    }

    /// The encoded transaction of an account; uses up a nonce.
    mutating func transaction(_ account: Int, _ commands: [Command]) -> [UInt8] {
        nonces[account] += 1
        return encoded(
            .account(AccountIdentifier(UInt32(account))), nonce: nonces[account],
            commands: commands)
    }

    /// The next block, with fresh prices in dollars.
    mutating func block(_ transactions: [[UInt8]], publishing price: Int64) -> Block {
        self.time += interval
        let time = Timestamp(nanoseconds: self.time)
        let observations = (0..<underlyings).map { underlying in
            Observation(
                underlying: UnderlyingIdentifier(UInt16(underlying)),
                price: IndexPrice(micros: price * 1_000_000))
        }
        return Block(
            height: ledger.height + 1, time: time,
            observations: (0..<3).map { publisher in
                ObservationBundle(
                    publisher: PublisherIdentifier(UInt16(publisher)), time: time,
                    observations: observations, signature: BenchVenue.signature)
            }, transactions: transactions)
    }

    @discardableResult
    mutating func apply(_ transactions: [[UInt8]], publishing price: Int64) -> BlockOutcome {
        let block = block(transactions, publishing: price)
        let outcome = run(block)
        onBlock?(block, outcome)
        return outcome
    }

    @discardableResult
    func run(_ block: Block) -> BlockOutcome { run(block, verifier: VerifiedAtAdmission()) }

    @discardableResult
    func run<Verifier: SignatureVerifier>(_ block: Block, verifier: Verifier) -> BlockOutcome {
        do throws(BlockFault) {
            return try ledger.apply(block, verifier: verifier)
        } catch {
            preconditionFailure("Invariant: the benchmark makes canonical blocks, not \(error)")
        }
    }

    private static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("Invariant: '\(text)' is a symbol")
        }
        return symbol
    }

    /// Keys of nobody, for signatures that nobody checks.
    private static var keys: VenueKeys {
        VenueKeys(venue: key, publishers: (0..<3).map { PublicKey(owner($0)) })
    }

    /// - Parameter instruments: perpetuals of each underlying.
    static func genesis(
        underlyings: Int, instruments count: Int, keys: VenueKeys = BenchVenue.keys
    ) -> Genesis {
        let limit = Quantity(lots: 20_000)
        let instruments = (0..<(underlyings * count)).map { place in
            Instrument(
                symbol: symbol("PERP-\(place)"),
                underlying: UnderlyingIdentifier(UInt16(place / count)),
                compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 1_000_000),
                lotSize: 1_000_000, maximumPrice: Price(ticks: 200_000),
                maximumOrderQuantity: limit, positionLimit: limit,
                openInterestLimit: Quantity(lots: 1 << 40), priceBand: Ratio(basisPoints: 500))
        }
        do {
            return try Genesis(
                name: symbol("bench"), time: Timestamp(nanoseconds: 1), custodian: keys.venue,
                operator: keys.venue,
                publishers: keys.publishers.map { Publisher(key: $0, weight: 1) },
                catalogue: try Catalogue(
                    compartments: [
                        Compartment(
                            symbol: symbol("MAIN"), asset: symbol("USDC"),
                            vaultLimit: Bounds.vaultCapacity, insuranceShare: .zero,
                            insuranceTarget: .zero, insuranceDailyShare: .zero,
                            insuranceAccountShare: .zero)
                    ],
                    underlyings: (0..<underlyings).map { place in
                        Underlying(
                            symbol: symbol("BTC\(place)"), quoteCurrency: symbol("USD"),
                            fractionBits: 8,
                            maximumIndexPrice: IndexPrice(micros: 200_000_000_000),
                            listingPrice: IndexPrice(micros: 200_000_000_000))
                    },
                    instruments: instruments,
                    feeTiers: [
                        FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))
                    ]),
                oracles: (0..<underlyings).map { _ in oracle },
                margins: (0..<underlyings).map { _ in grid },
                perpetuals: instruments.map { _ in
                    PerpetualParameters(
                        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
                        impactNotional: Amount(microunits: 10_000_000_000),
                        interest: Ratio(basisPoints: 1), interestClamp: Ratio(basisPoints: 5),
                        fundingCap: Ratio(basisPoints: 75))
                },
                liquidation: .standard, pricingStep: .seconds(1), orderLimit: 1_000)
        } catch {
            preconditionFailure("Invariant: the benchmark's genesis is valid, not \(error)")
        }
    }

    private static let oracle = OracleParameters(
        quorum: Ratio(billionths: 666_666_667), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000))

    /// 33 scenarios, as many as the largest published perpetual and option set has.
    private static var grid: MarginParameters {
        let scenarios = (Int64(-16)...16).map { step in
            Scenario(move: Ratio(basisPoints: step * 625), weight: .one)
        }
        let initial = MarginRule(
            scenarios: scenarios, factor: Ratio(basisPoints: 15_000),
            grossFloor: Ratio(basisPoints: 50), orderFloor: Ratio(basisPoints: 100))
        let maintenance = MarginRule(
            scenarios: scenarios, factor: .one, grossFloor: Ratio(basisPoints: 50),
            orderFloor: .zero)
        return MarginParameters(
            move: Ratio(basisPoints: 600), initial: initial, maintenance: maintenance)
    }
}
