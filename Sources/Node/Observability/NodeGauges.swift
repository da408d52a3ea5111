/// The figures that an operator watches, read when they are asked for: the venue's, the store's,
/// the disk's and the process's. Each costs a millisecond or less but for accounts in liquidation,
/// which looks at one field of every account.

import Accounts
import Breakers
import Canonical
import Catalogue
import Documents
import FixedPoint
import Foundation
import Glibc
import Ledger
import Markets
import Oracle
import Replication
import Synchronization

/// The venue's figures as they were last told. Whoever asks while the ledger knows of a block that
/// may not be told of yet gets those before it, so that no series has gaps, and has new ones read
/// as soon as that is told.
final class LastGauges: Sendable {
    private let state: Mutex<(last: [Gauge], isWanted: Bool)>

    init(_ ledger: Ledger) { state = Mutex((NodeGauges.ledger(ledger), false)) }

    /// The figures behind a gate; those before them while it is closed.
    func read(_ gate: LedgerGate) -> [Gauge] {
        // The gate is taken first and alone: whoever has it waits for nobody.
        let now = gate.look(NodeGauges.ledger)
        return state.withLock { state in
            state = (now ?? state.last, now == nil)
            return state.last
        }
    }

    /// The gate has been opened: reads the figures that somebody has asked for in vain.
    func refresh(_ gate: LedgerGate) {
        if state.withLock({ $0.isWanted }) { _ = read(gate) }
    }
}

/// Reads figures.
enum NodeGauges {
    private static let second = 1e9
    /// Of an amount.
    private static let microunits = 1e6

    /// The venue at its last block.
    static func ledger(_ ledger: Ledger) -> [Gauge] {
        let levels = ledger.catalogue.live.map { ledger.level(of: $0) }
        let count = UInt32(ledger.accounts.accounts.count)
        var calls = 0
        for number in 0..<count
        where ledger.accounts.liquidationStart(of: AccountIdentifier(number)) != nil {
            calls += 1
        }
        return [
            Gauge(
                "rampart_highest_level",
                "Highest level of a market: 0 normal, 1 auctions, 2 reduce-only, 3 halted.",
                Double((levels.max() ?? .normal).rawValue)),
            Gauge(
                "rampart_markets_held", "Markets above the normal level.",
                Double(levels.count { $0 > .normal })),
            Gauge("rampart_markets", "Markets that are listed.", Double(levels.count)),
            Gauge("rampart_accounts", "Accounts of the venue.", Double(count)),
            Gauge("rampart_open_orders", "Orders that rest or wait.", Double(ledger.books.count)),
            Gauge("rampart_accounts_in_liquidation", "Accounts in liquidation.", Double(calls)),
            Gauge(
                "rampart_block_time_seconds", "Time of the last block, since 1970.",
                Double(ledger.time.nanoseconds) / second),
        ] + funds(ledger) + prices(ledger)
    }

    private static func funds(_ ledger: Ledger) -> [Gauge] {
        let compartments = ledger.catalogue.compartments
        func each(_ value: (Int) -> Amount) -> [(label: String, value: Double)] {
            compartments.indices.map {
                (compartments[$0].symbol.text, Double(value($0).units) / NodeGauges.microunits)
            }
        }
        return [
            Gauge(
                "rampart_insurance_fund", "What the insurance fund holds, in its asset.",
                by: "compartment", each { ledger.accounts.funds[$0].insurance }),
            Gauge(
                "rampart_insurance_target", "What the insurance fund is full at, in its asset.",
                by: "compartment", each { compartments[$0].insuranceTarget }),
            Gauge(
                "rampart_vault", "What the vault holds, in its asset.", by: "compartment",
                each { ledger.accounts.funds[$0].vault }),
        ]
    }

    private static func prices(_ ledger: Ledger) -> [Gauge] {
        let publishers = ledger.genesis.publishers.count
        func each(_ value: (IndexFeed) -> Double) -> [(label: String, value: Double)] {
            zip(ledger.catalogue.underlyings, ledger.feeds).map {
                ($0.symbol.text, value($1))
            }
        }
        return [
            Gauge(
                "rampart_index_age_seconds",
                "How old the index was at the last block; since 1970 before the first.",
                by: "underlying",
                each { Double(ledger.time.elapsed(since: $0.indexTime).nanoseconds) / second }),
            Gauge(
                "rampart_publishers_sound", "Publishers whose word counts.", by: "underlying",
                each { feed in
                    Double(
                        (0..<publishers).count { place in
                            let publisher = PublisherIdentifier(UInt16(place))
                            return feed.faults[place] == nil && feed.lastTime(of: publisher) != nil
                        })
                }),
            Gauge("rampart_publishers", "Publishers of the genesis.", Double(publishers)),
        ]
    }

    /// The store and the disk under it.
    static func store(_ store: BlockStore) -> [Gauge] {
        var disk = statvfs()
        let isKnown = unsafe statvfs(store.path, &disk) == 0
        let block = Double(disk.f_frsize)
        return [
            Gauge(
                "rampart_leaf_height", "Block at which the leaves on disk stand.",
                Double(store.leafHeight)),
            Gauge(
                "rampart_store_bytes", "Bytes of the data folder.",
                Double(DiskUse.bytes(of: store.path))),
            Gauge(
                "rampart_disk_free_bytes", "Bytes that the node may still write on its disk.",
                isKnown ? block * Double(disk.f_bavail) : 0),
            Gauge(
                "rampart_disk_bytes", "Bytes of the disk of the data folder.",
                isKnown ? block * Double(disk.f_blocks) : 0),
        ]
    }

    /// This process.
    static func process() -> [Gauge] {
        var limit = rlimit()
        var usage = rusage()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1e6
        }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return [
            Gauge(
                "rampart_resident_bytes", "Memory of the process.",
                Double(ProcessFigures.residentBytes)),
            Gauge(
                "rampart_processor_seconds", "Time of processors that the process has taken.",
                seconds(usage.ru_utime) + seconds(usage.ru_stime)),
            Gauge(
                "rampart_open_files", "Files and connections that are open.", Double(files.count)),
            Gauge(
                "rampart_open_files_limit", "Most files and connections that may be open.",
                limit.rlim_cur >= rlim_t(Int64.max) ? .infinity : Double(limit.rlim_cur)),
            Gauge(
                "rampart_info", "The program's version.", by: "version",
                [(RampartProgram.version, 1)]),
        ]
    }

    /// When the newest back-up of the configured folder was made; nothing where none is configured.
    static func backups(_ configuration: NodeConfiguration) -> [Gauge] {
        guard let path = configuration.backups else { return [] }
        let folder = BackupFolder(path: path)
        let newest = folder.names.last.flatMap {
            try? BackupFacts(of: FileAccess.path($0, in: path))
        }
        return [
            Gauge(
                "rampart_backup_time_seconds", "When the newest back-up was made, since 1970.",
                Double(newest?.made ?? 0) / second),
            Gauge(
                "rampart_backup_height", "Block of the newest back-up.",
                Double(newest?.tip.height ?? 0)),
        ]
    }
}

/// What folders take of a disk.
enum DiskUse {
    /// Bytes of all files below a folder; a file that two names lead to counts twice.
    static func bytes(of folder: String) -> Int64 {
        guard let all = FileManager.default.enumerator(atPath: folder) else { return 0 }
        var bytes: Int64 = 0
        for case let name as String in all {
            var status = stat()
            if unsafe stat(FileAccess.path(name, in: folder), &status) == 0,
                status.st_mode & S_IFMT == S_IFREG
            {
                bytes += Int64(status.st_size)
            }
        }
        return bytes
    }
}
