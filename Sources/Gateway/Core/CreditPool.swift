/// How often somebody may ask: a pool of credits that fills with time and pays for every request.

import FixedPoint

/// Whose credits they are.
enum CreditOwner: Hashable, Sendable {
    case origin(String)
    case credential(String)
}

/// The credits of one caller.
struct CreditPool: Equatable, Sendable {
    /// In 10⁻⁹ credits, so that no time is lost to rounding.
    private var units: UInt128
    private var time: Timestamp

    /// 10⁻⁹ credits.
    private static let unit: UInt128 = 1_000_000_000

    /// A full pool.
    init(_ terms: CreditTerms, now: Timestamp) {
        units = UInt128(terms.capacity) * CreditPool.unit
        time = now
    }

    /// Pays, or says how long it takes until there is enough.
    ///
    /// - Returns: nil where it is paid.
    mutating func pay(_ cost: UInt64, _ terms: CreditTerms, now: Timestamp) -> Duration? {
        refill(terms, now: now)
        let price = UInt128(min(cost, terms.capacity)) * CreditPool.unit
        guard units < price else {
            units -= price
            return nil
        }
        guard terms.refill > 0 else { return Duration(nanoseconds: .max) }
        // A refill of r credits a second is r units a nanosecond.
        let refill = UInt128(terms.refill)
        return Duration(nanoseconds: UInt64(clamping: (price - units + refill - 1) / refill))
    }

    /// Whether it need not be remembered.
    mutating func isFull(_ terms: CreditTerms, now: Timestamp) -> Bool {
        refill(terms, now: now)
        return units == UInt128(terms.capacity) * CreditPool.unit
    }

    private mutating func refill(_ terms: CreditTerms, now: Timestamp) {
        let gained = UInt128(now.elapsed(since: time).nanoseconds) * UInt128(terms.refill)
        units = min(units + gained, UInt128(terms.capacity) * CreditPool.unit)
        time = max(time, now)
    }
}
