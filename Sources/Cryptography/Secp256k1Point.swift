/// Points of the curve y² = x³ + 7 over the integers modulo p = 2²⁵⁶ − 2³² − 977. Unlike on an
/// Edwards curve the addition law has exceptions: equal points, opposite points and the neutral
/// element each take a branch of their own, and whoever signs chooses points that meet them.
/// Variable time: public data only. Source: the Explicit-Formulas Database, short Weierstrass with
/// a = 0: dbl-2009-l, add-2007-bl without its shared squares, madd.

/// A point other than the neutral element, by its coordinates.
struct Secp256k1AffinePoint: Sendable {
    var x: Secp256k1Field
    var y: Secp256k1Field

    /// The base point (SEC 2, section 2.4.1).
    static var base: Secp256k1AffinePoint {
        Secp256k1AffinePoint(
            x: Secp256k1Field(words: [
                0x59f2_815b_16f8_1798, 0x029b_fcdb_2dce_28d9, 0x55a0_6295_ce87_0b07,
                0x79be_667e_f9dc_bbac,
            ]),
            y: Secp256k1Field(words: [
                0x9c47_d08f_fb10_d4b8, 0xfd17_b448_a685_5419, 0x5da4_fbfc_0e11_08a8,
                0x483a_da77_26a3_c465,
            ]))
    }

    init(x: Secp256k1Field, y: Secp256k1Field) {
        self.x = x
        self.y = y
    }

    /// The point with that x and a y that is odd or even, or nil where the curve has none.
    ///
    /// No point has y = 0: it would have order 2, and the order of the group is an odd prime.
    init?(x: Secp256k1Field, isOdd: Bool) {
        guard let root = Self.equation(x).squareRoot else { return nil }
        self.init(x: x, y: root.isOdd == isOdd ? root : -root)
    }

    /// Whether the coordinates satisfy the curve's equation.
    var isOnCurve: Bool { y.squared == Self.equation(x) }

    /// x³ + 7.
    private static func equation(_ x: Secp256k1Field) -> Secp256k1Field {
        x.squared * x + Secp256k1Field(7, 0, 0, 0, 0)
    }
}

/// A point in Jacobian coordinates: x = X/Z², y = Y/Z³; the neutral element has Z = 0.
struct Secp256k1Point: Sendable {
    var x: Secp256k1Field
    var y: Secp256k1Field
    var z: Secp256k1Field
    /// Whether this is the neutral element; Z is then 0, which needs no test.
    var isNeutral: Bool

    static var neutral: Secp256k1Point {
        Secp256k1Point(x: .one, y: .one, z: .zero, isNeutral: true)
    }

    private init(x: Secp256k1Field, y: Secp256k1Field, z: Secp256k1Field, isNeutral: Bool) {
        self.x = x
        self.y = y
        self.z = z
        self.isNeutral = isNeutral
    }

    init(_ point: Secp256k1AffinePoint) {
        self.init(x: point.x, y: point.y, z: .one, isNeutral: false)
    }

    /// The coordinates, or nil for the neutral element.
    var affine: Secp256k1AffinePoint? {
        if isNeutral { return nil }
        let inverse = z.inverse
        let square = inverse.squared
        return Secp256k1AffinePoint(x: x * square, y: y * (square * inverse))
    }

    /// Twice this point.
    var doubled: Secp256k1Point {
        if isNeutral { return self }
        let xx = x.squared
        let yy = y.squared
        let yyyy = yy.squared
        let inner = (x + yy).squared - (xx + yyyy)
        let d = inner + inner
        let e = xx + xx + xx
        let newX = e.squared - (d + d)
        let yyyyTwice = yyyy + yyyy
        let yyyyFourfold = yyyyTwice + yyyyTwice
        return Secp256k1Point(
            x: newX, y: e * (d - newX) - yyyyFourfold - yyyyFourfold, z: (y + y) * z,
            isNeutral: false)
    }

    static prefix func - (point: Secp256k1Point) -> Secp256k1Point {
        Secp256k1Point(x: point.x, y: -point.y, z: point.z, isNeutral: point.isNeutral)
    }

    static func + (left: Secp256k1Point, right: Secp256k1Point) -> Secp256k1Point {
        if left.isNeutral { return right }
        if right.isNeutral { return left }
        let leftZZ = left.z.squared
        let rightZZ = right.z.squared
        return left.sum(
            leftX: left.x * rightZZ, rightX: right.x * leftZZ,
            leftY: left.y * (rightZZ * right.z), rightY: right.y * (leftZZ * left.z),
            z: left.z * right.z)
    }

    static func + (left: Secp256k1Point, right: Secp256k1AffinePoint) -> Secp256k1Point {
        if left.isNeutral { return Secp256k1Point(right) }
        let leftZZ = left.z.squared
        return left.sum(
            leftX: left.x, rightX: right.x * leftZZ, leftY: left.y,
            rightY: right.y * (leftZZ * left.z), z: left.z)
    }

    /// The common end of the two additions; self is the left summand, and the coordinates are
    /// brought to one denominator, whose root `z` is.
    @inline(__always)
    private func sum(
        leftX: Secp256k1Field, rightX: Secp256k1Field, leftY: Secp256k1Field,
        rightY: Secp256k1Field, z: Secp256k1Field
    ) -> Secp256k1Point {
        let run = rightX - leftX
        let rise = rightY - leftY
        if run.isZero { return rise.isZero ? doubled : .neutral }
        let runSquared = run.squared
        let runCubed = runSquared * run
        let pivot = leftX * runSquared
        let newX = rise.squared - runCubed - (pivot + pivot)
        return Secp256k1Point(
            x: newX, y: rise * (pivot - newX) - leftY * runCubed, z: z * run, isNeutral: false)
    }
}

extension Secp256k1Point {
    /// Digits of this width pick from eight odd multiples of a point.
    private static let width = 5
    private static let tableSize = 8
    /// Digits of this width pick from 64 odd multiples of the base point.
    private static let baseWidth = 8
    private static let baseTableSize = 64

    /// `scalar` times `point` plus `baseScalar` times the base point, by one chain of doublings
    /// (Straus's method, as in `MultiScalar`).
    static func sum(
        _ scalar: Secp256k1Scalar, times point: Secp256k1AffinePoint,
        plusBase baseScalar: Secp256k1Scalar
    ) -> Secp256k1Point {
        let table = oddMultiples(of: Secp256k1Point(point), count: tableSize)
        let baseTable = Self.baseTable
        let (digits, negated) = scalar.signedDigits(width: width)
        let (baseDigits, baseNegated) = baseScalar.signedDigits(width: baseWidth)
        var sum = Secp256k1Point.neutral
        for position in (0..<256).reversed() {
            sum = sum.doubled
            let digit = Int(digits[position])
            if digit != 0 {
                let entry = table[abs(digit) / 2]
                sum = sum + ((digit < 0) == negated ? entry : -entry)
            }
            let baseDigit = Int(baseDigits[position])
            if baseDigit != 0 {
                var entry = baseTable[abs(baseDigit) / 2]
                if (baseDigit < 0) != baseNegated { entry.y = -entry.y }
                sum = sum + entry
            }
        }
        return sum
    }

    /// 1, 3, 5, … (2 `count` − 1) times `point`.
    private static func oddMultiples(of point: Secp256k1Point, count: Int) -> [Secp256k1Point] {
        let twice = point.doubled
        var table = [point]
        table.reserveCapacity(count)
        for index in 1..<count { table.append(table[index - 1] + twice) }
        return table
    }

    /// 1, 3, … 127 times the base point, made once at first use.
    private static let baseTable: [Secp256k1AffinePoint] = {
        oddMultiples(of: Secp256k1Point(.base), count: baseTableSize).compactMap { $0.affine }
    }()
}
