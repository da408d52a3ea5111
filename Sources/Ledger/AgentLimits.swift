/// How much an agent's key can cost its account, whoever holds it: how far through the mark its
/// orders reach, and what their fills may lose in a day (`facts/risk.md`, attack 17; decision
/// 0022). The master key is bound by neither.

public import Canonical
public import FixedPoint

/// What binds the orders of an agent.
public struct AgentLimits: Equatable, Sendable {
    /// How far below the mark a sell may reach, and above it a buy, as a share of the mark; of an
    /// option, a tenth of the same share of the index where that is more. In `0.01 … 5 %`.
    public var priceBand: Ratio
    /// What the fills of its orders may lose against the mark in a UTC day, fees included. In
    /// `$1 … $1,000,000`.
    public var dailyLoss: Amount

    public init(priceBand: Ratio, dailyLoss: Amount) {
        self.priceBand = priceBand
        self.dailyLoss = dailyLoss
    }

    /// 1 % (`facts/risk.md`, attack 17) and $10,000 (ours).
    public static let standard = AgentLimits(
        priceBand: Ratio(basisPoints: 100), dailyLoss: Amount(microunits: 10_000_000_000))

    /// How far ahead of its block an agent may sign an order: two minutes (`facts/risk.md`, attack
    /// 17). What rests by then stays.
    public static let standardOrderLife = Duration.seconds(120)

    /// The share of the band that counts of an option's index is one in so many: a percent of next
    /// to nothing is nothing. Ours.
    static let optionDivisor: Int64 = 10

    private static let bands = Ratio(basisPoints: 1)...Ratio(basisPoints: 500)
    private static let losses =
        Amount(microunits: 1_000_000)...Amount(microunits: 1_000_000_000_000)

    /// Whether both are in range.
    public var areInRange: Bool {
        AgentLimits.bands.contains(priceBand) && AgentLimits.losses.contains(dailyLoss)
    }
}

/// What the orders of an agent slot have lost on the last UTC day on which they lost anything.
public struct AgentLoss: Equatable, Sendable {
    /// Since 1970.
    public internal(set) var day: UInt64 = 0
    /// Not negative; what was won is not set against it.
    public internal(set) var amount = Amount.zero

    init() {}

    /// What was lost on a day.
    public func lost(on day: UInt64) -> Amount { day == self.day ? amount : .zero }

    mutating func add(_ loss: Amount, on day: UInt64) {
        amount = lost(on: day) + loss
        self.day = day
    }
}

extension AgentLimits: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(priceBand)
        encoder.append(dailyLoss)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        priceBand = try decoder.quantity()
        dailyLoss = try decoder.quantity()
    }
}

extension AgentLoss: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(day)
        encoder.append(amount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        day = try decoder.uint64()
        let start = decoder.offset
        amount = try decoder.quantity()
        guard !amount.isNegative else { throw DecodingFault(.outOfRange, at: start) }
    }
}
