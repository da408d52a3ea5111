/// What is wrong with an index as a whole, beside its age.

public import Canonical

/// The condition of one index; by itself, nothing is wrong.
public struct IndexCondition: Equatable, Sendable {
    /// This block's prices had too little weight left: the index stands where it stood.
    public var lacksWeight = false
    /// They came from too few venues, one at the worst: the same.
    public var lacksVenues = false
    /// The sources are farther from the last index than it may move yet.
    public var isClamped = false
    /// The sources are too unsure, or too far apart.
    public var isWide = false

    public init() {}

    /// Of an index that was never made.
    static let unmade = IndexCondition(lacksWeight: true, lacksVenues: true)

    private init(lacksWeight: Bool, lacksVenues: Bool) {
        self.lacksWeight = lacksWeight
        self.lacksVenues = lacksVenues
    }

    /// Whether this block's prices made the index.
    public var hasQuorum: Bool { !lacksWeight && !lacksVenues }
}

extension IndexCondition: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(lacksWeight)
        encoder.append(lacksVenues)
        encoder.append(isClamped)
        encoder.append(isWide)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        lacksWeight = try decoder.boolean()
        lacksVenues = try decoder.boolean()
        isClamped = try decoder.boolean()
        isWide = try decoder.boolean()
    }
}
