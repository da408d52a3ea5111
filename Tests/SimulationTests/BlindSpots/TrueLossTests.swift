/// The full revaluation: against numbers worked out by hand, and against the engine at the points
/// that both look at.
import FixedPoint
import Risk
import Testing

@testable import Simulation

@Test(arguments: [
    (MarginPreset.rampart, Int64(120)), (.deribit, 160), (.paradex, 160), (.derive, 180),
    (.span, 160),
])
func theRangeIsTheLargestMoveThatCountsInFull(_ preset: MarginPreset, _ range: Int64) {
    #expect(TrueLoss(preset.parameters()).range == range)
}

@Test func aPerpetualLosesTheWholeRange() {
    let portfolio = BlindSpotPortfolio(legs: [], perpetual: -20, volatility: 50)
    let worst = TrueLoss(.rampartOptions()).worst(of: portfolio)
    #expect(worst.move == 120 && abs(worst.profit + 0.24) < 1e-12)
}

@Test func blackAgreesWithKnownValues() {
    // At the money 2·N(v/2) − 1; far in and out of it what is certain.
    #expect(abs(TrueLoss.black(1, 1, 0.2, isCall: true) - 0.079_655_674_554_058) < 1e-12)
    #expect(abs(TrueLoss.black(1, 0.5, 0.01, isCall: true) - 0.5) < 1e-12)
    #expect(TrueLoss.black(1, 1.1, 0, isCall: true) == 0)
    #expect(abs(TrueLoss.black(1, 1.1, 0, isCall: false) - 0.1) < 1e-12)
    let parity =
        TrueLoss.black(1.05, 0.97, 0.3, isCall: true)
        - TrueLoss.black(1.05, 0.97, 0.3, isCall: false)
    #expect(abs(parity - 0.08) < 1e-12)
}

@Test func volatilityIsShockedAsTheDocumentSays() {
    let loss = TrueLoss(.rampartOptions())
    #expect(abs(loss.shocked(0.6, days: 30, .up) - 0.9) < 1e-12)
    #expect(abs(loss.shocked(0.6, days: 30, .down) - 0.45) < 1e-12)
    #expect(loss.shocked(0.6, days: 30, .unchanged) == 0.6)
    // Less than a day counts as one: (30)^0.3 = 2.7742…
    #expect(abs(loss.shocked(0.6, days: 0.1, .up) - 0.6 * (1 + 0.5 * 2.774_190_6)) < 1e-6)
    #expect(loss.shocked(0.2, days: 1, .down) == 0.1 && loss.shocked(0.06, days: 1, .down) == 0.06)
}

@Test func theEngineAgreesWhereBothLook() throws {
    // A long put far out: the worst is the top of the range with volatility down, a grid point.
    let leg = BlindSpotPortfolio.Leg(hours: 24 * 60, strike: 950, isCall: false, tenths: 10)
    let portfolio = BlindSpotPortfolio(legs: [leg], volatility: 60)
    var bare = MarginParameters.rampartOptions()
    bare.maintenance = MarginRule(
        scenarios: bare.maintenance.scenarios, factor: .one, charges: Charges())
    let spot = try BlindSpotSearch(bare, seed: 1).spot(portfolio)
    #expect(spot.worst.move == 120 && spot.worst.volatility == .down)
    #expect(abs(spot.loss - spot.requirement) < 1e-7, "\(spot.loss) \(spot.requirement)")
}

@Test func legsOfOneOptionAreOne() {
    let leg = BlindSpotPortfolio.Leg(hours: 24, strike: 1_015, isCall: true, tenths: 15)
    var other = leg
    other.tenths = -5
    var gone = leg
    gone.isCall = false
    gone.tenths = 0
    let netted = BlindSpotPortfolio(
        legs: [leg, gone, other], perpetual: -3, volatility: 40
    ).netted
    #expect(netted.description == "σ 40 %: +1.0 C 101.5 % 1 d, −0.3 perpetual")
    #expect(abs(netted.gross - 1.3) < 1e-12)
}
