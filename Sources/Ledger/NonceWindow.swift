/// Which nonces a signer has used. Transactions of one signer may arrive out of order, as far as
/// the window reaches; none runs twice; and what lies below the window is refused as too old. The
/// window belongs to the signer (an account's master, one of its agent slots, the custodian, the
/// operator), not to the key: it outlives the key's rotation and the agent's revocation, so that a
/// key which comes back does not bring its old transactions with it (decision 0012). Source of the
/// sliding mask: RFC 4303, section 3.4.3.

public import Canonical
public import FixedPoint

/// The highest nonce that was used, and which of the 256 up to it were.
public struct NonceWindow: Equatable, Sendable {
    /// How many nonces, up to the highest, are told apart.
    public static let width: UInt64 = 256
    /// How far a nonce may lie above both the highest used and the block's time in nanoseconds.
    ///
    /// Counters, and times in any unit up to nanoseconds, are nonces; 2⁴⁰ nanoseconds are 18
    /// minutes. A nonce that is far off by mistake is refused, and one inside the limit leaves
    /// room for 2²³ more such steps: no mistake locks a signer out.
    public static let farthestStep: UInt64 = 1 << 40

    /// The highest nonce that was used; 0 is none.
    public private(set) var highest: UInt64 = 0
    /// Bit `i` stands for the nonce `highest - i`; bits 0 to 127.
    private var low: UInt128 = 0
    /// Bits 128 to 255.
    private var high: UInt128 = 0

    /// Nothing used.
    public init() {}

    /// Why a nonce may not be used in a block of this time; nil if it may.
    public func refusal(of nonce: UInt64, at time: Timestamp) -> Refusal? {
        guard nonce <= highest else {
            let origin = max(highest, time.nanoseconds)
            return nonce > origin && nonce - origin > NonceWindow.farthestStep
                ? .nonceTooFar : nil
        }
        let distance = highest - nonce
        if distance >= NonceWindow.width { return .nonceTooOld }
        return nonce == 0 || isUsed(distance) ? .nonceUsed : nil
    }

    /// Takes note of a nonce.
    ///
    /// - Precondition: it is not below the window.
    mutating func use(_ nonce: UInt64) {
        if nonce > highest {
            shift(by: nonce - highest)
            highest = nonce
        }
        let distance = highest - nonce
        precondition(
            distance < NonceWindow.width,
            "Invariant: nonce \(nonce) lies in the window below \(highest)")
        if distance < NonceWindow.half {
            low |= 1 << UInt128(distance)
        } else {
            high |= 1 << UInt128(distance - NonceWindow.half)
        }
    }

    /// The lowest nonce that may still be used, if it has not been.
    public var lowest: UInt64 {
        highest >= NonceWindow.width ? highest - NonceWindow.width + 1 : 1
    }

    private static var half: UInt64 { width / 2 }

    private func isUsed(_ distance: UInt64) -> Bool {
        distance < NonceWindow.half
            ? low >> UInt128(distance) & 1 == 1
            : high >> UInt128(distance - NonceWindow.half) & 1 == 1
    }

    /// Makes room for `distance` higher nonces.
    ///
    /// - Precondition: `distance` is positive.
    private mutating func shift(by distance: UInt64) {
        guard distance < NonceWindow.width else {
            low = 0
            high = 0
            return
        }
        let step = Int(distance)
        let half = Int(NonceWindow.half)
        // A shift by a negative number goes the other way, and one beyond the width leaves zero.
        high = high << step | low >> (half - step)
        low = low << step
    }

    /// Whether the mask says something of `highest`, and nothing of nonces below 1.
    private var isSound: Bool {
        guard highest > 0 else { return low == 0 && high == 0 }
        guard low & 1 == 1 else { return false }
        guard highest < NonceWindow.width else { return true }
        return highest < NonceWindow.half
            ? low >> UInt128(highest) == 0 && high == 0
            : high >> UInt128(highest - NonceWindow.half) == 0
    }
}

extension NonceWindow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(highest)
        for part in [low, high] {
            encoder.append(UInt64(truncatingIfNeeded: part))
            encoder.append(UInt64(truncatingIfNeeded: part >> UInt128(UInt64.bitWidth)))
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        highest = try decoder.uint64()
        low = UInt128(try decoder.uint64())
        low |= UInt128(try decoder.uint64()) << UInt128(UInt64.bitWidth)
        high = UInt128(try decoder.uint64())
        high |= UInt128(try decoder.uint64()) << UInt128(UInt64.bitWidth)
        guard isSound else { throw DecodingFault(.outOfRange, at: start) }
    }
}

/// What the ledger remembers of one signer of an account.
public struct SignerNonces: Equatable, Sendable {
    /// The nonces it has used.
    public internal(set) var window = NonceWindow()
    /// The highest nonce of a cancel of many orders in an earlier block; placements and quotes of
    /// this signer under lower ones were sent before it and are void.
    public internal(set) var massCancel: UInt64 = 0
}

extension SignerNonces: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(window)
        encoder.append(massCancel)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        window = try decoder.value()
        massCancel = try decoder.uint64()
        guard massCancel <= window.highest else { throw DecodingFault(.outOfRange, at: start) }
    }
}
