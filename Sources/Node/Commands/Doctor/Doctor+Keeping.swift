/// What the doctor looks at of what is kept beside the chain: the history's database, back-ups, the
/// log file, and the charting library that the dashboard serves.

import Canonical
import Documents
import Foundation
import Glibc
import History
import Ledger
import Replication

extension Doctor {
    /// What a file of SQLite begins with (its file format, 1.3).
    private static let databaseStart = Array("SQLite format 3\0".utf8)
    /// Nanoseconds after which a back-up is old. Ours: what is lost without a standby.
    private static let oldBackup: UInt64 = 24 * 60 * TimeText.minute
    private static let postgresPort: UInt16 = 5_432

    /// Whether the history's database is there and is one. What it holds, the node's figures say.
    mutating func examineHistory(_ configuration: NodeConfiguration) {
        switch configuration.history {
        case .nowhere: report.ok(.history, "none is kept: the API answers from memory only")
        case .sqlite(let path): examineFile(ofHistory: path)
        case .postgres(let url):
            guard let place = Doctor.place(ofPostgres: url) else {
                report.blame(
                    .history, "history.database is no URL of PostgreSQL",
                    "write one such as postgresql://rampart@127.0.0.1/history")
                return
            }
            // The URL may hold a password; only host and port are ever shown.
            if place.isReachable {
                report.ok(.history, "PostgreSQL answers at \(place.text)")
            } else {
                report.blame(
                    .history, "nothing answers at \(place.text)",
                    "start PostgreSQL, or set history.database; the node runs without and catches "
                        + "up when it is back")
            }
        }
    }

    private mutating func examineFile(ofHistory path: String) {
        guard FileAccess.exists(path) else {
            report.ok(.history, "\(path) will be made and filled from the chain")
            return
        }
        do throws(CommandFault) {
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw CommandFault("\(path) cannot be read", exit: ExitCode.noInput)
            }
            let start = (try? handle.read(upToCount: Doctor.databaseStart.count)) ?? Data()
            guard start.isEmpty || Array(start) == Doctor.databaseStart else {
                throw CommandFault("\(path) is no database of SQLite", exit: ExitCode.badInput)
            }
            report.ok(.history, "\(path) is a database of SQLite")
        } catch {
            report.blame(
                .history, error.message, "move it away: it is made again from the chain")
        }
    }

    /// Where a PostgreSQL listens.
    struct PostgresPlace: Equatable {
        /// An empty one is the socket of this machine.
        let host: String
        let port: UInt16

        var text: String { host.isEmpty ? "the socket of port \(port)" : "\(host):\(port)" }

        /// Whether somebody takes a connection there.
        var isReachable: Bool {
            if host.isEmpty || host.hasPrefix("/") {
                let folder = host.isEmpty ? "/var/run/postgresql" : host
                return LocalSocket.connect("\(folder)/.s.PGSQL.\(port)", .stream) != nil
            }
            return Doctor.isListening(host, port)
        }
    }

    /// Host and port of a URL; nil where it is none.
    static func place(ofPostgres url: String) -> PostgresPlace? {
        guard let colon = url.range(of: "://") else { return nil }
        let rest = url[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let address = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        // Of several hosts the first is asked.
        let first = address.prefix { $0 != "," }
        let (host, port) =
            if first.hasPrefix("["), let end = first.firstIndex(of: "]") {
                (first[first.index(after: first.startIndex)..<end], first[end...].dropFirst())
            } else {
                (first.prefix { $0 != ":" }, first.drop { $0 != ":" })
            }
        guard let number = port.isEmpty ? postgresPort : UInt16(port.dropFirst()) else {
            return nil
        }
        return PostgresPlace(
            host: String(host).removingPercentEncoding ?? String(host), port: number)
    }

    /// How old the newest back-up is.
    mutating func examineBackups(_ configuration: NodeConfiguration, _ genesis: Genesis?) {
        guard let path = configuration.backups else {
            report.warn(
                .backups, "backup.directory is not set, so nothing is known of any",
                "set it, and run 'rampart backup' by a timer")
            return
        }
        guard let name = BackupFolder(path: path).names.last else {
            report.warn(.backups, "there is none in \(path)", "run 'rampart backup'")
            return
        }
        let folder = FileAccess.path(name, in: path)
        do throws(CommandFault) {
            let facts = try BackupFacts(of: folder)
            if let genesis, genesis.chain != facts.chain {
                report.blame(.backups, "\(folder) is of another chain", "name another folder")
                return
            }
            let age = context.now() > facts.made ? context.now() - facts.made : 0
            let hours = age / (60 * TimeText.minute)
            let text = "\(folder), block \(facts.tip.height), is \(hours) hours old"
            if age > Doctor.oldBackup {
                report.warn(.backups, text, "run 'rampart backup'; does its timer run?")
            } else {
                report.ok(.backups, text)
            }
        } catch {
            report.blame(.backups, error.message, "'rampart restore --check' says more")
        }
    }

    /// The files that the node opens beside: charts and log.
    mutating func examineFiles(_ configuration: NodeConfiguration) {
        if let path = configuration.dashboardCharts {
            if FileAccess.exists(path) {
                report.ok(.charts, "\(path) is there")
            } else {
                report.warn(
                    .charts, "there is no \(path)",
                    "apt-get install libjs-chart.js, or set dashboard.charts")
            }
        }
        guard let path = configuration.logFile else { return }
        let isThere = FileAccess.exists(path)
        if unsafe access(isThere ? path : FileAccess.folder(of: path), W_OK) == 0 {
            report.ok(.log, "\(path) can be written")
        } else {
            report.blame(
                .log, "\(path) cannot be written: \(FileAccess.reason(errno))",
                "make its folder, owned by the node's user")
        }
    }
}
