/// Makes the bytes of attested prices for tests: messages of Wormhole, updates of Pyth, reports of
/// Chainlink. What they are hashed with is handed in, since this imports no room. Signatures are of
/// a model, not of a curve: s is the digest, and r begins with the address of the signer; whoever
/// reads them brings a verifier of the same model.

/// A maker of attested bytes.
public struct AttestedBytes: Sendable {
    /// Keccak-256.
    public let keccak: @Sendable ([UInt8]) -> [UInt8]

    public init(keccak: @escaping @Sendable ([UInt8]) -> [UInt8]) { self.keccak = keccak }

    /// Who signs: the place in the set, and twenty bytes.
    public typealias Guardian = (place: UInt8, address: [UInt8])

    /// Who speaks: the chain's number and 32 bytes.
    public typealias Emitter = (chain: UInt16, address: [UInt8])

    /// An address of one byte, twenty times.
    public static func address(_ number: UInt8) -> [UInt8] {
        [UInt8](repeating: number, count: 20)
    }

    /// A whole number, highest byte first.
    public static func number<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).reversed().map {
            UInt8(truncatingIfNeeded: value >> (Value(truncatingIfNeeded: $0) * 8))
        }
    }

    private static func number(_ value: UInt8) -> [UInt8] { [value] }

    /// r and s of the model.
    private static func halves(_ address: [UInt8], _ digest: [UInt8]) -> [UInt8] {
        address + [UInt8](repeating: 0, count: 12) + digest
    }

    /// A message of Wormhole.
    public func wormhole(
        set: UInt32, guardians: [Guardian], emitter: Emitter, payload: [UInt8],
        time: UInt32 = 1, sequence: UInt64 = 1
    ) -> [UInt8] {
        let head: [[UInt8]] = [
            AttestedBytes.number(time), AttestedBytes.number(UInt32(0)),
            AttestedBytes.number(emitter.chain), emitter.address,
        ]
        let rest: [[UInt8]] = [AttestedBytes.number(sequence), [1], payload]
        let body: [UInt8] = Array((head + rest).joined())
        let digest = keccak(keccak(body))
        var message: [UInt8] = [1] + AttestedBytes.number(set) + [UInt8(guardians.count)]
        for guardian in guardians {
            message.append(guardian.place)
            message += AttestedBytes.halves(guardian.address, digest)
            message.append(0)
        }
        return message + body
    }

    /// What the governance contract says of a new set.
    public static func upgrade(to index: UInt32, guardians: [[UInt8]]) -> [UInt8] {
        let head: [UInt8] = [UInt8](repeating: 0, count: 28) + Array("Core".utf8) + [2, 0, 0]
        return head + number(index) + [UInt8(guardians.count)] + guardians.joined()
    }

    /// A price of Pyth.
    public static func pythPrice(
        feed: [UInt8], price: Int64, confidence: UInt64, exponent: Int32, time: Int64
    ) -> [UInt8] {
        let parts: [[UInt8]] = [
            [0], feed, number(price), number(confidence), number(exponent), number(time),
            number(time &- 1), number(price), number(confidence),
        ]
        return Array(parts.joined())
    }

    /// An update of Pyth with so many prices, in a tree with as many leaves.
    ///
    /// - Parameter sign: makes the message of Wormhole from its payload.
    public func pyth(_ messages: [[UInt8]], sign: ([UInt8]) -> [UInt8]) -> [UInt8] {
        var level = messages.map { Array(keccak([0] + $0)[..<20]) }
        var paths = [[[UInt8]]](repeating: [], count: messages.count)
        var places = Array(messages.indices)
        while level.count > 1 {
            if level.count % 2 == 1 { level.append([UInt8](repeating: 0, count: 20)) }
            for index in places.indices {
                paths[index].append(level[places[index] ^ 1])
                places[index] /= 2
            }
            level = stride(from: 0, to: level.count, by: 2).map {
                let pair = [level[$0], level[$0 + 1]].sorted { $0.lexicographicallyPrecedes($1) }
                return Array(keccak([1] + pair[0] + pair[1])[..<20])
            }
        }
        var payload: [UInt8] = Array("AUWV".utf8) + [0]
        payload += AttestedBytes.number(UInt64(7)) + AttestedBytes.number(UInt32(10_000))
        let message = sign(payload + level[0])
        var update: [UInt8] = Array("PNAU".utf8) + [1, 0, 0, 0]
        update += AttestedBytes.number(UInt16(message.count)) + message
        update.append(UInt8(messages.count))
        for (text, path) in zip(messages, paths) {
            update += AttestedBytes.number(UInt16(text.count)) + text
            update += [UInt8(path.count)] + path.joined()
        }
        return update
    }

    /// A word of the ABI.
    public static func word(_ value: Int128) -> [UInt8] {
        [UInt8](repeating: value < 0 ? 255 : 0, count: 16) + number(value)
    }

    /// The body of a report of schema 3; prices in 10⁻¹⁸, times in seconds.
    public static func market(
        feed: [UInt8], prices: (benchmark: Int128, bid: Int128, ask: Int128),
        start: UInt32, time: UInt32, end: UInt32
    ) -> [UInt8] {
        let times: [Int128] = [Int128(start), Int128(time), 1, 1, Int128(end)]
        let words = times + [prices.benchmark, prices.bid, prices.ask]
        return feed + words.flatMap { word($0) }
    }

    /// A report of Chainlink.
    public func report(
        configuration: [UInt8], body: [UInt8], signers: [[UInt8]]
    ) -> [UInt8] {
        let context: [UInt8] = configuration + AttestedBytes.word(5) + AttestedBytes.word(0)
        let digest = keccak(keccak(body) + context)
        let count = Int128(signers.count)
        let second = Int128(7 * 32 + 32 + body.count)
        let halves = signers.map { AttestedBytes.halves($0, digest) }
        var report = context
        for offset in [Int128(7 * 32), second, second + 32 + 32 * count] {
            report += AttestedBytes.word(offset)
        }
        report += [UInt8](repeating: 0, count: 32)
        report += AttestedBytes.word(Int128(body.count)) + body
        report += AttestedBytes.word(count)
        for half in halves { report += half[..<32] }
        report += AttestedBytes.word(count)
        for half in halves { report += half[32...] }
        return report
    }
}
