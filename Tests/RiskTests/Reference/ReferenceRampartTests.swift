/// Rampart's own rule on portfolios whose margins can be worked out by hand, with both sides of
/// every limit, and on portfolios by chance for what must hold of it.

import Foundation
import Testing

@Suite("Rampart's rule in the margin reference")
struct ReferenceRampartTests {
    private let index = HandPortfolio.index

    /// The rule with its defaults: a margin move of 15 %.
    private func rule(_ portfolio: ReferencePortfolio) -> RampartRule {
        RampartRule(portfolio: portfolio, parameters: Reference.RampartParameters())
    }

    @Test("There are 40 scenarios, and no more than 48 with strikes about to expire")
    func scenarioCount() {
        var portfolio = HandPortfolio.empty()
        #expect(rule(portfolio).scenarios.count == 40)
        for place: Precise in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] {
            portfolio.listedStrikes.append(
                ReferenceStrike(seconds: 3_600, strike: index + place * 500))
        }
        #expect(rule(portfolio).scenarios.count == 48)
    }

    @Test("A strike takes part if it is near, within the move and not yet listed")
    func strikeLimits() {
        func moves(_ listed: [(Precise, Precise)]) -> [Precise] {
            var portfolio = HandPortfolio.empty()
            portfolio.listedStrikes = listed.map {
                ReferenceStrike(seconds: $0.0, strike: $0.1)
            }
            return rule(portfolio).scenarios.dropFirst(40).compactMap { scenario in
                guard case .price(let price) = scenario else { return nil }
                #expect(price.volatility == .none && price.weight == 1)
                return price.move
            }
        }
        #expect(moves([(172_800, 110_000)]).count == 1)
        #expect(moves([(172_801, 110_000)]).isEmpty)
        #expect(moves([(0, 110_000)]).count == 1)
        #expect(moves([(-1, 110_000)]).isEmpty)
        #expect(moves([(3_600, 115_000), (3_600, 85_000)]).count == 2)
        #expect(moves([(3_600, 115_001), (3_600, 84_999)]).isEmpty)
        #expect(moves([(3_600, 110_000), (7_200, 110_000)]).count == 1)
        expectClose(moves([(3_600, 110_000)])[0], 0.1)
    }

    @Test("Of too many strikes the nearest to the index count, of two equally near the lower")
    func nearestStrikes() {
        var portfolio = HandPortfolio.empty()
        for place: Precise in [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6] {
            portfolio.listedStrikes.append(
                ReferenceStrike(seconds: 3_600, strike: index + place * 1_000))
        }
        let scenarios = rule(portfolio).scenarios
        #expect(scenarios.count == 48)
        guard case .price(let first) = scenarios[40], case .price(let last) = scenarios[47]
        else {
            Issue.record("strikes are price scenarios")
            return
        }
        expectClose(first.move, -0.04)
        expectClose(last.move, 0.04)
    }

    @Test("A perpetual asks the move and the gross floor, 1.5 times the move for initial margin")
    func perpetual() {
        for quantity: Precise in [1, -1] {
            let result = Reference.rampart(HandPortfolio.perpetual(quantity))
            expectClose(result.maintenance.requirement, 15_000 + 625)
            expectClose(result.initial.requirement, 22_500 + 625)
            expectClose(result.initial.left, -23_125)
        }
        var portfolio = HandPortfolio.perpetual(1)
        portfolio.listedStrikes = [ReferenceStrike(seconds: 1_000_000, strike: index)]
        expectClose(Reference.rampart(portfolio).initial.requirement, 1.3 * 15_000 + 625)
    }

    @Test("A price keeps a millionth in the largest fall")
    func leastRemainder() {
        var parameters = Reference.RampartParameters()
        parameters.move = 0.6
        let result = Reference.rampart(HandPortfolio.perpetual(1), parameters)
        // −3·60 % would be −180 %; all but a millionth with a third is less than 60 % in full.
        expectClose(result.maintenance.profits[32], -(100_000 - 0.1) / 3)
        expectClose(result.maintenance.scenarioLoss, 60_000)
    }

    @Test("A long call asks what it can lose in the scenarios and the gross floor")
    func longCall() {
        var portfolio = HandPortfolio.empty()
        portfolio.options = [HandPortfolio.option(1, strike: 105_000, isCall: true)]
        let value = portfolio.value(of: portfolio.options[0])
        let result = Reference.rampart(portfolio)
        #expect(result.maintenance.scenarioLoss < value)
        #expect(result.maintenance.worst == 5)
        expectClose(result.maintenance.requirement, result.maintenance.scenarioLoss + 625)
        // Price −15 %, volatility 0.6·0.75.
        let after = ReferencePricing.black(
            forward: 85_000, strike: 105_000, variance: 0.2025 * 30 / 365, isCall: true)
        expectClose(result.maintenance.scenarioLoss, value - after)
        expectClose(result.initial.scenarioLoss, 1.3 * (value - after))
    }

    @Test("A shock up widens with the age of the surface, and twice at the most")
    func surfaceAge() {
        var portfolio = HandPortfolio.empty()
        portfolio.options = [HandPortfolio.option(1, strike: 100_000, isCall: true)]
        func profitUp(age: Precise) -> Precise {
            portfolio.surfaceAge = age
            return Reference.rampart(portfolio).maintenance.profits[2]
        }
        func expected(_ volatility: Precise) -> Precise {
            ReferencePricing.black(
                forward: 100_000, strike: 100_000, variance: volatility * volatility * 30 / 365,
                isCall: true) - portfolio.value(of: portfolio.options[0])
        }
        expectClose(profitUp(age: 0), expected(0.9))
        expectClose(profitUp(age: 150), expected(1.05))
        expectClose(profitUp(age: 300), expected(1.2))
        expectClose(profitUp(age: 400), expected(1.2))
    }

    @Test("A shock down never raises a volatility and a shock up never stays below a tenth")
    func leastVolatility() {
        for (volatility, up, down): (Precise, Precise, Precise) in [
            (0.06, 0.10, 0.06), (0.12, 0.18, 0.10), (0.60, 0.90, 0.45),
        ] {
            var portfolio = HandPortfolio.empty()
            portfolio.options = [
                HandPortfolio.option(1, strike: 100_000, isCall: true, volatility: volatility)
            ]
            let profits = Reference.rampart(portfolio).maintenance.profits
            for (place, shocked) in [(2, up), (17, down)] {
                let after = ReferencePricing.black(
                    forward: 100_000, strike: 100_000, variance: shocked * shocked * 30 / 365,
                    isCall: true)
                expectClose(profits[place], after - portfolio.value(of: portfolio.options[0]))
            }
        }
    }

    @Test("A butterfly sold between grid points asks what it can truly lose")
    func shortButterfly() {
        for seconds: Precise in [3_600, 3 * 86_400] {
            var portfolio = HandPortfolio.empty(seconds: seconds)
            for (strike, quantity): (Precise, Precise) in [
                (100_500, -1), (102_000, 2), (103_500, -1),
            ] {
                portfolio.options.append(
                    HandPortfolio.option(
                        quantity, strike: strike, isCall: true, volatility: 0.3))
                portfolio.listedStrikes.append(
                    ReferenceStrike(seconds: seconds, strike: strike))
            }
            // At the middle strike at expiry it owes its width and keeps its premium.
            let truth = 1_500 + portfolio.equity
            let result = Reference.rampart(portfolio)
            #expect(result.maintenance.requirement >= truth)
            expectClose(result.maintenance.charge("short option"), 2 * 1_000)
        }
        // The grid alone sees next to nothing of it an hour before the expiry.
        var portfolio = HandPortfolio.empty(seconds: 3_600)
        for (strike, quantity): (Precise, Precise) in [
            (100_500, -1), (102_000, 2), (103_500, -1),
        ] {
            portfolio.options.append(
                HandPortfolio.option(quantity, strike: strike, isCall: true, volatility: 0.1))
        }
        let grid = Reference.rampart(portfolio).maintenance
        #expect(grid.scenarioLoss < 0.01 * index)
        portfolio.listedStrikes = [ReferenceStrike(seconds: 3_600, strike: 102_000)]
        let withStrike = Reference.rampart(portfolio).maintenance
        #expect(withStrike.worst == 40)
        #expect(withStrike.scenarioLoss > grid.scenarioLoss)
        #expect(withStrike.scenarioLoss > 0.0125 * index)
    }

    @Test("A calendar of futures asks the difference of their bases")
    func calendar() {
        var portfolio = HandPortfolio.perpetual(1)
        portfolio.expiries[0].seconds = ReferencePricing.year / 5
        portfolio.linears.append(ReferenceLinear(expiry: 0, mark: index, quantity: -1))
        let result = Reference.rampart(portfolio)
        // 0.5 % + 10 %·0.2 = 2.5 % against 0.5 %: a rise of the basis loses 2 000.
        #expect(result.maintenance.worst == 34)
        expectClose(result.maintenance.scenarioLoss, 2_000)
        expectClose(result.maintenance.requirement, 2_000 + 1_250)
        // From 0.45 years on the basis moves 5 % and no more.
        portfolio.expiries[0].seconds = ReferencePricing.year
        expectClose(Reference.rampart(portfolio).maintenance.scenarioLoss, 4_500)
    }

    @Test("Skew turns the smile by a tenth per deviation, within two, and the wings both ways")
    func skew() {
        let deviation = Precise(0.6) * (Precise(30) / 365).squareRoot()
        for (distance, counted): (Precise, Precise) in [(-1, -1), (1.5, 1.5), (3, 2)] {
            var portfolio = HandPortfolio.empty()
            let strike = index * exp(distance * deviation)
            portfolio.options = [HandPortfolio.option(1, strike: strike, isCall: false)]
            let profits = Reference.rampart(portfolio).maintenance.profits
            let signed = [counted, -counted, abs(counted), -abs(counted)]
            for (place, change) in zip(36..., signed) {
                let volatility = 0.6 * (1 + change / 10)
                let after = ReferencePricing.black(
                    forward: index, strike: strike, variance: volatility * volatility * 30 / 365,
                    isCall: false)
                expectClose(
                    profits[place], after - portfolio.value(of: portfolio.options[0]), 1e-9)
            }
        }
    }

    @Test("Options are revalued at the forward that the basis moves")
    func optionBasis() {
        var portfolio = HandPortfolio.empty(seconds: 73 * 86_400)
        portfolio.options = [HandPortfolio.option(2, strike: 110_000, isCall: true)]
        let profits = Reference.rampart(portfolio).maintenance.profits
        // 0.5 % + 10 %·0.2.
        for (place, move): (Int, Precise) in [(34, 0.025), (35, -0.025)] {
            let after = ReferencePricing.black(
                forward: 100_000 * (1 + move), strike: 110_000, variance: 0.36 / 5, isCall: true)
            expectClose(profits[place], 2 * (after - portfolio.value(of: portfolio.options[0])))
        }
    }

    @Test("A conversion asks the gross floor of its three legs only: call less put is the future")
    func conversion() {
        var portfolio = HandPortfolio.empty()
        portfolio.options = [
            HandPortfolio.option(1, strike: 97_000, isCall: true),
            HandPortfolio.option(-1, strike: 97_000, isCall: false),
        ]
        portfolio.linears = [ReferenceLinear(expiry: 0, mark: index, quantity: -1)]
        let result = Reference.rampart(portfolio)
        expectClose(result.maintenance.scenarioLoss, 0, 1e-9)
        // The put that is sold is offset by the call of its strike.
        expectClose(result.maintenance.requirement, 3 * 625, 1e-9)
    }

    @Test("The short option floor is 1 % of the index, and a sixteenth of a large move")
    func shortOptionFloor() {
        var portfolio = HandPortfolio.empty()
        portfolio.options = [HandPortfolio.option(-2, strike: 500_000, isCall: true)]
        expectClose(Reference.rampart(portfolio).maintenance.charge("short option"), 2_000)
        var parameters = Reference.RampartParameters()
        parameters.move = 0.16
        expectClose(
            Reference.rampart(portfolio, parameters).maintenance.charge("short option"), 2_000)
        parameters.move = 0.24
        expectClose(
            Reference.rampart(portfolio, parameters).maintenance.charge("short option"), 3_000)
    }

    @Test("Open orders count in the charges of initial margin, at their worse side")
    func orders() {
        var portfolio = HandPortfolio.perpetual(2)
        portfolio.linears[0].buys = 1
        portfolio.linears[0].sells = 6
        portfolio.fundingRate = 0.001
        portfolio.options = [HandPortfolio.option(1, strike: 500_000, isCall: true)]
        portfolio.options[0].sells = 3
        let result = Reference.rampart(portfolio)
        expectClose(result.maintenance.charge("gross floor"), 1_250)
        expectClose(result.initial.charge("gross floor"), 2_500)
        expectClose(result.maintenance.charge("funding"), 200)
        expectClose(result.initial.charge("funding"), 300)
        expectClose(result.maintenance.charge("short option"), 0)
        expectClose(result.initial.charge("short option"), 2_000)
        portfolio.fundingRate = -0.001
        let paid = Reference.rampart(portfolio)
        expectClose(paid.maintenance.charge("funding"), 0)
        expectClose(paid.initial.charge("funding"), 400)
    }

    @Test("Concentration begins above a thousandth of the daily volume")
    func concentration() {
        // 10 units of 100 000 are a thousandth of a billion.
        expectClose(
            Reference.rampart(HandPortfolio.perpetual(10)).initial.charge("concentration"), 0)
        // 40 units: 4 million, 3 % and √0.004 − √0.001 = √0.001.
        expectClose(
            Reference.rampart(HandPortfolio.perpetual(40)).initial.charge("concentration"),
            4_000_000 * 0.03 * Precise(0.001).squareRoot(), 1e-9)
    }

    @Test("Spot is moved by prices, not by the basis, and pays its haircuts")
    func spot() {
        var portfolio = HandPortfolio.empty()
        portfolio.collaterals = [
            ReferenceCollateral(
                price: index, quantity: 1, isUnderlying: true, initialHaircut: 0.10,
                maintenanceHaircut: 0.05)
        ]
        let result = Reference.rampart(portfolio)
        expectClose(result.equity, 100_000)
        expectClose(result.maintenance.profits[34], 0)
        expectClose(result.maintenance.requirement, 15_000 + 5_000)
        expectClose(result.initial.requirement, 22_500 + 10_000)
    }

    @Test("Below 99 cents the quote asset's peg asks four times what is missing, of all held")
    func peg() {
        var portfolio = HandPortfolio.perpetual(-1)
        portfolio.options = [HandPortfolio.option(2, strike: 500_000, isCall: true)]
        portfolio.quotePrice = 0.99
        expectClose(Reference.rampart(portfolio).maintenance.charge("peg"), 0)
        portfolio.quotePrice = 0.98
        expectClose(Reference.rampart(portfolio).maintenance.charge("peg"), 0.04 * 300_000)
    }

    @Test("Inside the averaging window only what is not fixed moves")
    func settlementWindow() {
        var portfolio = HandPortfolio.empty(seconds: 450)
        portfolio.expiries[0].window = 1_800
        portfolio.expiries[0].fixedShare = 0.75
        portfolio.expiries[0].fixedAverage = 100_000
        portfolio.linears = [ReferenceLinear(expiry: 0, mark: index, quantity: 1)]
        expectClose(Reference.rampart(portfolio).maintenance.scenarioLoss, 15_000 / 4)
        // A call far in the money is a future.
        portfolio.linears = []
        portfolio.options = [HandPortfolio.option(1, strike: 50_000, isCall: true)]
        expectClose(Reference.rampart(portfolio).maintenance.scenarioLoss, 15_000 / 4)
    }

    @Test("Initial margin is never below maintenance, with orders and without")
    func initialIsLarger() {
        for seed in 0..<100 as Range<UInt64> {
            var portfolio = ReferencePortfolio.random(preset: .rampart, seed: seed)
            for _ in 0..<2 {
                let result = Reference.rampart(portfolio)
                #expect(result.initial.requirement >= result.maintenance.requirement)
                for (own, other) in zip(result.initial.charges, result.maintenance.charges) {
                    #expect(own.amount >= other.amount, "seed \(seed): \(own.name)")
                    #expect(other.amount >= 0)
                }
                portfolio.addOrders(seed: seed)
            }
        }
    }

    @Test("Two portfolios together never ask more than both apart, but for their concentration")
    func isSubadditive() {
        for seed in 0..<60 as Range<UInt64> {
            let whole = ReferencePortfolio.random(preset: .rampart, seed: seed)
            var first = whole
            var second = whole
            for index in whole.options.indices {
                if index.isMultiple(of: 2) {
                    first.options[index].quantity = 0
                } else {
                    second.options[index].quantity = 0
                }
            }
            first.linears = []
            second.collaterals = []
            func requirement(_ portfolio: ReferencePortfolio) -> Precise {
                let margin = Reference.rampart(portfolio).maintenance
                return margin.requirement - margin.charge("concentration")
            }
            let apart = requirement(first) + requirement(second)
            #expect(requirement(whole) <= apart * (1 + 1e-15), "seed \(seed)")
        }
    }
}
