/// The traders of a replay, market by market, and their first money.

import Canonical
package import Catalogue
package import FixedPoint
package import Ledger

/// All traders of a replay.
package struct Population: Sendable {
    private static let million: Int64 = 1_000_000
    /// How many of each kind trade in each market.
    private static let makers = 4
    private static let takers = 6
    private static let longs = 22
    private static let shorts = 10
    /// On each underlying that lists futures and options.
    private static let futureMakers = 2
    private static let optionMakers = 2
    private static let buyers = 10
    private static let writers = 6
    private static let spreaders = 5
    private static let hedgers = 3
    /// What the insurance fund starts with, in micro-dollars.
    private static let insurance: Int64 = 500_000 * million

    package private(set) var traders: [Trader] = []
    private let patience: Int64

    /// The traders of every linear instrument, and behind them those of the contracts that rules
    /// list; their habits depend on the seed alone.
    ///
    /// - Parameter blocks: how many the replay will have: leveraged traders open their positions
    ///   within the first tenth or so of it, however short it is.
    package init(catalogue: Catalogue, seed: UInt64, blocks: UInt64) {
        patience = Int64(min(max(blocks / 20, 40), 4_000))
        for (place, entry) in catalogue.instruments.enumerated() {
            switch entry.kind {
            case .perpetual, .future: settle(in: place, seed: seed) { !$0.tradesContracts }
            case .option, .spot: continue
            }
        }
        for (place, entry) in catalogue.instruments.enumerated() where entry.kind == .perpetual {
            guard catalogue.listingRules.contains(where: { $0.underlying == entry.underlying })
            else { continue }
            settle(in: place, seed: seed) { $0.tradesContracts }
        }
    }

    private mutating func settle(in place: Int, seed: UInt64, _ isWanted: (TraderKind) -> Bool) {
        for kind in TraderKind.allCases where isWanted(kind) {
            for _ in 0..<Population.count(of: kind) {
                add(kind, instrument: InstrumentIdentifier(UInt16(place)), seed: seed)
            }
        }
    }

    private static func count(of kind: TraderKind) -> Int {
        switch kind {
        case .maker: makers
        case .taker: takers
        case .long: longs
        case .short: shorts
        case .futureMaker: futureMakers
        case .optionMaker: optionMakers
        case .buyer: buyers
        case .writer: writers
        case .spreader: spreaders
        case .hedger: hedgers
        }
    }

    private mutating func add(_ kind: TraderKind, instrument: InstrumentIdentifier, seed: UInt64) {
        var random = SimulationGenerator(seed: seed, stream: UInt64(traders.count) + 1)
        let dollars: Int64 =
            switch kind {
            case .maker: random.integer(in: 1_500_000...3_000_000)
            case .taker: random.integer(in: 200_000...600_000)
            case .long, .short: random.integer(in: 40_000...350_000)
            case .futureMaker: random.integer(in: 1_500_000...2_500_000)
            case .optionMaker: random.integer(in: 4_000_000...6_000_000)
            case .buyer: random.integer(in: 20_000...90_000)
            case .writer: random.integer(in: 150_000...500_000)
            case .spreader: random.integer(in: 100_000...300_000)
            case .hedger: random.integer(in: 400_000...900_000)
            }
        traders.append(
            Trader(
                kind: kind, account: AccountIdentifier(UInt32(traders.count)),
                instrument: instrument, funds: Amount(microunits: dollars * Population.million),
                leverage: random.integer(in: 3...10), patience: patience, random: random))
    }

    /// The commands that open all accounts, and those that fund them and the insurance funds.
    package func openings(
        in catalogue: Catalogue, keys: LabKeys
    ) -> (accounts: [Command], deposits: [Command]) {
        var accounts: [Command] = []
        var deposits: [Command] = catalogue.compartments.indices.map { place in
            .depositInsurance(
                Amount(microunits: Population.insurance),
                to: CompartmentIdentifier(UInt16(place)))
        }
        for (place, trader) in traders.enumerated() {
            let home = catalogue.instruments[Int(trader.instrument.number)].compartment
            accounts.append(
                .openAccount(owner: .ed25519(keys.traderKey(place)), compartment: home))
            deposits.append(
                .deposit(trader.funds, to: trader.account, reference: Bytes32()))
        }
        return (accounts, deposits)
    }

    /// The signed transactions of everyone who acts now.
    package mutating func transactions(
        ledger: Ledger, keys: LabKeys, expiry: Timestamp
    ) -> (encoded: [[UInt8]], orders: Int) {
        var encoded: [[UInt8]] = []
        var orders = 0
        for place in traders.indices {
            let commands = traders[place].act(in: ledger)
            guard !commands.isEmpty else { continue }
            traders[place].nonce += 1
            orders += commands.count
            encoded.append(
                keys.transaction(
                    chain: ledger.chain, trader: place, account: traders[place].account,
                    nonce: traders[place].nonce, expiry: expiry, commands: commands))
        }
        return (encoded, orders)
    }
}
