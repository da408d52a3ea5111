/// What can be wrong with what is kept on disk or came from elsewhere. Each case names the file or
/// the height, and `advice` says what to do; none is ever answered by going on with less.

package import Canonical
import Glibc

/// Why a store does not open, write, read or agree.
package enum StorageFault: Error, Equatable, Sendable {
    /// There is no store in the folder.
    case absent(folder: String)
    /// A store should be created where something is already.
    case notEmpty(folder: String)
    /// The creation of the store was interrupted; nothing in it was ever acknowledged.
    case unfinished(folder: String)
    /// Another process has the store open.
    case locked(folder: String)
    /// No room is left.
    case diskFull(file: String, reason: String)
    /// The system refused to read or write.
    case inaccessible(file: String, reason: String)
    /// What a file holds is not what was written.
    case corrupted(file: String, reason: String)
    /// A file ends too early.
    case truncated(file: String)
    /// A file was written by another version.
    case unknownVersion(file: String, found: UInt32)
    /// The file or message belongs to another chain.
    case wrongChain(expected: Digest, found: Digest)
    /// The file that says what was acknowledged last cannot be relied on.
    case tipDamaged(file: String)
    /// Blocks that were acknowledged are gone.
    case tipLost(acknowledged: UInt64, found: UInt64)
    /// The store holds another block at this height than the one that was acknowledged.
    case tipDiffers(height: UInt64)
    /// A block between the leaves and the tip is gone, or was pruned.
    case missingBlock(height: UInt64)
    /// A header does not follow the one before, or a block is not the one that its header names.
    case brokenChain(height: UInt64, fault: ChainFault)
    /// The machine refused a block that once was applied.
    case refusedBlock(height: UInt64, reason: String)
    /// The machine refused the leaves of this height.
    case refusedLeaves(height: UInt64, reason: String)
    /// The machine came to another result than the block's header says.
    case diverged(height: UInt64, in: Divergence)
    /// A higher term has been promised: another node leads.
    case staleTerm(promised: UInt64, found: UInt64)
    /// An earlier write failed; `recover` comes before the next one.
    case interrupted(folder: String)
    /// Blocks cannot be pruned as far as this.
    case unprunable(below: UInt64, allowed: UInt64)
    /// The file holds other heights than the ones that were asked for.
    case wrongHeights(file: String, expected: UInt64, found: UInt64)
}

/// In what a replay differs from the record.
package enum Divergence: UInt8, Sendable {
    /// The root of the state.
    case root = 1
    /// The time that the block states.
    case time = 2
    /// The number of the first event.
    case firstEvent = 3
    /// Receipts or events.
    case outcome = 4
}

extension StorageFault {
    /// The fault behind an error number of the system.
    static func system(_ number: Int32, file: String) -> StorageFault {
        let reason = unsafe String(cString: strerror(number))
        return switch number {
        case ENOSPC, EDQUOT, EFBIG: .diskFull(file: file, reason: reason)
        case EWOULDBLOCK: .locked(folder: file)
        case ENOENT: .absent(folder: file)
        default: .inaccessible(file: file, reason: reason)
        }
    }

    /// The fault behind a message of RocksDB, which puts the kind in front and the system's words
    /// behind.
    static func database(_ message: String, folder: String) -> StorageFault {
        let full = [ENOSPC, EDQUOT, EFBIG].contains { number in
            message.contains(unsafe String(cString: strerror(number)))
        }
        if full { return .diskFull(file: folder, reason: message) }
        if message.contains("lock hold by current process") || message.contains("/LOCK:") {
            return .locked(folder: folder)
        }
        if message.hasPrefix("Corruption") || message.contains("No such file") {
            return .corrupted(file: folder, reason: message)
        }
        if message.hasPrefix("Invalid argument") || message.hasPrefix("Not implemented") {
            return .corrupted(file: folder, reason: message)
        }
        return .inaccessible(file: folder, reason: message)
    }
}
