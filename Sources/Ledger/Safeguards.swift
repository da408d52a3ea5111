/// What keeps prices from being bought and stops markets, as genesis fixes it: sources, caps,
/// breakers, and who may tighten. A defence can be off in a laboratory only.

public import Breakers
public import Canonical
import Catalogue
public import Economics
public import FixedPoint
public import Liquidation
public import Oracle
public import PullOracle

/// The safeguards of a chain.
public struct Safeguards: Equatable, Sendable {
    /// The defences that are off; none but in a laboratory.
    public var off = DefenceSet()
    /// May raise the level of a breaker, never lower one; nil is nobody.
    public var guardian: PublicKey?
    /// Where publishers see prices; observations name them by their place.
    public var sources: [PriceSource]
    /// Prices of other chains' oracles; nil takes none.
    public var pull: PullParameters?
    /// By underlying; empty has no breakers.
    public var breakers: [BreakerParameters] = []
    /// How much an owner may send; nil throttles nobody.
    public var flow: FlowParameters?
    /// How fast vaults may empty, and what holds a whole compartment; nil has no such limits.
    public var vaults: VaultParameters?
    /// By underlying; empty has no caps but those of the catalogue.
    public var economics: [EconomicParameters] = []
    /// Who may stand behind compartments, by compartment; empty has no backstops.
    public var backstops: [BackstopParameters] = []
    /// What committed makers owe, by compartment; empty asks nothing of them.
    public var makers: [MakerTerms] = []
    /// How far ahead of a block an agent may have signed the orders in it; zero sets no bound.
    public var agentOrderLife = Duration.zero
    /// How haircuts respond to depth and peg; nil leaves them fixed.
    public var haircuts: HaircutParameters?

    public init(sources: [PriceSource]) { self.sources = sources }

    /// One source in the quote currency of indices, no breakers and no caps of its own: for tests
    /// and laboratories that look at something else.
    public static let open = Safeguards(
        sources: Symbol(Array("direct".utf8)).map { [PriceSource(name: $0, venue: 0)] } ?? [])

    /// Whether a defence is on.
    public func isOn(_ defence: Defence) -> Bool { !off.contains(defence) }

    /// The first field that is out of range, by name.
    func faultyField(
        underlyings: Int, compartments: Int, publishers: [Publisher]
    ) -> StaticString? {
        if sources.isEmpty || sources.count > Safeguards.sourceLimit { return "sources" }
        for source in sources {
            if let quote = source.quote, Int(quote.number) >= underlyings { return "sources" }
        }
        if !isPullValid(underlyings: underlyings, publishers: publishers) { return "pull" }
        if !breakers.isEmpty, breakers.count != underlyings { return "breakers" }
        for entry in breakers { if let field = entry.faultyField { return field } }
        if let field = flow?.faultyField { return field }
        if let field = vaults?.faultyField { return field }
        if agentOrderLife > .day { return "agentOrderLife" }
        if let field = haircuts?.faultyField(underlyings: underlyings) { return field }
        if !economics.isEmpty, economics.count != underlyings { return "economics" }
        for entry in economics {
            if let field = entry.faultyField { return field }
        }
        if !backstops.isEmpty, backstops.count != compartments { return "backstops" }
        for entry in backstops { if let field = entry.faultyField { return field } }
        if !makers.isEmpty, makers.count != compartments { return "makers" }
        for entry in makers { if let field = entry.faultyField { return field } }
        return nil
    }

    /// The first field of an aggregation that goes beyond the sources and the publishers.
    func faultyField(of aggregation: AggregationParameters, publishers: Int) -> StaticString? {
        var venues: [UInt16] = []
        for source in sources where !venues.contains(source.venue) { venues.append(source.venue) }
        if Int(aggregation.minimumVenues) > min(venues.count, publishers) {
            return "minimumVenues"
        }
        for bound in aggregation.bounds where Int(bound.source.number) >= sources.count {
            return "bounds"
        }
        return nil
    }

    /// Most sources. Ours.
    public static let sourceLimit = 256
}

extension Safeguards: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(off)
        encoder.append(guardian)
        encoder.append(sources)
        encoder.append(pull)
        encoder.append(breakers)
        encoder.append(flow)
        encoder.append(vaults)
        encoder.append(economics)
        encoder.append(agentOrderLife.nanoseconds)
        encoder.append(backstops)
        encoder.append(makers)
        encoder.append(haircuts)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        off = try decoder.value()
        guardian = try decoder.optional()
        sources = try decoder.list(limit: Safeguards.sourceLimit)
        pull = try decoder.optional()
        breakers = try decoder.list(limit: Bounds.underlyings)
        flow = try decoder.optional()
        vaults = try decoder.optional()
        economics = try decoder.list(limit: Bounds.underlyings)
        agentOrderLife = Duration(nanoseconds: try decoder.uint64())
        backstops = try decoder.list(limit: Bounds.compartments)
        makers = try decoder.list(limit: Bounds.compartments)
        haircuts = try decoder.optional()
    }
}
