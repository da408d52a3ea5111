/// Numbers of the margin reference: 64 bits of mantissa where the processor has them, and the few
/// functions of the C library that option values need. The reference is slow on purpose and shares
/// nothing with the engine.

import Foundation

#if arch(x86_64)
    /// Extended precision: 64 bits of mantissa, rounding error 5·10⁻²⁰.
    typealias Precise = Float80
#else
    /// Double precision where nothing better is at hand: rounding error 1·10⁻¹⁶.
    typealias Precise = Double
#endif

/// The normal distribution, from the complementary error function of the C library.
enum PreciseNormal {
    /// The probability that a standard normal variable is below `x`.
    static func cumulative(_ x: Precise) -> Precise {
        erfc(-x / Precise(2).squareRoot()) / 2
    }
}
