/// How the operator of a machine asks the node that runs on it for a copy of its store: a local
/// socket in the data folder, which its owner alone can reach. A copy is made in the data folder
/// and lives as long as the connection on which it was asked for, so whoever takes it away can be
/// killed at any moment and leaves nothing behind.
///
/// The operator says `copy`; the node answers `made HEIGHT HASH`, or `failed WHY`.

import Canonical
import Foundation
import Replication
import Synchronization

/// The socket, the copy, and the words that are spoken.
enum OperatorTalk {
    static let copy = "copy"
    static let made = "made"
    static let failed = "failed"

    /// The socket of a data folder.
    static func socket(_ data: String) -> String { FileAccess.path("OPERATOR", in: data) }

    /// Where the copy of a data folder is made.
    static func copyFolder(_ data: String) -> String { FileAccess.path("copy", in: data) }
}

/// The node's side: one request at a time, on a thread of its own.
final class OperatorDoor: Sendable {
    private let store: BlockStore
    private let log: Log
    private let listener: LocalSocket
    private let guest = Mutex<LocalSocket?>(nil)

    /// So often a copy is tried again that pruning came in the way of.
    private static let tries = 3

    private init(_ store: BlockStore, _ listener: LocalSocket, _ log: Log) {
        self.store = store
        self.listener = listener
        self.log = log
    }

    /// Listens in the folder of a store that this process has open; nil, which is logged, where it
    /// cannot. Until then back-ups wait for the node to be stopped.
    static func open(_ store: BlockStore, _ log: Log) -> OperatorDoor? {
        let folder = OperatorTalk.copyFolder(store.path)
        if FileAccess.exists(folder) { remove(folder, log) }
        let path = OperatorTalk.socket(store.path)
        guard let listener = LocalSocket.listen(at: path, .stream) else {
            log.write(
                .warning, "no back-ups while this runs",
                ["socket": path, "reason": FileAccess.reason(errno)])
            return nil
        }
        let door = OperatorDoor(store, listener, log)
        let thread = Thread { door.run() }
        thread.name = "operator"
        thread.start()
        return door
    }

    /// Nobody is let in any more.
    func close() {
        listener.shut()
        guest.withLock { $0?.shut() }
        unsafe unlink(OperatorTalk.socket(store.path))
    }

    private func run() {
        while let socket = listener.accept() {
            guest.withLock { $0 = socket }
            serve(socket)
            guest.withLock { $0 = nil }
        }
    }

    private func serve(_ socket: LocalSocket) {
        guard let words = socket.line() else { return }
        guard words == OperatorTalk.copy else {
            socket.send("\(OperatorTalk.failed) it knows no '\(words.prefix(40))'\n")
            return
        }
        let folder = OperatorTalk.copyFolder(store.path)
        defer { if FileAccess.exists(folder) { OperatorDoor.remove(folder, log) } }
        do throws(StorageFault) {
            let tip = try copy(to: folder)
            let isTaken = socket.send(
                "\(OperatorTalk.made) \(tip.height) \(tip.hash.hexadecimal)\n")
            log.write(.info, "copy made", ["height": "\(tip.height)"])
            // The copy stays until the other side goes.
            while isTaken, socket.receive() != nil {}
        } catch {
            log.write(.error, "no copy made", ["reason": "\(error)"])
            socket.send("\(OperatorTalk.failed) \(error). \(error.advice)\n")
        }
    }

    private func copy(to folder: String) throws(StorageFault) -> ChainTip {
        for _ in 1..<OperatorDoor.tries {
            do throws(StorageFault) {
                return try store.checkpoint(at: folder)
            } catch {
                guard case .missingBlock = error else { throw error }
                OperatorDoor.remove(folder, log)
            }
        }
        return try store.checkpoint(at: folder)
    }

    private static func remove(_ folder: String, _ log: Log) {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            log.write(.warning, "copy not removed", ["folder": folder, "reason": "\(error)"])
        }
    }
}

/// The operator's side: a copy of a store for as long as this lives, whether a node runs or not.
final class StoreCopy {
    /// The copy, a store like any other.
    let folder: String
    /// At which block it stands.
    let tip: ChainTip
    /// Nil where no node runs.
    private let socket: LocalSocket?

    /// - Throws: `CommandFault` where there is no store, or it cannot be copied.
    init(_ chain: ChainStore) throws(CommandFault) {
        let data = chain.configuration.data
        folder = OperatorTalk.copyFolder(data)
        socket = LocalSocket.connect(OperatorTalk.socket(data), .stream)
        if let socket {
            tip = try StoreCopy.ask(socket, data)
            return
        }
        let folder = folder
        tip = try ChainStore.guarded { () throws(StorageFault) in
            let store = try chain.open()
            // Nobody else has the store open, so what lies there is left over.
            StoreCopy.remove(folder)
            let tip = try store.checkpoint(at: folder)
            try store.close()
            return tip
        }
    }

    deinit { if socket == nil { StoreCopy.remove(folder) } }

    private static func remove(_ folder: String) {
        guard FileAccess.exists(folder) else { return }
        _ = try? FileManager.default.removeItem(atPath: folder)
    }

    private static func ask(
        _ socket: LocalSocket, _ data: String
    ) throws(CommandFault) -> ChainTip {
        socket.send(OperatorTalk.copy + "\n")
        guard let answer = socket.line() else {
            throw CommandFault(
                "the node that has \(data) open went away; ask again when it is back",
                exit: ExitCode.unavailable)
        }
        let words = answer.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, words[0] == OperatorTalk.made, let height = UInt64(words[1]),
            let bytes = HexText.bytes(words[2]), bytes.count == Bytes32.byteCount
        else {
            throw CommandFault(
                "the node makes no copy: \(answer.dropFirst(OperatorTalk.failed.count + 1))",
                exit: ExitCode.unavailable)
        }
        return ChainTip(height: height, hash: Digest(Bytes32(bytes)))
    }
}
