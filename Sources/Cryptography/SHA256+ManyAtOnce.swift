/// SHA-256 of many independent messages, eight per step, one per lane of a 256-bit vector. The
/// state tree is hashed level by level through here; nodes and leaves have one fixed shape of 65
/// bytes (a tag and two digests), whose words are put together by shifts without touching bytes.
/// The results are those of `SHA256.digest`, message by message. Source: FIPS 180-4; the layout of
/// lanes follows Gueron and Krasnov, "Simultaneous hashing of multiple messages" (2012).
public import Canonical

extension SHA256 {
    /// The byte before the two digests of a leaf: its hashed key and its hashed value.
    public static let leafTag: UInt8 = 0
    /// The byte before the two digests of a node: its left and its right child.
    public static let nodeTag: UInt8 = 1

    /// The hash of the 65 bytes `tag ‖ left ‖ right`.
    public static func digest(tag: UInt8, _ left: Digest, _ right: Digest) -> Digest {
        var hash = SHA256()
        hash.update(tag)
        hash.update(left)
        hash.update(right)
        return hash.finalize()
    }

    /// The hashes of the 65-byte messages `tag ‖ left[i] ‖ right[i]`, in order.
    ///
    /// - Precondition: `left` and `right` have the same count.
    /// - Complexity: two compressions per message, eight messages at a time.
    public static func digests(tag: UInt8, _ left: [Digest], _ right: [Digest]) -> [Digest] {
        precondition(left.count == right.count, "Invariant: each left digest has a right one")
        var out = [Digest](repeating: .zero, count: left.count)
        forEachTaggedPair(tag: tag, count: left.count) { index in
            (left[index], right[index])
        } store: { index, digest in
            out[index] = digest
        }
        return out
    }

    /// Hashes `count` 65-byte messages, eight at a time: reads the two digests of message `index`
    /// with `load` and hands its hash to `store`, in order within each step of eight. A `store` is
    /// seen by every `load` of a later step only, so no message may depend on another of this call.
    @inline(__always)
    static func forEachTaggedPair(
        tag: UInt8, count: Int,
        load: (Int) -> (Digest, Digest), store: (Int, Digest) -> Void
    ) {
        var index = 0
        while index < count {
            let lanes = min(8, count &- index)
            var left = EightDigests()
            var right = EightDigests()
            for lane in 0..<lanes {
                let pair = load(index &+ lane)
                left.digests[lane] = pair.0.storage
                right.digests[lane] = pair.1.storage
            }
            let state = absorbTaggedPairs(tag: tag, left, right)
            for lane in 0..<lanes { store(index &+ lane, state.digest(lane)) }
            index &+= 8
        }
    }

    /// The hashes of `messages`, in order. O(total length).
    public static func digests(_ messages: [[UInt8]]) -> [Digest] {
        digests(ByteStrings(messages))
    }

    /// The hashes of `messages`, in order. O(total length).
    ///
    /// Messages of the same number of 64-byte blocks are hashed together, eight at a time.
    public static func digests(_ messages: ByteStrings) -> [Digest] {
        var out = [Digest](repeating: .zero, count: messages.count)
        let (order, starts) = orderedByBlocks(messages)
        let storage = messages.storage
        for blocks in 0..<(starts.count - 1) {
            var start = starts[blocks]
            while start < starts[blocks + 1] {
                let end = min(start + 8, starts[blocks + 1])
                if end - start < minimumForLanes {
                    for position in start..<end {
                        let index = Int(order[position])
                        out[index] = digest(storage, messages.range(of: index))
                    }
                } else {
                    hashTogether(messages, order, start..<end, blocks: blocks, into: &out)
                }
                start = end
            }
        }
        return out
    }

    /// The SHA-256 hash of `bytes[range]`.
    private static func digest(_ bytes: [UInt8], _ range: Range<Int>) -> Digest {
        var hash = SHA256()
        hash.update(bytes.span.extracting(range))
        return hash.finalize()
    }

    /// Below this many messages the lanes cost more than they save.
    private static let minimumForLanes = 3

    /// The number of 64-byte blocks of a padded message of `length` bytes.
    @inline(__always)
    private static func blockCount(_ length: Int) -> Int { (length &+ 8) / 64 &+ 1 }

    /// The indices of `messages` by their number of blocks, and where each number starts.
    private static func orderedByBlocks(_ messages: ByteStrings) -> ([Int32], [Int]) {
        var longest = 0
        for index in 0..<messages.count {
            longest = max(longest, messages.range(of: index).count)
        }
        var starts = [Int](repeating: 0, count: blockCount(longest) + 2)
        for index in 0..<messages.count {
            starts[blockCount(messages.range(of: index).count) + 1] += 1
        }
        for blocks in 1..<starts.count { starts[blocks] += starts[blocks - 1] }
        var next = starts
        var order = [Int32](repeating: 0, count: messages.count)
        for index in 0..<messages.count {
            let blocks = blockCount(messages.range(of: index).count)
            order[next[blocks]] = Int32(truncatingIfNeeded: index)
            next[blocks] += 1
        }
        return (order, starts)
    }

    private static func hashTogether(
        _ messages: ByteStrings, _ order: [Int32], _ range: Range<Int>, blocks: Int,
        into out: inout [Digest]
    ) {
        let storage = messages.storage
        var state = SHA256State<EightWords>()
        for block in 0..<blocks {
            var words = InlineArray<16, SIMD8<UInt32>>(repeating: SIMD8(repeating: 0))
            for position in range {
                let message = messages.range(of: Int(order[position]))
                fill(
                    &words, lane: position &- range.lowerBound,
                    from: storage.span.extracting(message), block: block)
            }
            state.absorb(InlineArray { index in EightWords(words[index]) })
        }
        for position in range {
            out[Int(order[position])] = state.digest(position &- range.lowerBound)
        }
    }

    /// Puts block `block` of the padded `message` into lane `lane` of `words`.
    @inline(__always)
    private static func fill(
        _ words: inout InlineArray<16, SIMD8<UInt32>>, lane: Int,
        from message: borrowing Span<UInt8>, block: Int
    ) {
        let start = block &* 64
        let whole = min(16, max(0, message.count &- start) / 4)
        for word in 0..<whole {
            words[word][lane] = bigEndian(message, at: start &+ word &* 4)
        }
        if whole == 16 { return }
        let end = start &+ whole &* 4
        if message.count >= end {
            var last: UInt32 = 0x8000_0000
            for index in (end..<message.count).reversed() {
                last = (last &>> 8) | (UInt32(message[index]) &<< 24)
            }
            words[whole][lane] = last
        }
        if message.count &+ 9 <= start &+ 64 {
            let bitCount = UInt64(message.count) &* 8
            words[14][lane] = UInt32(truncatingIfNeeded: bitCount &>> 32)
            words[15][lane] = UInt32(truncatingIfNeeded: bitCount)
        }
    }

    /// The word at `offset`, its first byte highest.
    @inline(__always)
    private static func bigEndian(_ message: borrowing Span<UInt8>, at offset: Int) -> UInt32 {
        // The load compares its place with the end of the span.
        unsafe UInt32(
            bigEndian: message.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The states after `tag ‖ left ‖ right` and its padding, lane by lane.
    private static func absorbTaggedPairs(
        tag: UInt8, _ left: EightDigests, _ right: EightDigests
    ) -> SHA256State<EightWords> {
        let byte = SIMD8<UInt32>(repeating: 8)
        let rest = SIMD8<UInt32>(repeating: 24)
        var carried = SIMD8(repeating: UInt32(tag) &<< 24)
        var block = InlineArray<16, EightWords>(repeating: EightWords(broadcasting: 0))
        let leftWords = left.words
        let rightWords = right.words
        for index in 0..<8 {
            let word = leftWords[index]
            block[index] = EightWords(carried | (word &>> byte))
            carried = word &<< rest
        }
        for index in 0..<8 {
            let word = rightWords[index]
            block[index &+ 8] = EightWords(carried | (word &>> byte))
            carried = word &<< rest
        }
        var state = SHA256State<EightWords>()
        state.absorb(block)
        var padding = InlineArray<16, EightWords>(repeating: EightWords(broadcasting: 0))
        padding[0] = EightWords(carried | SIMD8(repeating: 0x0080_0000))
        padding[15] = EightWords(broadcasting: 65 * 8)
        state.absorb(padding)
        return state
    }
}

/// Eight digests, and their words turned into lanes.
struct EightDigests {
    var digests = InlineArray<8, Bytes32>(repeating: Bytes32())

    /// Big-endian words `2 * index` and `2 * index + 1` of the eight digests, given the machine
    /// words that hold both.
    @inline(__always)
    private func lanes(
        _ word: (Bytes32) -> UInt64
    ) -> (SIMD8<UInt32>, SIMD8<UInt32>) {
        let all = SIMD8<UInt64>(
            word(digests[0]), word(digests[1]), word(digests[2]), word(digests[3]),
            word(digests[4]), word(digests[5]), word(digests[6]), word(digests[7]))
        let low = SIMD8<UInt32>(truncatingIfNeeded: all)
        let high = SIMD8<UInt32>(truncatingIfNeeded: all &>> SIMD8(repeating: 32))
        return (Self.byteSwapped(low), Self.byteSwapped(high))
    }

    @inline(__always)
    private static func byteSwapped(_ x: SIMD8<UInt32>) -> SIMD8<UInt32> {
        let inner = SIMD8<UInt32>(repeating: 0x00ff_00ff)
        let eight = SIMD8<UInt32>(repeating: 8)
        let sixteen = SIMD8<UInt32>(repeating: 16)
        let pairs = ((x & inner) &<< eight) | ((x &>> eight) & inner)
        return (pairs &<< sixteen) | (pairs &>> sixteen)
    }

    /// The eight big-endian words, each with one lane per digest.
    @inline(__always)
    var words: InlineArray<8, SIMD8<UInt32>> {
        let (a, b) = lanes { $0.word0 }
        let (c, d) = lanes { $0.word1 }
        let (e, f) = lanes { $0.word2 }
        let (g, h) = lanes { $0.word3 }
        return [a, b, c, d, e, f, g, h]
    }
}

extension SHA256State<EightWords> {
    /// The digest of lane `lane`, in `0 ..< 8`.
    @inline(__always)
    func digest(_ lane: Int) -> Digest {
        Digest(
            bigEndianWords: a.lanes[lane], b.lanes[lane], c.lanes[lane], d.lanes[lane],
            e.lanes[lane], f.lanes[lane], g.lanes[lane], h.lanes[lane])
    }
}
