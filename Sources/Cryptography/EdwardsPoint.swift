/// Points of the curve −x² + y² = 1 + d x² y² over the integers modulo 2²⁵⁵ − 19, in the four forms
/// that make each step cheap. The addition law is complete: no pair of points is special.
///
/// ```
/// ProjectivePoint --doubled--> CompletedPoint --projective--> ProjectivePoint
/// EdwardsPoint + AddendPoint -> CompletedPoint --extended--> EdwardsPoint
/// ```
///
/// Variable time: public data only. Source: Hisil, Wong, Carter and Dawson, "Twisted Edwards curves
/// revisited" (2008), sections 3.1 and 4; the forms are those of Bernstein and others, "High-speed
/// high-security signatures" (2011).
import Canonical

/// A point in extended coordinates: x = X/Z, y = Y/Z, x y = T/Z.
struct EdwardsPoint: Sendable {
    var x: FieldElement
    var y: FieldElement
    var z: FieldElement
    var t: FieldElement

    static var identity: EdwardsPoint {
        EdwardsPoint(x: .zero, y: .one, z: .one, t: .zero)
    }

    /// The base point of Ed25519 (RFC 8032, section 5.1).
    static var base: EdwardsPoint {
        EdwardsPoint(
            x: FieldElement(
                0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe,
                0x216936d3cd6e5),
            y: FieldElement(
                0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333,
                0x6666666666666),
            z: .one,
            t: FieldElement(
                0x68ab3a5b7dda3, 0x00eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732,
                0x67875f0fd78b7))
    }

    @inline(__always)
    init(x: FieldElement, y: FieldElement, z: FieldElement, t: FieldElement) {
        self.x = x
        self.y = y
        self.z = z
        self.t = t
    }

    /// The point that `bytes` encode, or nil where they encode none.
    ///
    /// As ZIP-215 has it: y may be p or more, and the sign bit may be set where x is 0. Both are
    /// then the point that the value modulo p stands for.
    init?(decoding bytes: Bytes32) {
        let y = FieldElement(bytes)
        let ySquared = y.squared
        guard
            var x = FieldElement.squareRoot(
                of: ySquared - .one, over: FieldElement.curveConstant * ySquared + .one)
        else { return nil }
        if x.isOdd != (bytes.word3 &>> 63 == 1) { x = -x }
        self.init(x: x, y: y, z: .one, t: x * y)
    }

    var projective: ProjectivePoint { ProjectivePoint(x: x, y: y, z: z) }

    var addend: AddendPoint {
        AddendPoint(
            sum: y + x, difference: y - x, z: z, t: t * FieldElement.doubledCurveConstant)
    }

    @inline(__always)
    static func + (left: EdwardsPoint, right: AddendPoint) -> CompletedPoint {
        let zz = left.z * right.z
        return completed(left, right.sum, right.difference, doubledZ: zz + zz, left.t * right.t)
    }

    @inline(__always)
    static func - (left: EdwardsPoint, right: AddendPoint) -> CompletedPoint {
        let zz = left.z * right.z
        return completed(
            left, right.difference, right.sum, doubledZ: zz + zz, left.t * right.negatedT)
    }

    @inline(__always)
    static func + (left: EdwardsPoint, right: AffineAddendPoint) -> CompletedPoint {
        completed(
            left, right.sum, right.difference, doubledZ: left.z + left.z, left.t * right.t)
    }

    @inline(__always)
    static func - (left: EdwardsPoint, right: AffineAddendPoint) -> CompletedPoint {
        completed(
            left, right.difference, right.sum, doubledZ: left.z + left.z, left.t * (-right.t))
    }

    /// The common end of the four additions.
    @inline(__always)
    private static func completed(
        _ left: EdwardsPoint, _ sum: FieldElement, _ difference: FieldElement,
        doubledZ: FieldElement, _ t: FieldElement
    ) -> CompletedPoint {
        let plus = (left.y + left.x) * sum
        let minus = (left.y - left.x) * difference
        return CompletedPoint(
            x: plus - minus, y: plus + minus, z: doubledZ + t, t: doubledZ - t)
    }
}

/// A point without T, which doubling does not need.
struct ProjectivePoint: Sendable {
    var x: FieldElement
    var y: FieldElement
    var z: FieldElement

    static var identity: ProjectivePoint { ProjectivePoint(x: .zero, y: .one, z: .one) }

    @inline(__always)
    var doubled: CompletedPoint {
        let xx = x.squared
        let yy = y.squared
        let zz = z.squared
        let sum = yy + xx
        let difference = yy - xx
        return CompletedPoint(
            x: (x + y).squared - sum, y: sum, z: difference, t: (zz + zz) - difference)
    }

    /// This point plus `point`.
    func plus(_ point: EdwardsPoint) -> ProjectivePoint {
        let extended = EdwardsPoint(x: x * z, y: y * z, z: z.squared, t: x * y)
        return (extended + point.addend).projective
    }

    /// Whether 8 times this point is the neutral element: whether its order divides the cofactor.
    var hasSmallOrder: Bool {
        let eightfold = doubled.projective.doubled.projective.doubled.projective
        return eightfold.x.isZero && eightfold.y == eightfold.z
    }
}

/// The outcome of an addition or doubling: x = X/Z, y = Y/T.
struct CompletedPoint: Sendable {
    var x: FieldElement
    var y: FieldElement
    var z: FieldElement
    var t: FieldElement

    @inline(__always)
    var projective: ProjectivePoint { ProjectivePoint(x: x * t, y: y * z, z: z * t) }

    @inline(__always)
    var extended: EdwardsPoint { EdwardsPoint(x: x * t, y: y * z, z: z * t, t: x * y) }
}

/// A point made ready to be added: Y + X, Y − X, Z and 2 d T.
struct AddendPoint: Sendable {
    var sum: FieldElement
    var difference: FieldElement
    var z: FieldElement
    var t: FieldElement

    @inline(__always)
    var negatedT: FieldElement { -t }
}

/// The same with Z = 1.
struct AffineAddendPoint: Sendable {
    var sum: FieldElement
    var difference: FieldElement
    var t: FieldElement
}
