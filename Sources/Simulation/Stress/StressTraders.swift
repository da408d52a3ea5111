/// What the population sends: an opening in which the leveraged take their positions against each
/// other, and then, block by block, what each role does. One unsigned transaction an account and
/// block; what the venue does with it is the venue's.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

struct StressTraders {
    /// Steps of the opening: sellers offer, buyers take, what is left is cancelled.
    private static let offering = 3
    private static let taking = 4
    private static let opened = 5
    private static let lifetime = Duration.seconds(120)
    static let million: Int64 = 1_000_000
    /// Buyers of the opening pay at most this much more, in 10⁻⁶; option buyers more.
    private static let opening: Int64 = 1_003_000
    private static let openingOption: Int64 = 1_180_000

    let agents: [StressAgent]
    private var nonces: [UInt64]
    private var custodianNonce: UInt64 = 0
    private var references: UInt64 = 0
    /// By agent: the step until which it stays away.
    var away: [Int]
    /// By agent and instrument: the price around which it last quoted.
    var quoted: [[Int64]]
    /// By agent: whether it has orders in a market that collected them.
    var isAuctioned: [Bool]
    /// How often each role sent something after the opening.
    private(set) var acts: [StressRole: Int] = [:]
    /// The highest and lowest outside prices yet, by underlying.
    private(set) var highest: [Int64]
    private(set) var lowest: [Int64]

    init(_ population: StressPopulation) {
        agents = population.agents
        nonces = agents.map { _ in 0 }
        away = agents.map { _ in 0 }
        quoted = agents.map { _ in [Int64](repeating: 0, count: StressMarket.count) }
        isAuctioned = agents.map { _ in false }
        highest = StressGenesis.openings
        lowest = highest
    }

    static func identifier(_ agent: Int) -> AccountIdentifier { AccountIdentifier(UInt32(agent)) }

    // MARK: Opening

    /// What opens the accounts, and what funds them and the insurance fund: two blocks.
    mutating func openings(chain: Digest, now: Timestamp) -> [[[UInt8]]] {
        let accounts = agents.indices.map { agent in
            Command.openAccount(
                owner: .ed25519(StressGenesis.key(UInt64(1_000_000 + agent))),
                compartment: CompartmentIdentifier(0))
        }
        var money: [Command] = [
            .depositInsurance(
                Amount(microunits: StressPlan.fund), to: CompartmentIdentifier(0))
        ]
        for (place, agent) in agents.enumerated() {
            references += 1
            money.append(
                .deposit(
                    Amount(microunits: agent.cash), to: StressTraders.identifier(place),
                    reference: StressTraders.bytes(references)))
        }
        return [accounts, money].map { custodian($0, chain: chain, now: now) }
    }

    private mutating func custodian(
        _ commands: [Command], chain: Digest, now: Timestamp
    ) -> [[UInt8]] {
        stride(from: 0, to: commands.count, by: Transaction.commandLimit).map { first in
            custodianNonce += 1
            let batch = commands[first..<min(first + Transaction.commandLimit, commands.count)]
            return Transaction(
                chain: chain, signer: .custodian, nonce: custodianNonce,
                expiry: now.advanced(by: StressTraders.lifetime), commands: Array(batch),
                signature: .ed25519(LabKeys.unsigned)
            ).canonicalBytes
        }
    }

    private static func bytes(_ number: UInt64) -> Bytes32 {
        var bytes = [UInt8](repeating: 0x57, count: 24)
        number.appendLittleEndian(to: &bytes)
        return Bytes32(bytes)
    }

    // MARK: Blocks

    /// The transactions of a block.
    mutating func transactions(
        _ world: StressWorld, ledger: Ledger, now: Timestamp
    ) -> [[UInt8]] {
        for place in highest.indices {
            highest[place] = max(highest[place], world.price(of: place))
            lowest[place] = min(lowest[place], world.price(of: place))
        }
        var encoded: [[UInt8]] = []
        for place in agents.indices {
            let isLive = world.step > StressTraders.opened
            let commands =
                isLive
                ? commands(of: place, world, ledger) : openingCommands(of: place, world, ledger)
            guard !commands.isEmpty else { continue }
            if isLive { acts[agents[place].role, default: 0] += 1 }
            nonces[place] += 1
            encoded.append(
                Transaction(
                    chain: ledger.chain, signer: .account(StressTraders.identifier(place)),
                    nonce: nonces[place], expiry: now.advanced(by: StressTraders.lifetime),
                    commands: commands, signature: .ed25519(LabKeys.unsigned)
                ).canonicalBytes)
        }
        return encoded
    }

    private mutating func commands(
        of place: Int, _ world: StressWorld, _ ledger: Ledger
    ) -> [Command] {
        switch agents[place].role {
        case .maker: makerQuotes(of: place, world, ledger)
        case .optionMaker: optionQuotes(of: place, world, ledger)
        case .arbitrageur: arbitrage(by: place, world, ledger)
        case .long, .short: stop(of: place, world, ledger)
        case .panicker: panic(of: place, world, ledger)
        case .writer: buyBack(by: place, world, ledger)
        case .provider: sellOn(place, ledger)
        case .holder, .hedger: []
        }
    }

    /// Sellers offer at the price of one step, buyers take in the next.
    private func openingCommands(
        of place: Int, _ world: StressWorld, _ ledger: Ledger
    ) -> [Command] {
        let agent = agents[place]
        let isSeller = agent.target < 0
        switch world.step {
        case StressTraders.offering where isSeller && agent.role == .writer:
            return StressMarket.written.compactMap {
                let price = ledger.prices[$0].mark.units
                return order(
                    in: $0, notional: agent.target, valuedAt: world.price(of: 1), limit: price,
                    ledger)
            }
        case StressTraders.offering where isSeller:
            let price = world.price(of: 0)
            return [
                order(
                    in: StressMarket.bitcoin, notional: agent.target, valuedAt: price,
                    limit: price, ledger)
            ].compactMap { $0 }
        case StressTraders.taking where agent.role == .hedger: return hedges(world, ledger)
        case StressTraders.taking where agent.target > 0:
            let price = world.price(of: 0)
            return [
                order(
                    in: StressMarket.bitcoin, notional: agent.target, valuedAt: price,
                    limit: price / StressTraders.million * StressTraders.opening,
                    takes: true, ledger)
            ].compactMap { $0 }
        case StressTraders.opened where isSeller: return [.cancelAll(nil)]
        case StressTraders.opened where agent.role == .provider: return [commitment(of: place)]
        default: return []
        }
    }

    /// A hedger buys its part of what the writers sell.
    private func hedges(_ world: StressWorld, _ ledger: Ledger) -> [Command] {
        let count = Int64(agents.count { $0.role == .hedger })
        let total = agents.filter { $0.role == .writer }.reduce(0) { $0 - $1.target }
        return StressMarket.written.compactMap {
            let mark = ledger.prices[$0].mark.units
            return order(
                in: $0, notional: total / count, valuedAt: world.price(of: 1),
                limit: mark / StressTraders.million * StressTraders.openingOption,
                takes: true, ledger)
        }
    }
}
