/// Faults of storage in words: what is wrong, and what an operator does about it.

import Canonical

extension StorageFault: CustomStringConvertible {
    /// One line: what is wrong and where.
    package var description: String {
        switch self {
        case .absent(let folder): "there is no store at \(folder)"
        case .notEmpty(let folder): "\(folder) is not empty"
        case .unfinished(let folder): "the store at \(folder) was never finished"
        case .locked(let folder): "another process has the store at \(folder) open"
        case .diskFull(let file, let reason): "no room left for \(file): \(reason)"
        case .inaccessible(let file, let reason): "\(file): \(reason)"
        case .corrupted(let file, let reason): "\(file) is corrupted: \(reason)"
        case .truncated(let file): "\(file) ends too early"
        case .unknownVersion(let file, let found): "\(file) has the unknown version \(found)"
        case .wrongChain(let expected, let found):
            "chain \(found.hexadecimal) stands where \(expected.hexadecimal) is wanted"
        case .tipDamaged(let file): "\(file) does not say reliably what was acknowledged last"
        case .tipLost(let acknowledged, let found):
            "block \(acknowledged) was acknowledged, the store ends at \(found)"
        case .tipDiffers(let height): "block \(height) is not the one that was acknowledged"
        case .missingBlock(let height): "block \(height) is not in the store"
        case .brokenChain(let height, let fault): "block \(height) does not follow: \(fault)"
        case .refusedBlock(let height, let reason): "block \(height) is refused: \(reason)"
        case .refusedLeaves(let height, let reason):
            "the leaves of height \(height) are refused: \(reason)"
        case .diverged(let height, let divergence): "block \(height) differs in its \(divergence)"
        case .staleTerm(let promised, let found):
            "another node leads: term \(found) is over, term \(promised) has been promised"
        case .interrupted(let folder): "an earlier write to \(folder) failed"
        case .unprunable(let below, let allowed):
            "blocks below \(below) cannot go, only those below \(allowed)"
        case .wrongHeights(let file, let expected, let found):
            "\(file) has height \(found) where \(expected) is wanted"
        }
    }

    /// What to do about it, one sentence.
    package var advice: String {
        switch self {
        case .absent: "Name the right folder, or create a store with `rampart init` or `import`."
        case .notEmpty: "Name an empty folder."
        case .unfinished: "Delete the folder and create or import the store again."
        case .locked: "Stop the other process, or name another folder."
        case .diskFull: "Make room; nothing acknowledged is lost, and the store opens again."
        case .inaccessible: "Check the disk, the owner and the rights of the file."
        case .corrupted, .truncated, .tipLost, .tipDamaged, .tipDiffers, .missingBlock:
            "Keep a copy of the folder, then import a snapshot or follow another node."
        case .unknownVersion: "Use the program that wrote it, or a newer one."
        case .wrongChain: "Use the genesis that the store was created with."
        case .brokenChain, .refusedBlock, .refusedLeaves, .diverged:
            "Check that the program's version is the one that made the chain; do not serve."
        case .staleTerm: "Stop this node; start it again as a follower of the one that leads."
        case .interrupted: "Remove the cause of the first fault and recover the store."
        case .unprunable: "Keep more blocks, or wait until leaves have been written."
        case .wrongHeights: "Name the file that starts where the store ends."
        }
    }
}

extension Digest {
    private static let digits = Array("0123456789abcdef".utf8)
    private static let digitBits = 4

    /// Sixty-four lower-case digits.
    package var hexadecimal: String {
        var text: [UInt8] = []
        for byte in storage.bytes {
            text.append(Digest.digits[Int(byte >> Digest.digitBits)])
            text.append(Digest.digits[Int(byte & 0xf)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension ReplicationRefusal {
    /// What it means to an operator, and what to do.
    package var advice: String {
        switch self {
        case .unknownVersion(let version):
            "it speaks version \(version) of the protocol; run the same program on both."
        case .wrongChain(let chain):
            "it has chain \(chain.hexadecimal); give both nodes the same genesis."
        case .fork(let height):
            "block \(height) here is not its own, so this store has blocks that nobody was told "
                + "of; move the folder away and import a snapshot of the leader, or start empty."
        case .pruned(let firstBlock):
            "it keeps blocks from \(firstBlock) only; import one of its snapshots first."
        case .staleTerm(let promised):
            "term \(promised) has been promised by another node; follow that one."
        }
    }
}
