/// Many blocks' changes in the order in which the database takes them best, each key once.

import Canonical

/// One change of a leaf among those of many blocks.
struct LeafChange {
    let key: [UInt8]
    /// The key's first bytes as numbers, so that most comparisons are one of words.
    private let head: UInt64
    private let middle: UInt64
    /// The place of its block, and its place in it.
    let block: Int
    let leaf: Int

    init(_ key: [UInt8], block: Int, leaf: Int) {
        self.key = key
        self.block = block
        self.leaf = leaf
        head = LeafChange.word(key, from: 0)
        middle = LeafChange.word(key, from: LeafChange.wordBytes)
    }

    private static let wordBytes = 8

    /// Eight bytes from `start`, the first the highest; zero where the key ends.
    private static func word(_ key: [UInt8], from start: Int) -> UInt64 {
        var word: UInt64 = 0
        for place in start..<(start + wordBytes) {
            word = word << 8 | (place < key.count ? UInt64(key[place]) : 0)
        }
        return word
    }

    /// All changes by key, those of one key the newest first.
    static func ascending(_ blocks: [LeafList]) -> [LeafChange] {
        var changes: [LeafChange] = []
        changes.reserveCapacity(blocks.reduce(0) { $0 + $1.count })
        for (block, leaves) in blocks.enumerated() {
            for leaf in 0..<leaves.count {
                changes.append(LeafChange(leaves.key(leaf), block: block, leaf: leaf))
            }
        }
        changes.sort { $0.precedes($1) }
        return changes
    }

    private func precedes(_ other: LeafChange) -> Bool {
        if head != other.head { return head < other.head }
        if middle != other.middle { return middle < other.middle }
        if key != other.key { return key.lexicographicallyPrecedes(other.key) }
        return block != other.block ? block > other.block : leaf > other.leaf
    }
}
