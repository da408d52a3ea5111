/// How fast a vault empties. Outflow is net by account: what an account put in within the last day
/// or two may leave again without counting, and what it puts back after it took it out is taken
/// off. So nobody uses up the others' room by sending the same money round (`facts/risk.md`,
/// attack 13). Money that must wait stays the account's own, and is let go pro rata.

public import Canonical
public import FixedPoint

/// What left a vault.
public struct VaultOutflow: Equatable, Sendable {
    /// Of the last hour, without the lane for small withdrawals.
    private var hour = SlidingSum(width: .minute, buckets: VaultOutflow.minutes)
    /// Of the last day, the same.
    private var day = SlidingSum(width: .hour, buckets: VaultOutflow.hours)
    /// By the lane for small withdrawals, of the last hour.
    private var small = SlidingSum(width: .minute, buckets: VaultOutflow.minutes)

    private static let minutes = 60
    private static let hours = 24

    public init() {}

    /// Whether nothing counts, and nothing will until more leaves.
    public var isIdle: Bool { hour.isEmpty && day.isEmpty && small.isEmpty }

    /// What counts of the last hour and of the last day.
    public func counted(at now: Timestamp) -> (hour: Amount, day: Amount) {
        (
            Amount(microunits: hour.total(at: now)), Amount(microunits: day.total(at: now))
        )
    }

    /// What may leave now; not negative.
    ///
    /// - Parameter vault: what it holds now, not negative.
    public func room(
        in vault: Amount, _ parameters: VaultParameters, at now: Timestamp
    ) -> Amount {
        min(
            VaultOutflow.room(vault, parameters.hourlyOutflow, hour, at: now),
            VaultOutflow.room(vault, parameters.dailyOutflow, day, at: now))
    }

    /// What may leave by the lane for small withdrawals now; not negative.
    public func smallRoom(
        in vault: Amount, _ parameters: VaultParameters, at now: Timestamp
    ) -> Amount {
        VaultOutflow.room(vault, parameters.smallOutflow, small, at: now)
    }

    /// A share of what the vault held before the window less what has left since.
    private static func room(
        _ vault: Amount, _ share: Ratio, _ sum: SlidingSum, at now: Timestamp
    ) -> Amount {
        let left = Int128(sum.total(at: now))
        let limit = (Int128(vault.units) + left) * Int128(share.units) / Int128(Ratio.one.units)
        return Amount(microunits: Int64(clamping: max(0, limit - left)))
    }

    /// Counts what leaves.
    public mutating func count(_ amount: Amount, at now: Timestamp) {
        hour.add(amount.units, at: now)
        day.add(amount.units, at: now)
    }

    /// Counts what leaves by the lane for small withdrawals.
    public mutating func countSmall(_ amount: Amount, at now: Timestamp) {
        small.add(amount.units, at: now)
    }

    /// Takes off what was put back.
    public mutating func takeBack(_ amount: Amount, at now: Timestamp) {
        hour.takeBack(amount.units, at: now)
        day.takeBack(amount.units, at: now)
    }
}

/// What one account put in and took out lately.
public struct AccountOutflow: Equatable, Sendable {
    private var today: UInt64 = 0
    /// Of the UTC day, and of the one before: what came in and has not left again.
    private var credit = Amount.zero
    private var earlierCredit = Amount.zero
    /// What left and was counted.
    private var counted = Amount.zero
    private var earlierCounted = Amount.zero
    /// What left by the lane for small withdrawals, of the day alone.
    private var small = Amount.zero

    public init() {}

    /// What may leave without counting.
    public func credit(at now: Timestamp) -> Amount {
        let turned = turned(to: now)
        return turned.credit + turned.earlierCredit
    }

    /// What left by the lane for small withdrawals today.
    public func small(at now: Timestamp) -> Amount { turned(to: now).small }

    /// Takes note of what came in.
    ///
    /// - Returns: how much of it puts back what left before.
    public mutating func deposit(_ amount: Amount, at now: Timestamp) -> Amount {
        self = turned(to: now)
        let recent = min(amount, counted)
        let older = min(amount - recent, earlierCounted)
        counted -= recent
        earlierCounted -= older
        credit += amount - recent - older
        return recent + older
    }

    /// Takes note of what leaves.
    ///
    /// - Returns: how much of it counts.
    public mutating func withdraw(_ amount: Amount, at now: Timestamp) -> Amount {
        self = turned(to: now)
        let older = min(amount, earlierCredit)
        let recent = min(amount - older, credit)
        earlierCredit -= older
        credit -= recent
        let rest = amount - older - recent
        counted += rest
        return rest
    }

    /// Takes note of what leaves by the lane for small withdrawals.
    public mutating func withdrawSmall(_ amount: Amount, at now: Timestamp) {
        self = turned(to: now)
        small += amount
    }

    private func turned(to now: Timestamp) -> AccountOutflow {
        let day = now.count(of: .day)
        guard day > today else { return self }
        var turned = AccountOutflow()
        turned.today = day
        if day == today + 1 {
            turned.earlierCredit = credit
            turned.earlierCounted = counted
        }
        return turned
    }
}

extension VaultOutflow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        hour.encodeState(into: &encoder)
        day.encodeState(into: &encoder)
        small.encodeState(into: &encoder)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        try hour.decodeState(from: &decoder)
        try day.decodeState(from: &decoder)
        try small.decodeState(from: &decoder)
    }
}

extension AccountOutflow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(today)
        for amount in [credit, earlierCredit, counted, earlierCounted, small] {
            encoder.append(amount)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        today = try decoder.uint64()
        let start = decoder.offset
        credit = try decoder.quantity()
        earlierCredit = try decoder.quantity()
        counted = try decoder.quantity()
        earlierCounted = try decoder.quantity()
        small = try decoder.quantity()
        let all = [credit, earlierCredit, counted, earlierCounted, small]
        // Vaults hold less, so that no sum of them leaves the range.
        guard all.allSatisfy({ !$0.isNegative && $0.units <= SlidingSum.largest / 4 }) else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
