/// The process that a node is measured in: this program once more, with a venue that is made and
/// served until standard input ends. It says on standard output what the measuring side must know.
///
///     rampart-bench --serve FOLDER accounts=64 filler=0 orders=0 block.interval-ms=5 …

import Canonical
import Custody
import FixedPoint
import Foundation
import Gateway
import Ledger
import Markets
import Node
import Oracle

/// Serves a venue.
enum NodeUnderTest {
    static let flag = "--serve"
    /// Nanoseconds between two prices.
    private static let priceSeconds = 1.0
    /// Transactions of a block that is made before the node serves.
    private static let preloadBatch = 1_000

    /// Runs a node over the folder; never returns.
    static func run(_ arguments: [String]) -> Never {
        do {
            try serve(NodeSetup(arguments))
        } catch {
            FileHandle.standardError.write(Data("node under test: \(error)\n".utf8))
            exit(1)
        }
        exit(0)
    }

    private static func serve(_ setup: NodeSetup) throws {
        var venue = NodeVenue(accounts: setup.accounts + setup.filler)
        let isNew = !FileManager.default.fileExists(atPath: setup.folder)
        var vault = CredentialVault()
        let now = NodeClock.world.now()
        let offer = try vault.create(
            account: AccountIdentifier(0), scope: .trade, expiry: now.advanced(by: .seconds(86_400))
        )
        let node = try Node(
            try setup.configuration, genesis: venue.genesis, credentials: vault,
            log: Log(least: .warning, format: .text))
        if isNew {
            try preload(node, &venue, setup, grant: offer.command, now)
        }
        node.start()
        let publishing = venue
        Thread.detachNewThread {
            while true {
                for bundle in publishing.prices(at: NodeClock.world.now()) { node.submit(bundle) }
                Thread.sleep(forTimeInterval: priceSeconds)
            }
        }
        let greeting = "\(node.port) \(offer.identifier) \(offer.secret)\n"
        FileHandle.standardOutput.write(Data(greeting.utf8))
        while let line = readLine() {
            if line == "metrics" {
                FileHandle.standardOutput.write(Data((stages(of: node) + "\n").utf8))
            }
        }
        node.stop()
        try node.wait()
    }

    /// The figures of `/metrics` that tell where time goes, in one line.
    private static func stages(of node: Node) -> String {
        node.metrics.text(gauges: []).split(separator: "\n")
            .filter { !$0.hasPrefix("#") && ($0.contains("_sum") || $0.contains("_count")) }
            .joined(separator: " ")
    }

    private static func preload(
        _ node: Node, _ venue: inout NodeVenue, _ setup: NodeSetup, grant: Command?,
        _ now: Timestamp
    ) throws {
        var blocks = venue.openings(keyed: setup.accounts, money: setup.money)
        if let grant { blocks.append([venue.transaction(0, [grant])]) }
        blocks.append(venue.restingOrders(accounts: setup.accounts, each: setup.orders))
        var time = Timestamp(nanoseconds: now.nanoseconds - 10_000_000_000)
        for transactions in blocks {
            for first in stride(from: 0, to: transactions.count, by: preloadBatch) {
                time = time.advanced(by: Duration(nanoseconds: 1_000_000))
                try node.preload(
                    at: time, observations: venue.prices(at: time),
                    transactions: Array(
                        transactions[first..<min(first + preloadBatch, transactions.count)]))
            }
        }
    }
}

/// What a node under test is to be.
struct NodeSetup {
    let folder: String
    /// Accounts that trade.
    var accounts = 64
    /// Accounts that only exist.
    var filler = 0
    /// Orders that rest, of each account that trades.
    var orders = 0
    /// Of the node itself.
    var settings: [String: String] = [:]

    init(folder: String) { self.folder = folder }

    init(_ arguments: [String]) {
        folder = arguments.first ?? ""
        for argument in arguments.dropFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "accounts": accounts = Int(parts[1]) ?? accounts
            case "filler": filler = Int(parts[1]) ?? filler
            case "orders": orders = Int(parts[1]) ?? orders
            default: settings[parts[0]] = parts[1]
            }
        }
    }

    var arguments: [String] {
        [folder, "accounts=\(accounts)", "filler=\(filler)", "orders=\(orders)"]
            + settings.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// What each account gets: all of them together fit one vault.
    var money: Amount {
        Amount(microunits: filler > 0 ? 20_000_000_000 : 500_000_000_000)
    }

    /// The limits of haste are out of the way: what is measured is the node.
    var configuration: NodeConfiguration {
        get throws {
            var source = ConfigurationSource()
            var all = [
                "data.directory": folder, "api.listen": "127.0.0.1:0",
                "api.credits": "1000000000000", "api.credits-per-second": "1000000000000",
                "api.waiting-requests": "100000", "admission.account-rate": "10000000",
                "admission.account-burst": "10000000",
            ]
            all.merge(settings) { _, given in given }
            for (name, value) in all {
                guard let setting = Setting(rawValue: name) else { continue }
                source.set(setting, value)
            }
            return try NodeConfiguration(source)
        }
    }
}

extension NodeVenue {
    /// Orders that never meet, so many of each account but the first, whose owner measures.
    mutating func restingOrders(accounts: Int, each: Int) -> [[UInt8]] {
        guard each > 0 else { return [] }
        return (1..<accounts).flatMap { account in
            stride(from: 0, to: each, by: Transaction.commandLimit).map { first in
                transaction(
                    account,
                    (first..<min(first + Transaction.commandLimit, each)).map { place in
                        let side: Side = (account + place) % 2 == 0 ? .buy : .sell
                        let distance = Int64(100 + (account * 7 + place) % 400)
                        return BenchVenue.order(
                            in: place % NodeVenue.instruments, side,
                            at: BenchVenue.price - side.sign * distance, lots: 1)
                    })
            }
        }
    }
}
