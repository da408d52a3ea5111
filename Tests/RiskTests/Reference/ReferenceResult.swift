/// What the margin reference gives: everything on the way to a requirement, so that a difference
/// can be traced to the step that made it.

/// A charge outside the scenarios.
struct ReferenceCharge: Equatable {
    var name: String
    /// At least zero.
    var amount: Precise
}

/// One rule's outcome for one portfolio.
struct ReferenceMargin {
    /// The result of every scenario, weighted, before the rule's factor; a loss is negative.
    var profits: [Precise]
    /// The scenario that asks most: an index into `profits`, the number of scenarios for a
    /// contingency that takes part in the minimum, nil when none loses.
    var worst: Int?
    /// What the worst scenario asks after the rule's factor, at least zero.
    var scenarioLoss: Precise
    var charges: [ReferenceCharge]
    /// What the rule asks in all.
    var requirement: Precise
    /// Equity less the requirement.
    var left: Precise

    /// The amount of the charge of that name; zero where there is none.
    func charge(_ name: String) -> Precise {
        charges.first { $0.name == name }?.amount ?? 0
    }

    /// The common ending of all rules: the loss and the charges add up.
    init(
        equity: Precise, profits: [Precise], worst: Int?, scenarioLoss: Precise,
        charges: [ReferenceCharge]
    ) {
        self.profits = profits
        self.worst = worst
        self.scenarioLoss = scenarioLoss
        self.charges = charges
        requirement = charges.reduce(scenarioLoss) { $0 + $1.amount }
        left = equity - requirement
    }
}

/// Both rules' outcomes.
struct ReferenceResult {
    var equity: Precise
    var initial: ReferenceMargin
    var maintenance: ReferenceMargin
}

extension Reference {
    /// The least of some profits and where it stands: nil and zero when none is below zero.
    static func worst(of profits: [Precise]) -> (index: Int?, profit: Precise) {
        var index: Int?
        var least: Precise = 0
        for (position, profit) in profits.enumerated() where profit < least {
            index = position
            least = profit
        }
        return (index, least)
    }
}
