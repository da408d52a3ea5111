/// A stretch of a chain's blocks in one file, for an archive, an auditor, or a node that cannot be
/// reached over a network. Each chunk is one record; the first says which chain and which heights.

package import Canonical

/// What a block log holds.
package struct BlockLogFacts: Equatable, Sendable {
    /// The chain's identifier.
    package var chain: Digest
    /// The heights, both included.
    package var heights: ClosedRange<UInt64>
}

extension BlockLogFacts: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(chain)
        encoder.append(heights.lowerBound)
        encoder.append(heights.upperBound)
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        chain = try decoder.value()
        let first = try decoder.uint64()
        let last = try decoder.uint64()
        guard first >= 1, first <= last else { throw DecodingFault(.outOfRange, at: start) }
        heights = first...last
    }
}

/// Reading block logs.
package enum BlockLog {
    /// Reads a whole file, record by record. That records follow each other is for whoever takes
    /// them to check.
    ///
    /// - Throws: `StorageFault`: `.wrongChain`, `.unknownVersion`, `.corrupted`, `.truncated`,
    ///   `.wrongHeights`, or what `body` throws.
    package static func read(
        _ path: String, chain: Digest, _ body: (BlockRecord) throws(StorageFault) -> Void
    ) throws(StorageFault) -> BlockLogFacts {
        var reader = try ArchiveReader(path, .blockLog)
        guard let head = try reader.next() else { throw .truncated(file: path) }
        let facts = try BlockLogFacts(stored: head, in: path)
        guard facts.chain == chain else { throw .wrongChain(expected: chain, found: facts.chain) }
        var expected = facts.heights.lowerBound
        while let chunk = try reader.next() {
            let record = try BlockRecord(stored: chunk, in: path)
            guard record.header.height == expected, expected <= facts.heights.upperBound else {
                throw .wrongHeights(file: path, expected: expected, found: record.header.height)
            }
            try body(record)
            expected += 1
        }
        guard expected == facts.heights.upperBound + 1 else { throw .truncated(file: path) }
        return facts
    }
}

extension BlockStore {
    /// Writes blocks with their headers and outcomes to a file.
    ///
    /// - Throws: `StorageFault.missingBlock` where one is not kept or not yet there, `.notEmpty`.
    package func exportBlocks(
        _ heights: ClosedRange<UInt64>, to path: String
    ) throws(StorageFault) {
        // Both ends first, so that a typing error does not leave half a file.
        for height in [heights.lowerBound, heights.upperBound] {
            guard try header(at: height) != nil else { throw .missingBlock(height: height) }
        }
        var writer = try ArchiveWriter(path, .blockLog)
        try writer.write(BlockLogFacts(chain: chain, heights: heights).canonicalBytes)
        for height in heights { try writer.write(try record(at: height).canonicalBytes) }
        try writer.finish()
    }

    /// Applies and stores the blocks of a file that lie behind the tip; those before must be the
    /// same as the store's. The machine must stand at the tip.
    ///
    /// - Throws: `StorageFault`: what `BlockLog.read` and `append` throw; the blocks before the one
    ///   that is refused are stored.
    /// - Returns: how many blocks were new.
    package func importBlocks<Machine: StateMachine & ~Copyable>(
        _ path: String, applyingTo machine: inout Machine
    ) throws(StorageFault) -> UInt64 {
        var count: UInt64 = 0
        _ = try BlockLog.read(path, chain: chain) { (record) throws(StorageFault) in
            let height = record.header.height
            let tip = chainTip.height
            guard height <= tip + 1 else {
                throw .wrongHeights(file: path, expected: tip + 1, found: height)
            }
            if height == tip + 1 {
                try append(record, applyingTo: &machine)
                count += 1
            } else if let own = try header(at: height), own != record.header {
                throw .brokenChain(height: height, fault: .previous)
            }
        }
        return count
    }
}
