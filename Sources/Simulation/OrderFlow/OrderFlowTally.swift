/// What is counted while a file runs through the engine.

import Ledger

/// Counts of the engine's side.
struct OrderFlowTally {
    var blocks = 0
    var transactions = 0
    /// Commands of the file's flow; those that open accounts are not counted.
    var commands = 0
    var trades = 0
    /// Steps that the engine had taken by itself, because it matches at once what a file tells
    /// later.
    var alreadyDone = 0
    /// Executions that traded with the order that the file names, and nothing else.
    var executedAsNamed = 0
    /// Executions that traded with another order, or not in full.
    var executedElsewhere = 0
    /// Orders that were brought back to the file's state after that.
    var repaired = 0
    var refusals: [Refusal: Int] = [:]
    /// Nanoseconds inside `Ledger.apply`.
    var applyNanoseconds: UInt64 = 0

    mutating func count(_ refusal: Refusal) { refusals[refusal, default: 0] += 1 }
}

/// How often something was compared, how often it agreed, and why it did not.
struct OrderFlowAgreement {
    private(set) var compared = 0
    private(set) var agreed = 0
    private(set) var reasons: [String: Int] = [:]

    mutating func agree() {
        compared += 1
        agreed += 1
    }

    mutating func disagree(_ reason: String) {
        compared += 1
        reasons[reason, default: 0] += 1
    }
}
