/// A machine small enough to be seen through: a block sets and deletes numbered leaves, and counts.
import Canonical
import Cryptography
import FixedPoint

/// What the toy does not take.
enum ToyRefusal: Error, Equatable {
    case malformed, wrongHeight, leaves
}

/// A block of the toy: its height, its time, and entries that set a leaf or delete it.
struct ToyBlock: Equatable {
    var height: UInt64
    var time: Timestamp
    /// An empty value deletes.
    var entries: [(key: UInt16, value: [UInt8])]

    static func == (left: ToyBlock, right: ToyBlock) -> Bool { left.bytes == right.bytes }

    var bytes: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.append(height)
        encoder.append(time)
        encoder.append(UInt32(entries.count))
        for entry in entries {
            encoder.append(entry.key)
            encoder.append(bytes: entry.value)
        }
        return encoder.bytes
    }

    init(height: UInt64, time: Timestamp, entries: [(key: UInt16, value: [UInt8])]) {
        self.height = height
        self.time = time
        self.entries = entries
    }

    init(_ bytes: [UInt8]) throws(DecodingFault) {
        var decoder = CanonicalDecoder(bytes)
        height = try decoder.uint64()
        time = try decoder.timestamp()
        let count = try decoder.listCount(limit: 1 << 16)
        entries = []
        for _ in 0..<count {
            let key = try decoder.uint16()
            entries.append((key, try decoder.byteString(limit: 1 << 16)))
        }
        try decoder.finish()
    }
}

/// The toy: numbered leaves and one that holds height, time and the number of events.
struct ToyMachine: StateMachine {
    let chain: Digest
    private(set) var height: UInt64 = 0
    private(set) var time = Timestamp.epoch
    private(set) var events: UInt64 = 0
    private var state: [[UInt8]: [UInt8]] = [:]
    private var tree = SparseMerkleTree()
    private var changed = LeafList()
    /// Makes the machine wrong at this height: what a bug does to a replica.
    var wrongAt: UInt64?

    static let factsKey: [UInt8] = [0xff, 0, 0]

    var root: Digest { tree.root }

    init(chain: Digest = ToyMachine.chain("toy"), genesisLeaves: Int = 3) {
        self.chain = chain
        var changes = LeafList()
        for index in 0..<genesisLeaves {
            changes.append(key: ToyMachine.key(UInt16(60_000 + index)), value: [1, 2, 3])
        }
        changes.append(key: ToyMachine.factsKey, value: facts)
        take(changes)
        changed = LeafList()
    }

    static func chain(_ name: String) -> Digest { SHA256.digest(Array(name.utf8)) }

    static func key(_ number: UInt16) -> [UInt8] {
        [0, UInt8(number >> 8), UInt8(number & 0xff)]
    }

    private var facts: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.append(height)
        encoder.append(time)
        encoder.append(events)
        return encoder.bytes
    }

    private mutating func take(_ changes: LeafList) {
        for index in 0..<changes.count {
            let value = changes.value(index)
            state[changes.key(index)] = value.isEmpty ? nil : value
        }
        tree.update(keys: changes.keys, values: changes.values)
        changed = changes
    }

    mutating func apply(encoded block: [UInt8]) throws(ToyRefusal) -> AppliedBlock {
        guard let block = try? ToyBlock(block) else { throw .malformed }
        guard block.height == height + 1, block.time > time else { throw .wrongHeight }
        height = block.height
        time = block.time
        let first = events
        var changes = LeafList()
        for (key, value) in block.entries {
            changes.append(key: ToyMachine.key(key), value: value)
            events += 1
        }
        if wrongAt == height { changes.append(key: [9], value: [9]) }
        changes.append(key: ToyMachine.factsKey, value: facts)
        take(changes)
        return AppliedBlock(
            root: root, time: time, firstEvent: first, outcome: [1, 2, 3, UInt8(height & 0xff)])
    }

    func leaves() -> LeafList {
        var list = LeafList()
        for (key, value) in state { list.append(key: key, value: value) }
        return list
    }

    func changedLeaves() -> LeafList { changed }

    mutating func restore(_ leaves: LeafList, root: Digest) throws(ToyRefusal) {
        state = [:]
        tree = SparseMerkleTree()
        for index in 0..<leaves.count where leaves.value(index).isEmpty { throw .leaves }
        take(leaves)
        changed = LeafList()
        guard tree.root == root, let facts = state[ToyMachine.factsKey] else { throw .leaves }
        var decoder = CanonicalDecoder(facts)
        do throws(DecodingFault) {
            height = try decoder.uint64()
            time = try decoder.timestamp()
            events = try decoder.uint64()
            try decoder.finish()
        } catch {
            throw .leaves
        }
    }

    /// The whole state, for comparing two machines.
    var contents: [[UInt8]: [UInt8]] { state }
}
