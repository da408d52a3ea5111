/// The reference's option values against what must hold whatever the model, and against numbers
/// computed by hand or printed elsewhere.

import Foundation
import Testing

@Suite("Option values of the margin reference")
struct ReferencePricingTests {
    private let year = ReferencePricing.year

    /// An option with one year left, or as stated.
    private func value(
        strike: Precise, isCall: Bool, volatility: Precise = 0.2, expiry: ReferenceExpiry
    ) -> Precise {
        let option = ReferenceOption(
            expiry: 0, strike: strike, isCall: isCall, volatility: volatility, quantity: 1)
        return ReferencePricing.value(
            of: option, expiry: expiry, forward: expiry.forward, volatility: volatility)
    }

    @Test("The normal distribution has its printed values")
    func normalDistribution() {
        #expect(PreciseNormal.cumulative(0) == 0.5)
        // Abramowitz and Stegun, table 26.1.
        #expect(abs(PreciseNormal.cumulative(1) - 0.841344746068543) < 1e-15)
        #expect(abs(PreciseNormal.cumulative(-2) - 0.022750131948179) < 1e-15)
    }

    @Test("An option at the money is worth the textbook's 7.9656 of 100")
    func textbookValue() {
        let expiry = ReferenceExpiry(seconds: year, forward: 100)
        #expect(abs(value(strike: 100, isCall: true, expiry: expiry) - 7.965567455405804) < 1e-12)
    }

    @Test("Call less put is the discounted forward less strike, before and inside the window")
    func parity() {
        for seconds: Precise in [0, 1, 900, 1_799, 1_800, 86_400, 31_536_000] {
            for window: Precise in [0, 1_800] {
                let fixed = window > seconds ? 1 - seconds / window : 0
                let expiry = ReferenceExpiry(
                    seconds: seconds, forward: 1_000, rate: 0.05, window: window,
                    fixedShare: fixed, fixedAverage: 990)
                let settled = fixed * 990 + (1 - fixed) * 1_000
                for strike: Precise in [100, 985, 995, 1_000, 5_000] {
                    let call = value(strike: strike, isCall: true, expiry: expiry)
                    let put = value(strike: strike, isCall: false, expiry: expiry)
                    let expected = ReferencePricing.discount(expiry) * (settled - strike)
                    #expect(abs(call - put - expected) < 1e-12)
                    #expect(call >= 0 && put >= 0)
                }
            }
        }
    }

    @Test(
        "Averaging takes two thirds of the window's variance before it and inside a third is left")
    func averagedVariance() {
        func variance(_ seconds: Precise, window: Precise) -> Precise {
            ReferencePricing.variance(
                volatility: 1,
                expiry: ReferenceExpiry(seconds: seconds, forward: 1, window: window)) * year
        }
        #expect(abs(variance(3_600, window: 0) - 3_600) < 1e-9)
        #expect(abs(variance(3_600, window: 1_800) - 2_400) < 1e-9)
        #expect(abs(variance(1_800, window: 1_800) - 600) < 1e-9)
        #expect(abs(variance(1_799, window: 1_800) - 1_799.0 / 3) < 1e-9)
        #expect(variance(0, window: 1_800) == 0)
        #expect(variance(-5, window: 0) == 0)
    }

    @Test("Delta is the slope of the value")
    func deltaIsSlope() {
        for seconds: Precise in [600, 3_600, 864_000] {
            var expiry = ReferenceExpiry(
                seconds: seconds, forward: 1_000, rate: 0.1, window: 1_800)
            if seconds < 1_800 {
                expiry.fixedShare = 2.0 / 3
                expiry.fixedAverage = 1_003
            }
            for strike: Precise in [950, 1_000, 1_001, 1_100] {
                for isCall in [true, false] {
                    let option = ReferenceOption(
                        expiry: 0, strike: strike, isCall: isCall, volatility: 0.7, quantity: 1)
                    func value(_ forward: Precise) -> Precise {
                        ReferencePricing.value(
                            of: option, expiry: expiry, forward: forward, volatility: 0.7)
                    }
                    let step: Precise = 0.001
                    let slope = (value(1_000 + step) - value(1_000 - step)) / (2 * step)
                    let delta = ReferencePricing.delta(of: option, expiry: expiry)
                    #expect(abs(slope - delta) < 1e-5)
                }
            }
        }
    }
}
