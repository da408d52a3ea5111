/// The two distributions that back-tests need: chi-square for likelihood ratios, and the binomial
/// for counts of breaches. In binary floating point: nothing of this feeds the engine.
import Foundation

/// A statistic with the chance of one at least as far out if the model is right.
package struct TestResult: Equatable, Sendable {
    package let statistic: Double
    /// In `0 ... 1`.
    package let pValue: Double
}

/// The chi-square distribution for the two degrees of freedom that occur, in closed form.
enum ChiSquare: Int {
    case oneDegree = 1
    case twoDegrees = 2

    /// The chance of a value of at least `value`, which is not negative.
    func survival(_ value: Double) -> Double {
        let half = max(0, value) / 2
        return switch self {
        case .oneDegree: erfc(half.squareRoot())
        case .twoDegrees: exp(-half)
        }
    }
}

/// The number of successes among independent trials.
struct Binomial {
    /// Positive.
    let trials: Int
    /// Of one trial, in `0 ..< 1`, exclusive of zero.
    let probability: Double

    /// The chances of 0, 1, … successes. Time and memory: O(trials).
    var masses: [Double] {
        var masses: [Double] = []
        masses.reserveCapacity(trials + 1)
        // In logarithms: the first of 26,000 trials at 5 % is below the smallest number.
        var logarithm = Double(trials) * log1p(-probability)
        let odds = log(probability) - log1p(-probability)
        for successes in 0...trials {
            masses.append(exp(logarithm))
            logarithm += log(Double(trials - successes) / Double(successes + 1)) + odds
        }
        return masses
    }

    /// The chance of at least so many successes, summed from the small end of the tail.
    func atLeast(_ successes: Int) -> Double {
        guard successes > 0 else { return 1 }
        return min(1, masses.dropFirst(successes).reversed().reduce(0, +))
    }
}
