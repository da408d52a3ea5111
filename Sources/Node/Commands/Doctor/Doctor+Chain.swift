/// What the doctor looks at of the chain: its genesis, the clock it starts by, and where it lies.

import Canonical
import Documents
import FixedPoint
import Foundation
import Glibc
import Ledger

extension Doctor {
    /// Bytes; less stops the node within days. Ours.
    private static let leastSpace: UInt64 = 1 << 30
    /// Bytes; less is gone within weeks. Ours.
    private static let comfortableSpace: UInt64 = 20 << 30

    /// The genesis; nil where it has a fault.
    mutating func examineGenesis(_ configuration: NodeConfiguration) -> Genesis? {
        do throws(CommandFault) {
            let genesis = try GenesisReader.read(configuration.genesis)
            if let fault = NodeProgram.laboratoryFault(genesis) {
                report.blame(.genesis, "\(configuration.genesis) is for laboratories", fault)
                return genesis
            }
            let chain = genesis.chain.storage.hexadecimal
            report.ok(.genesis, "\(configuration.genesis) is valid: chain \(chain)")
            return genesis
        } catch {
            report.blame(
                .genesis, error.message,
                error.exit == ExitCode.badInput
                    ? "mend the line" : "chain.genesis in the configuration names the file")
            return nil
        }
    }

    /// The clock decides the time of blocks, and which prices are fresh.
    mutating func examineClock(_ genesis: Genesis?) {
        guard let genesis else { return }
        let now = context.now()
        let start = genesis.time.nanoseconds
        guard now >= start else {
            report.blame(
                .clock, "it stands \((start - now) / TimeText.second) s before the genesis' time",
                "set the clock (chrony or systemd-timesyncd), or the time in the genesis of a new "
                    + "chain")
            return
        }
        report.ok(.clock, "after the genesis' time")
    }

    /// The folder of the chain.
    mutating func examineData(_ configuration: NodeConfiguration) {
        let folder = configuration.data
        let subject = DoctorCheck.data
        if FileAccess.exists(folder), !FileAccess.isFolder(folder) {
            report.blame(subject, "\(folder) is a file, not a folder", "name another")
            return
        }
        // What is not there yet is made by the node, in the nearest folder that is.
        var there = FileAccess.absolute(folder)
        while !FileAccess.exists(there), there != "/" { there = FileAccess.folder(of: there) }
        guard FileManager.default.isWritableFile(atPath: there) else {
            report.blame(
                subject, "\(there) cannot be written",
                "run the node as its owner, or choose another data.directory")
            return
        }
        let isNew = !FileAccess.exists(folder)
        let state = isNew ? "\(folder) will be made" : "\(folder) can be written"
        var space = statvfs()
        guard unsafe statvfs(there, &space) == 0 else {
            report.warn(subject, "\(state), free space unknown", "look with df")
            return
        }
        let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
        let text = "\(state), \(free >> 30) GiB free"
        if free < Doctor.leastSpace {
            report.blame(subject, text, "free at least 1 GiB: a full disk stops the node")
        } else if free < Doctor.comfortableSpace {
            report.warn(
                subject, text, "give it more, or prune with store.keep-blocks before it is full")
        } else {
            report.ok(subject, text)
        }
    }
}

/// Reads genesis files for commands.
enum GenesisReader {
    /// - Throws: `CommandFault` with the line of the first fault.
    static func read(_ path: String) throws(CommandFault) -> Genesis {
        let bytes = try FileAccess.read(path)
        do throws(InputFault) {
            return try GenesisDocument.genesis(GenesisFile(path: path, bytes: bytes))
        } catch {
            throw CommandFault(error.description, exit: ExitCode.badInput)
        }
    }
}
