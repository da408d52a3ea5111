/// The outer limits from which it is proven that no calculation on admitted state overflows 64
/// bits. Validation enforces them at genesis (`Catalogue.init`) and at every listing
/// (`Catalogue.list`); the hot paths then use plain arithmetic.
///
/// The proof. Let n be position limit × worth of a lot at the highest order price of an instrument,
/// N the sum of n over the live instruments of an underlying, b its fraction bits. It is enforced
/// that n ≤ 2⁵³ µ (`instrumentNotional`), N·2ᵇ ≤ 2⁵⁷ (`valuationNotional`), and that all N together
/// are at most 2⁵⁶ µ (`venueNotional`). Marks and forwards are at most the highest order price; the
/// mark of a perpetual may be a tenth beyond it. A scenario's |move × weight × factor| is at most 8
/// and its weight × factor too (`scenarioMove`), so a lot of a linear instrument changes by at most
/// 8.8 of its highest worth. An option is worth no more than its forward before and after a move,
/// so its change is at most (1 + |move|) × weight × factor ≤ 16 of it; say 17.6 for every kind.
///
/// 1. Positions and open orders of one side together stay inside the position limit, so there are
///    at most two limits of orders. L of a scenario is at most 17.6·N·2ᵇ. The part of an order is
///    at most value + limit + fee + change, 1.1 + 1.01 + 17.6 per lot, so O is at most 39.5·N·2ᵇ.
///    Their sum stays below 57.1·2⁵⁷ < 2⁶³.
/// 2. Equity less charges, in µ: positions beyond their cost, or with their worth where the price
///    was paid at the fill, add at most 1.1·N to cash for each underlying, charges take at most
///    2.2·N, and losses by 1 are at most 57.1·N: together at most 60.4·2⁵⁶ < 2⁶² for all
///    underlyings.
/// 3. Cash: all claims on a compartment sum to its vault, at most 2⁵⁶ µ. One account holds more
///    only where others owe it, by debts that liquidation could not recover. That these stay below
///    2⁶¹ µ ($2.3 trillion) is taken for granted, not proven.
/// 4. Funding owed by a position: at the largest cap (4 % for 8 hours) ten years of one direction
///    come to 438·n < 2⁶² µ.

public import FixedPoint

public enum Bounds {
    /// Most instruments that are live at once. Ours.
    public static let instruments = 4_096
    /// Most instruments that are ever listed: identifiers have 16 bits and are not used again.
    public static let identifiers = 1 << 16
    /// Most underlyings in one catalogue. Ours; sets of them are one word.
    public static let underlyings = 64
    /// Most compartments in one catalogue. Ours.
    public static let compartments = 256
    /// Most fee tiers. Ours.
    public static let feeTiers = 64
    /// Most fraction bits of an underlying's valuation unit. From the proof above.
    public static let fractionBits: Int64 = 8
    /// Largest position limit × highest price of one instrument: 2⁵³ µ ($9 billion). From the proof
    /// above.
    public static let instrumentNotional: Int64 = 1 << 53
    /// Largest sum of the same over the live instruments of an underlying, in 2^-fractionBits µ:
    /// 2⁵⁷ ($562 million with eight fraction bits, $36 billion with two). From the proof above.
    public static let valuationNotional: Int64 = 1 << 57
    /// Largest sum of the same over all live instruments: 2⁵⁶ µ ($72 billion). From the proof
    /// above.
    public static let venueNotional: Int64 = 1 << 56
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
    /// The time of day, UTC, at which everything dated expires, as on the large venues of options:
    /// names carry the day alone.
    public static let expiryTime: Duration = .seconds(8 * 3_600)
    /// How far ahead an expiry may lie: three years of 366 days. Ours.
    public static let farthestExpiry: Duration = .seconds(3 * 366 * 86_400)

    /// How far ahead an expiry must lie when its contract is listed, so that the averaging window
    /// lies ahead in full: an hour, the longest window.
    public static let shortestLife: Duration = .hour
    /// Most contracts, a pair being one, that rules list in a block. Ours.
    public static let listingsPerBlock = 32

    /// Largest position limit × highest price of one instrument alone on its underlying, in µ.
    public static func positionNotional(fractionBits: Int64) -> Int64 {
        min(instrumentNotional, valuationNotional >> fractionBits)
    }
}
