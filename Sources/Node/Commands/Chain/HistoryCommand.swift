/// `rampart history rebuild`, `verify` and `status`: the history made again from the block log,
/// compared with one that is, and asked where it stands.

import Canonical
import Foundation
import Glibc
import History
import JSON
import Ledger
import Replication

/// Commands about the history, while no node runs.
enum HistoryCommand {
    private static let json = CommandFlag("--json", nil, "the answer as one JSON object")

    static let rebuild = CommandShape(
        "history rebuild", "Make the history again from the block log",
        flags: [NodeCommand.configFlag, json], takesSettings: true,
        details: """
            The node must not be running. Every block is replayed from the genesis on, and what it
            does compared with what is recorded: a log that does not verify makes no history. The
            new history is made beside the old one and takes its place when it is whole; where
            something fails, the old one stays as it was.

            Exit codes: 0 made · 65 the log does not verify · 69 the database does not answer
            """)

    static let verify = CommandShape(
        "history verify", "Compare the history row for row with one made from the block log",
        flags: [NodeCommand.configFlag, json], takesSettings: true,
        details: """
            The node must not be running. A second history is made in the data folder, compared and
            removed. What the history has not taken in yet is not missed.

            Exit codes: 0 every row is equal · 1 one differs, and which · 65 the log does not verify
            """)

    static let status = CommandShape(
        "history status", "Say where the history stands",
        flags: [NodeCommand.configFlag, json], takesSettings: true,
        details: """
            The node may be running; then the chain's own height is not looked at (see
            rampart_history_lag in its /metrics).

            Exit codes: 0 there is a history · 66 there is none · 69 its database does not answer
            """)

    static func run(
        _ shape: CommandShape, _ words: [String], _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        guard configuration.history != .nowhere else {
            throw CommandFault(
                "history.database is none, so no history is kept: name a file or the URL of a "
                    + "PostgreSQL database", exit: ExitCode.badConfiguration)
        }
        let chain = try ChainStore(configuration, context)
        let report: HistoryReport
        switch shape {
        case rebuild: report = try rebuilt(chain)
        case verify: report = try verified(chain)
        default: report = try standing(chain)
        }
        context.write(arguments.has("--json") ? report.value.compactText + "\n" : report.text)
        return report.exit
    }

    // Rebuild.

    private static func rebuilt(_ chain: ChainStore) throws(CommandFault) -> HistoryReport {
        let began = MonotonicTime.now
        let mark = try made(chain, at: chain.configuration.history, upTo: nil)
        let seconds = Double(MonotonicTime.now - began) / 1_000_000_000
        return HistoryReport(
            "the history stands at block \(mark?.height ?? 0), made in "
                + "\(Int(seconds.rounded(.up))) s\n",
            [
                JSON.Member("height", .number(JSON.Number(Int64(mark?.height ?? 0)))),
                JSON.Member("hash", .string(mark?.hash.hexadecimal ?? "")),
                JSON.Member("seconds", .number(JSON.Number(Int64(seconds.rounded(.up))))),
            ])
    }

    /// Makes a history from the first block on.
    ///
    /// - Parameter height: the last block; nil for the tip.
    private static func made(
        _ chain: ChainStore, at location: HistoryLocation, upTo height: UInt64?
    ) throws(CommandFault) -> HistoryMark? {
        let store = try ChainStore.guarded { () throws(StorageFault) in try chain.open() }
        var source = VerifiedBlocks(
            store, chain.machine(), upTo: height ?? store.chainTip.height
        ) { chain.show($0, of: $1) }
        let mark: HistoryMark?
        do throws(RebuildFault<StorageFault>) {
            mark = try HistoryRebuild.run(location, genesis: chain.genesis, from: &source)
        } catch {
            switch error {
            case .source(let fault):
                throw CommandFault(
                    "no history is made, since the block log does not verify: "
                        + "\(fault.description). \(fault.advice)", exit: fault.exit)
            case .history(let fault): throw CommandFault(fault)
            }
        }
        try ChainStore.guarded { () throws(StorageFault) in try store.close() }
        return mark
    }

    // Verify.

    private static func verified(_ chain: ChainStore) throws(CommandFault) -> HistoryReport {
        let path = FileAccess.path(
            "history-\(UUID().uuidString).sqlite", in: chain.configuration.data)
        defer {
            for ending in ["", "-wal", "-shm"] { _ = unsafe unlink(path + ending) }
        }
        let kept = try opened(chain)
        let mark = try guarded { () throws(HistoryFault) in try kept.mark() }
        _ = try made(chain, at: .sqlite(path: path), upTo: mark?.height ?? 0)
        let difference = try guarded { () throws(HistoryFault) in
            let again = try HistoryStore(
                .sqlite(path: path), chain: chain.genesis.chain, mode: .reading)
            return try HistoryComparison.difference(kept, again)
        }
        let height = mark?.height ?? 0
        var members = [
            JSON.Member("height", .number(JSON.Number(Int64(height)))),
            JSON.Member("equal", .boolean(difference == nil)),
        ]
        guard let difference else {
            return HistoryReport(
                "every row up to block \(height) is what the chain makes\n", members)
        }
        members.append(JSON.Member("difference", .string(difference.description)))
        return HistoryReport(
            "the history (first) is not what the chain makes (second): \(difference); "
                + "run 'rampart history rebuild'\n", members, exit: ExitCode.refused)
    }

    // Status.

    private static func standing(_ chain: ChainStore) throws(CommandFault) -> HistoryReport {
        let store = try opened(chain)
        let (mark, name, counts) = try guarded { () throws(HistoryFault) in
            var counts: [(String, Int)] = []
            for table in Schema.tables { counts.append((table.name, try store.count(of: table))) }
            return (try store.mark(), store.database.name, counts)
        }
        let tip = chainHeight(chain)
        let height = mark?.height ?? 0
        var text = "\(name)\n  block \(height)"
        if let tip { text += " of \(tip)" }
        text += "\n"
        for (table, count) in counts { text += "  \(table.padded(to: 14))\(count) rows\n" }
        return HistoryReport(
            text,
            [
                JSON.Member("database", .string(name)),
                JSON.Member("height", .number(JSON.Number(Int64(height)))),
                JSON.Member("hash", .string(mark?.hash.hexadecimal ?? "")),
                JSON.Member("chain_height", tip.map { .number(JSON.Number(Int64($0))) } ?? .null),
                JSON.Member(
                    "rows",
                    .object(counts.map { JSON.Member($0.0, .number(JSON.Number(Int64($0.1)))) })),
            ])
    }

    /// The height of the chain on disk; nil while a node has it open, or where there is none.
    private static func chainHeight(_ chain: ChainStore) -> UInt64? {
        do throws(StorageFault) {
            let store = try chain.open()
            let height = store.chainTip.height
            try store.close()
            return height
        } catch {
            return nil
        }
    }

    private static func opened(_ chain: ChainStore) throws(CommandFault) -> HistoryStore {
        try guarded { () throws(HistoryFault) in
            try HistoryStore(
                chain.configuration.history, chain: chain.genesis.chain, mode: .reading)
        }
    }

    private static func guarded<Result>(
        _ body: () throws(HistoryFault) -> Result
    ) throws(CommandFault) -> Result {
        do throws(HistoryFault) { return try body() } catch { throw CommandFault(error) }
    }
}

/// What a command about the history answers, to people and to scripts.
private struct HistoryReport {
    let text: String
    let value: JSON.Value
    let exit: Int32

    init(_ text: String, _ members: [JSON.Member], exit: Int32 = ExitCode.done) {
        self.text = text
        value = .object(members)
        self.exit = exit
    }
}

extension CommandFault {
    fileprivate init(_ fault: HistoryFault) {
        let exit =
            switch fault {
            case .unavailable, .busy: ExitCode.unavailable
            case .missing: ExitCode.noInput
            default: ExitCode.badInput
            }
        self.init(fault.description, exit: exit)
    }
}
