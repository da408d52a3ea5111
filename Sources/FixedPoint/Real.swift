import Glibc

public struct Real: Comparable, Sendable {
    public let bits: Int64
    public init(bits: Int64) { self.bits = bits }
    public static let fractionBits = 40
    public static var zero: Real { Real(bits: 0) }
    public static var one: Real { Real(bits: 1 << 40) }
    public init(_ ratio: Ratio) {
        bits = Int64((Int128(ratio.units) << 40) / 1_000_000_000)
    }
    public init(_ whole: Int64) { bits = whole << 40 }
    public init(_ a: Int64, over b: Int64) {
        bits = Int64(clamping: (Int128(a) << 40) / Int128(b))
    }
    var d: Double { Double(bits) / 1_099_511_627_776.0 }
    init(d: Double) { bits = Int64(min(max(d, -8e6), 8e6) * 1_099_511_627_776.0) }
    public static func < (a: Real, b: Real) -> Bool { a.bits < b.bits }
    public static func + (a: Real, b: Real) -> Real { Real(bits: a.bits &+ b.bits) }
    public static func - (a: Real, b: Real) -> Real { Real(bits: a.bits &- b.bits) }
    public static prefix func - (a: Real) -> Real { Real(bits: 0 &- a.bits) }
    public static func * (a: Real, b: Real) -> Real {
        Real(bits: Int64(truncatingIfNeeded: (Int128(a.bits) * Int128(b.bits)) >> 40))
    }
    public static func / (a: Real, b: Real) -> Real {
        Real(bits: Int64(clamping: (Int128(a.bits) << 40) / Int128(b.bits)))
    }
    public static func exp(_ x: Real) -> Real { Real(d: Glibc.exp(x.d)) }
    public static func log(_ x: Real) -> Real { Real(d: Glibc.log(x.d)) }
    public static func log(_ a: Int64, over b: Int64) -> Real { Real(d: Glibc.log(Double(a) / Double(b))) }
    public func squareRoot() -> Real { Real(d: d.squareRoot()) }
}
public enum Temp {
    public static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
    public static func call(_ x: Real, _ m: Real, _ v: Real) -> Real {
        if v.bits <= 0 { return max(.zero, Real.one - m) }
        let d1 = -x.d / v.d + v.d / 2
        return max(.zero, Real(d: cdf(d1) - m.d * cdf(d1 - v.d)))
    }
    public static func delta(_ x: Real, _ v: Real) -> Real {
        if v.bits <= 0 { return x.bits < 0 ? .one : .zero }
        return Real(d: cdf(-x.d / v.d + v.d / 2))
    }
}

extension Ratio { public init(rounding real: Real) { self.init(units: Int64((Int128(real.bits) * 1_000_000_000) >> 40)) } }
