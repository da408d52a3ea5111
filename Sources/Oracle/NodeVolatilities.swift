/// The volatilities of one expiry at the nodes of its curve: what publishers vote and what the
/// curve keeps. A volatility, unlike a total variance, does not age while the expiry comes nearer;
/// the total variance at a time is its square times the time that is left.

public import Canonical
public import FixedPoint

/// One value for each node of a curve.
public typealias PerNode<Value> = InlineArray<11, Value>

/// Implied volatilities in 10⁻⁶ a year at the nodes of `SurfaceParameters`, from the lowest strike
/// to the highest.
public struct NodeVolatilities: Equatable, Sendable {
    /// How many nodes a curve has.
    public static let count = 11
    /// The node at which the strike is the forward.
    public static let centre = 5

    var millionths: PerNode<UInt32>

    public init(millionths: PerNode<UInt32>) { self.millionths = millionths }

    /// The same volatility at every node, in 10⁻⁶.
    public init(flat: UInt32) { millionths = PerNode(repeating: flat) }

    /// The volatility at a node, in 10⁻⁶.
    public subscript(_ node: Int) -> UInt32 {
        get { millionths[node] }
        set { millionths[node] = newValue }
    }

    /// Where strike and forward meet, in 10⁻⁶.
    public var atTheMoney: UInt32 { millionths[NodeVolatilities.centre] }

    /// The volatility at a node.
    public func volatility(at node: Int) -> Ratio {
        Ratio(billionths: Int64(millionths[node]) * NodeVolatilities.billionths)
    }

    /// 10⁻⁹ in 10⁻⁶.
    static let billionths: Int64 = 1_000

    public static func == (left: Self, right: Self) -> Bool {
        for node in 0..<count where left.millionths[node] != right.millionths[node] {
            return false
        }
        return true
    }

    /// The sum over the nodes of how far two curves lie apart, in 10⁻⁶; at most 2³⁶.
    func distance(to other: NodeVolatilities) -> UInt64 {
        var sum: UInt64 = 0
        for node in 0..<NodeVolatilities.count {
            sum += UInt64(gap(millionths[node], other.millionths[node]))
        }
        return sum
    }
}

/// How far two values lie apart.
func gap(_ left: UInt32, _ right: UInt32) -> UInt32 { left > right ? left - right : right - left }

extension NodeVolatilities: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        for node in 0..<NodeVolatilities.count { encoder.append(millionths[node]) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        millionths = PerNode(repeating: 0)
        for node in 0..<NodeVolatilities.count { millionths[node] = try decoder.uint32() }
    }
}
