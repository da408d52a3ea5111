/// The outer limits from which it is proven that no calculation on admitted state overflows 64
/// bits. Genesis validation enforces them once (`Catalogue.init`); the hot paths then use plain
/// arithmetic.
///
/// The proof, for one account and one underlying, with N = 2⁴⁹ micro-units (`positionNotional`) the
/// sum over its instruments of position limit × highest price, and b ≤ 8 fraction bits: positions
/// and open orders of one side together stay inside the position limit, so a scenario's position
/// part is at most 8·N·2ᵇ ≤ 2⁶⁰ (`scenarioMove` 8), the part of all orders at most 2·(1 + 8)·N·2ᵇ <
/// 2⁶¹·²; their sum stays below 2⁶². Balances sum to at most `vaultCapacity` 2⁵⁶, and 64
/// underlyings of at most 2⁵⁰ profit or loss each add 2⁵⁶.

public import FixedPoint

public enum Bounds {
    /// Most instruments in one catalogue. Ours; a place in an array of 16-bit identifiers.
    public static let instruments = 1_024
    /// Most underlyings in one catalogue. From the proof above.
    public static let underlyings = 64
    /// Most compartments in one catalogue. Ours.
    public static let compartments = 256
    /// Most fee tiers. Ours.
    public static let feeTiers = 64
    /// Most fraction bits of an underlying's valuation unit. From the proof above.
    public static let fractionBits: Int64 = 8
    /// Largest sum over an underlying's instruments of position limit × highest price: 2⁴⁹ µ
    /// ($562 million). From the proof above.
    public static let positionNotional: Int64 = 1 << 49
    /// Most that a compartment's vault may hold: 2⁵⁶ µ ($72 billion). From the proof above.
    public static let vaultCapacity = Amount(microunits: 1 << 56)
    /// Largest |price move × weight × factor| of a scenario: 8. From the proof above.
    public static let scenarioMove: Int64 = 8
    /// Largest worth of one lot at the highest price: 2³⁰ µ ($1,073). Keeps the funding index in
    /// range for more than ten years of one direction at the largest cap.
    public static let largestLotWorth: Int64 = 1 << 30
    /// Least worth of one lot at the listing price, in 2^-fractionBits µ: $1, or fraction bits to
    /// the same effect, so that no scenario rounds to nothing (DESIGN 3; `facts/risk.md`, last
    /// page).
    public static let leastLotWorth: Int64 = 1_000_000
    /// Least that a trade must leave to the venue, all fees and rebates together: half a basis
    /// point (`facts/risk.md`).
    public static let leastTradeFee = Ratio(billionths: 50_000)
    /// Most of a fee or rebate: 1 %. Ours.
    public static let largestFee = Ratio(billionths: 10_000_000)
}
