/// What a scenario file expects of one of its runs: a measure of someone or something, and bounds.

/// What is measured.
package enum AttackMeasure: String, CaseIterable, Sendable {
    // Of an account or a group of accounts, in quote units.
    /// What it has at the end and took out, less what it brought in and spent elsewhere. An account
    /// below zero counts as nothing: its owner walks away.
    case profit
    /// What it took out beyond what it brought in.
    case withdrawn
    /// What liquidation closed of its positions.
    case liquidated
    /// How many liquidations of its accounts began.
    case liquidations

    // Of a compartment, in quote units.
    /// What the insurance fund paid for bankrupt accounts.
    case insurance
    /// What accounts owe at the end that nobody can be asked for.
    case badDebt
    /// What profitable accounts paid for bankrupt ones.
    case shared
    /// Nothing of all that, and no liquidation: 1, else 0.
    case untouched

    // Of an instrument.
    /// The highest open interest at the mark, in quote units.
    case openInterest
    /// What was closed against the other side, in quote units.
    case deleveraged
    /// The highest level that breakers gave it: 0 normal, 1 auctions only, 2 reduce only, 3 halted.
    case level

    // Of an underlying, in quote units.
    case highestIndex
    case lowestIndex

    // Counts, by name.
    /// Commands and observations refused for a reason.
    case refused
    /// Events of a kind.
    case event

    /// What it is taken of.
    enum Subject { case accounts, compartment, instrument, underlying, refusal, event }

    var subject: Subject {
        switch self {
        case .profit, .withdrawn, .liquidated, .liquidations: .accounts
        case .insurance, .badDebt, .shared, .untouched: .compartment
        case .openInterest, .deleveraged, .level: .instrument
        case .highestIndex, .lowestIndex: .underlying
        case .refused: .refusal
        case .event: .event
        }
    }

    /// Whether it is a number of things rather than an amount in 10⁻⁶.
    var isCount: Bool {
        switch self {
        case .liquidations, .untouched, .level, .refused, .event: true
        default: false
        }
    }
}

/// A bound on a measure of one run.
package struct AttackExpectation: Sendable {
    /// Whether it speaks of the run with every defence on.
    package let isDefended: Bool
    package let measure: AttackMeasure
    /// Whom or what it is taken of.
    package let of: String
    /// In the unit of the measure.
    let least: Int64?
    let most: Int64?
    let line: Int

    /// Whether a value keeps it.
    func isMet(by value: Int64) -> Bool {
        value >= least ?? .min && value <= most ?? .max
    }

    /// The bounds in words.
    var bounds: String {
        if measure == .untouched { return "yes" }
        return switch (least, most) {
        case (let least?, let most?) where least == most: text(of: least)
        case (let least?, let most?): "\(text(of: least)) … \(text(of: most))"
        case (let least?, nil): "at least \(text(of: least))"
        case (nil, let most?): "at most \(text(of: most))"
        case (nil, nil): "any"
        }
    }

    /// A value of the measure in words.
    func text(of value: Int64) -> String { measure.text(of: value) }
}

extension AttackMeasure {
    /// A value in words.
    func text(of value: Int64) -> String {
        switch self {
        case .untouched: value == 1 ? "yes" : "no"
        case _ where isCount: ReportText.count(Int(value))
        case .highestIndex, .lowestIndex:
            ReportText.decimal(value, scale: 6, digits: abs(value) < 100_000_000 ? 4 : 2)
        default: ReportText.money(value)
        }
    }
}
