/// The search for blind spots of a margin rule: it draws packages of options, and changes each step
/// by step as long as that widens the gap between what the portfolio can really lose and what the
/// engine asks for it. Seeded, so that what it finds can be found again.
package import Documents
package import Risk

/// What a rule asks for a portfolio, and what that can lose.
package struct BlindSpot: Sendable {
    package let portfolio: BlindSpotPortfolio
    /// The maintenance requirement, in units of the index.
    package let requirement: Double
    /// Where it loses most.
    let worst: TrueLoss.Point

    init(_ portfolio: BlindSpotPortfolio, requirement: Double, worst: TrueLoss.Point) {
        self.portfolio = portfolio
        self.requirement = requirement
        self.worst = worst
    }

    /// The true loss, in units of the index; not negative.
    package var loss: Double { -worst.profit }

    /// Below this, a requirement counts as this: a hundredth of a percent of all that is held, a
    /// tick or two. It keeps rounding from being called a blind spot.
    private static let leastShare = 1e-4

    /// The loss beyond the requirement, as a share of the requirement; below zero where it is
    /// covered.
    package var excess: Double {
        (loss - requirement) / max(requirement, BlindSpot.leastShare * portfolio.gross)
    }

    /// The loss beyond the requirement as a share of the index, for each unit held.
    package var excessPerUnit: Double { (loss - requirement) / max(portfolio.gross, 0.1) }
}

/// One rule under search.
package struct BlindSpotSearch: Sendable {
    /// Changes that a portfolio goes through.
    package static let standardSteps = 200
    let venue: BlindSpotVenue
    let trueLoss: TrueLoss
    private let seed: UInt64

    package init(_ parameters: MarginParameters, seed: UInt64) {
        venue = BlindSpotVenue(parameters: parameters)
        trueLoss = TrueLoss(parameters)
        self.seed = seed
    }

    /// A portfolio under the rule.
    ///
    /// - Throws: `InputFault` where sizes go beyond what the engine is proven for.
    func spot(_ portfolio: BlindSpotPortfolio) throws(InputFault) -> BlindSpot {
        BlindSpot(
            portfolio, requirement: try venue.requirement(of: portfolio),
            worst: trueLoss.worst(of: portfolio))
    }

    /// The worst that one start leads to: each change that widens the gap stays.
    ///
    /// - Parameter number: of the start; each has chance of its own, so that any can be repeated
    ///   alone.
    /// - Throws: `InputFault` where sizes go beyond what the engine is proven for.
    package func found(
        from number: Int, steps: Int = BlindSpotSearch.standardSteps
    ) throws(InputFault) -> BlindSpot {
        var generator = SimulationGenerator(seed: seed, stream: UInt64(number))
        let shapes = BlindSpotShape.allCases
        let shape = shapes[number % shapes.count]
        var best = try spot(shape.portfolio(range: trueLoss.range, &generator))
        for _ in 0..<steps {
            let next = BlindSpotShape.changed(
                best.portfolio, range: trueLoss.range, &generator)
            guard !next.legs.isEmpty, next != best.portfolio else { continue }
            let spot = try spot(next)
            if spot.excess > best.excess { best = spot }
        }
        return best
    }
}
