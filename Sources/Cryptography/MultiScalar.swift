/// Sums of multiples of points, by Straus's method: one chain of doublings for all, and signed
/// digits that pick odd multiples out of small tables. It serves one signature (one key and the
/// base point) and a batch (a hundred points) alike. Above some 200 points Pippenger's method would
/// need fewer additions; a batch is cut into pieces below that, whose tables stay in the cache.
/// Variable time: public data only. Source: Straus, "Addition chains of vectors" (1964); Bernstein
/// and others, "High-speed high-security signatures" (2011), section 5.

/// A growing sum of multiples of points.
struct MultiScalar {
    /// Digits of this width pick from eight odd multiples.
    private static let width = 5
    private static let tableSize = 8
    /// Digits of this width pick from 64 odd multiples of the base point.
    private static let baseWidth = 8
    private static let baseTableSize = 64
    /// The highest place of a digit of a scalar below 2¹²⁸.
    private static let shortDigits = 128

    /// Eight odd multiples of each point, one point after the other.
    private var tables: [AddendPoint] = []
    private var scalars: [Scalar] = []
    /// The number of scalars, at the front, that may have more than 128 bits.
    private var longCount = 0

    /// An empty sum with room for `count` points.
    init(capacity count: Int) {
        tables.reserveCapacity(count * Self.tableSize)
        scalars.reserveCapacity(count)
    }

    /// Adds `scalar` times `point`, where `scalar` is below 2¹²⁸; no long one may follow.
    mutating func addShort(_ scalar: Scalar, times point: EdwardsPoint) {
        Self.appendOddMultiples(of: point, count: Self.tableSize, to: &tables)
        scalars.append(scalar)
    }

    /// Adds `scalar` times the point of `key`.
    mutating func add(_ scalar: Scalar, times key: VerifyingKey) {
        tables.append(contentsOf: key.oddMultiples)
        scalars.append(scalar)
        longCount = scalars.count
    }

    /// The odd multiples of `point` that `add` needs.
    static func oddMultiples(of point: EdwardsPoint) -> [AddendPoint] {
        var table: [AddendPoint] = []
        table.reserveCapacity(tableSize)
        appendOddMultiples(of: point, count: tableSize, to: &table)
        return table
    }

    /// The sum so far plus `baseScalar` times the base point.
    func sum(plusBase baseScalar: Scalar) -> ProjectivePoint {
        let count = scalars.count
        var digits = [Int8](repeating: 0, count: 256 * count)
        for index in 0..<count {
            scalars[index].writeSignedDigits(
                width: Self.width, to: &digits, offset: index, stride: count)
        }
        var baseDigits = [Int8](repeating: 0, count: 256)
        baseScalar.writeSignedDigits(width: Self.baseWidth, to: &baseDigits, offset: 0, stride: 1)
        let baseTable = Self.baseTable
        var sum = ProjectivePoint.identity
        for position in (0..<256).reversed() {
            var next = sum.doubled
            let start = position &* count
            let active = position > Self.shortDigits ? longCount : count
            for index in 0..<active {
                let digit = Int(digits[start &+ index])
                if digit == 0 { continue }
                let entry = index &* Self.tableSize &+ abs(digit) / 2
                next = digit > 0 ? next.extended + tables[entry] : next.extended - tables[entry]
            }
            let digit = Int(baseDigits[position])
            if digit != 0 {
                let entry = abs(digit) / 2
                next =
                    digit > 0 ? next.extended + baseTable[entry] : next.extended - baseTable[entry]
            }
            sum = next.projective
        }
        return sum
    }

    /// Appends 1, 3, 5, … (2 `count` − 1) times `point`.
    private static func appendOddMultiples(
        of point: EdwardsPoint, count: Int, to table: inout [AddendPoint]
    ) {
        let twice = point.projective.doubled.extended
        var last = point.addend
        table.append(last)
        for _ in 1..<count {
            last = (twice + last).extended.addend
            table.append(last)
        }
    }

    /// 1, 3, … 127 times the base point, made once at first use.
    private static let baseTable: [AffineAddendPoint] = {
        let twice = EdwardsPoint.base.projective.doubled.extended.addend
        var point = EdwardsPoint.base
        var table: [AffineAddendPoint] = []
        for _ in 0..<baseTableSize {
            let inverse = point.z.inverse
            let x = point.x * inverse
            let y = point.y * inverse
            table.append(
                AffineAddendPoint(
                    sum: y + x, difference: y - x, t: x * y * FieldElement.doubledCurveConstant))
            point = (point + twice).extended
        }
        return table
    }()
}
