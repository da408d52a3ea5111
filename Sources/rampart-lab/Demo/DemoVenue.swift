/// A venue to try: the built-in day's markets, its simulated publishers and traders, and an account
/// for the visitor, all through the same doors as everybody else: signed observations, signed
/// transactions, blocks on disk.

import Canonical
import Documents
import FixedPoint
import Foundation
import Gateway
import Ledger
import Node
import Oracle
import Simulation

/// The venue's people, and the node they trade on.
final class DemoVenue: @unchecked Sendable {
    let node: Node
    let visitor: DemoVisitor
    private let portfolios: DemoPortfolios
    private let keys: LabKeys
    private let log: Log
    private let clock: NodeClock
    private let speed: UInt64
    // Below: only one thread at a time, first that of `warmUp`, then that of `trade`.
    private var population: Population
    private var publishers: LabPublishers

    /// Blocks of the time before the doors open are so far apart, in nanoseconds.
    private static let warmUpInterval = 5 * TimeText.second
    /// How much of the day is lived through before the doors open.
    private static let warmUp = 2 * 60 * TimeText.minute
    private static let days = 7
    private static let lifetime = Duration.seconds(120)

    let start: UInt64
    private let opening: UInt64

    /// - Throws: `LabFault` where the node does not start.
    init(_ options: DemoOptions, log: Log) throws(LabFault) {
        self.log = log
        let now = UInt64(Date().timeIntervalSince1970) * TimeText.second
        let midnight =
            (now - UInt64(options.minute) * TimeText.minute) / TimeText.minute * TimeText.minute
        opening = now
        start = max(midnight, now - DemoVenue.warmUp)
        let histories = BuiltInDay.histories(from: midnight, days: DemoVenue.days)
        keys = LabKeys(seed: options.seed)
        speed = options.speed
        clock =
            speed == 1 ? .world : .fast(from: Timestamp(nanoseconds: now), speed: options.speed)
        let genesis: Genesis
        do throws(InputFault) {
            // Of one day, whatever follows: the grid fits its prices with room to spare.
            genesis = try LabGenesis.genesis(
                for: BuiltInDay.histories(from: midnight, days: 1), start: start, keys: keys)
        } catch {
            throw LabFault(message: error.description, exit: Lab.Exit.badInput)
        }
        population = Population(
            catalogue: genesis.catalogue, seed: options.seed,
            blocks: UInt64(BuiltInDay.minutes) * TimeText.minute / DemoVenue.warmUpInterval)
        publishers = LabPublishers(histories: histories, genesis: genesis, seed: options.seed)
        var vault = CredentialVault()
        do throws(CredentialFault) {
            visitor = try DemoVisitor(
                account: AccountIdentifier(UInt32(population.traders.count)),
                compartment: CompartmentIdentifier(0), keys: keys,
                now: Timestamp(nanoseconds: now), vault: &vault)
            portfolios = try DemoPortfolios(
                of: population, expiry: Timestamp(nanoseconds: now).advanced(by: .day),
                vault: &vault)
        } catch {
            throw LabFault(message: "no credential: \(error)", exit: Lab.Exit.usage)
        }
        do throws(NodeFault) {
            node = try Node(
                options.configuration, genesis: genesis, credentials: vault, log: log,
                clock: clock)
        } catch {
            throw LabFault(message: error.description, exit: Lab.Exit.badInput)
        }
    }

    /// Lives through the time before the doors open.
    ///
    /// - Parameter progress: hears of the share that is done.
    func warmUp(progress: (Double) -> Void) throws(NodeFault) {
        var time = start
        for transactions in openings() {
            try node.preload(
                at: Timestamp(nanoseconds: time), observations: [], transactions: transactions)
            time += 1
        }
        while time < opening {
            let (observed, sent) = act(at: time)
            try node.preload(
                at: Timestamp(nanoseconds: time), observations: observed, transactions: sent)
            time += DemoVenue.warmUpInterval
            progress(Double(time - start) / Double(opening - start))
        }
    }

    /// The simulated account that has most to show now.
    var portfolio: DemoPortfolio? { node.gate.enter { portfolios.best(in: $0) } }

    /// Trades for ever, a step a second.
    func trade() {
        while true {
            let (observed, sent) = act(at: clock.now().nanoseconds)
            for bundle in observed { node.submit(bundle) }
            for transaction in sent { node.submit(transaction) }
            Thread.sleep(forTimeInterval: 1)
        }
    }

    /// What publishers and traders have to say at a time.
    private func act(at time: UInt64) -> (observed: [ObservationBundle], sent: [[UInt8]]) {
        node.gate.enter { ledger in
            (
                publishers.bundles(at: time, ledger: ledger, keys: keys),
                population.transactions(
                    ledger: ledger, keys: keys,
                    expiry: Timestamp(nanoseconds: time).advanced(
                        by: Duration(nanoseconds: DemoVenue.lifetime.nanoseconds * speed))
                ).encoded
            )
        }
    }

    /// The first blocks' transactions: accounts, then their money, then the visitor's key.
    private func openings() -> [[[UInt8]]] {
        let (catalogue, chain) = node.gate.enter { ($0.catalogue, $0.chain) }
        var commands = population.openings(in: catalogue, keys: keys)
        commands.accounts.append(visitor.opening)
        commands.deposits.append(visitor.deposit)
        let expiry = Timestamp(nanoseconds: start).advanced(by: .hour)
        var nonce: UInt64 = 0
        let byCustodian = [commands.accounts, commands.deposits].map { list in
            stride(from: 0, to: list.count, by: Transaction.commandLimit).map { first in
                nonce += 1
                let batch = list[first..<min(first + Transaction.commandLimit, list.count)]
                return keys.custodianTransaction(
                    chain: chain, nonce: nonce, expiry: expiry, commands: Array(batch))
            }
        }
        return byCustodian + [[visitor.grant(chain: chain, keys: keys, expiry: expiry)]]
    }
}
