/// The reference against the outside truth: all published cases of Derive's portfolio margin 2, to
/// 10⁻⁹ of gross notional, with every step on the way that the venue states.

import Foundation
import TestKit
import Testing

@Suite("Derive's published cases")
struct ReferenceDeriveTests {
    /// The largest error allowed, as a share of gross notional.
    private static let tolerance: Precise = 1e-9

    @Test(
        "All 104 cases are reproduced to 1e-9 of gross notional",
        .enabled(if: SharedFiles.exist, "no shared folder"))
    func marginsMatch() throws {
        let cases = try #require(DeriveCase.all())
        #expect(cases.count == 104)
        var largest: Precise = 0
        for example in cases {
            let portfolio = example.portfolio
            let detail = Reference.deriveDetail(portfolio, example.parameters)
            let scale = max(portfolio.grossNotional, 1)
            for (name, expected, found) in ReferenceDeriveTests.amounts(of: example, detail) {
                let error = abs(expected - found) / scale
                largest = max(largest, error)
                #expect(
                    error <= ReferenceDeriveTests.tolerance,
                    "\(example.name): \(name) is \(found), not \(expected)")
            }
        }
        #expect(largest > 0)
    }

    @Test(
        "Discounts and shocked volatilities are those of the cases",
        .enabled(if: SharedFiles.exist, "no shared folder"))
    func factorsMatch() throws {
        for example in try #require(DeriveCase.all()) {
            let detail = Reference.deriveDetail(example.portfolio, example.parameters)
            // An expired option has discounts of one at the venue, since nothing is left to shock.
            let isExpired = example.portfolio.expiries.contains { $0.seconds <= 0 }
            let found = zip(detail.longDiscounts, detail.shortDiscounts).map { [$0, $1] }
            if !isExpired {
                expectClose(found, example.expectedTable("discount_factors"), example.name)
            }
            expectClose(
                [detail.upVolatilities], [example.expectedList("VolShockUpEvaluated")],
                example.name)
            expectClose(
                [detail.downVolatilities], [example.expectedList("VolShockDownEvaluated")],
                example.name)
        }
    }

    private func expectClose(_ found: [[Precise]], _ expected: [[Precise]], _ name: String) {
        let own = Array(found.joined())
        let venue = Array(expected.joined())
        #expect(own.count == venue.count, "\(name)")
        for (own, venue) in zip(own, venue) {
            #expect(abs(own - venue) <= 1e-12 * max(1, abs(venue)), "\(name): \(own), \(venue)")
        }
    }

    /// Every amount that the venue states, with its name and ours.
    private static func amounts(
        of example: DeriveCase, _ detail: Reference.DeriveDetail
    ) -> [(String, Precise, Precise)] {
        let initial = detail.result.initial
        let maintenance = detail.result.maintenance
        let portfolio = example.portfolio
        let options = detail.expiryValues.reduce(0, +)
        let collateral = portfolio.collaterals.reduce(0) { $0 + portfolio.value(of: $1) }
        let named: [(String, Precise)] = [
            ("IM", initial.left), ("MM", maintenance.left),
            ("PortfolioMTM", detail.result.equity), ("OptionMTM", options),
            ("CollateralMTM", collateral), ("ForwardContingency", detail.basisContingency),
            ("im_loss_factor", detail.initialFactor),
            ("MMPerpCont", -maintenance.charge("perpetual")),
            ("IMPerpCont", -initial.charge("perpetual initial")),
            ("MMOptionCont", -maintenance.charge("option")),
            ("IMOptionCont", -initial.charge("option initial")),
            ("MMBaseCont", -maintenance.charge("haircut")),
            ("IMBaseCont", -initial.charge("haircut initial")),
            ("OracleCont", -initial.charge("confidence")),
        ]
        var rows = named.map { name, found in (name, example.expected(name) ?? .nan, found) }
        let isExpired = portfolio.expiries.contains { $0.seconds <= 0 }
        if isExpired { return rows }
        let profits =
            example.expectedRows("reg_losses") + example.expectedRows("tail_losses")
            + example.expectedRows("skew_losses")
        rows.append(("scenarios", Precise(profits.count), Precise(initial.profits.count)))
        for (index, (venue, own)) in zip(profits, initial.profits).enumerated() {
            rows.append(("scenario \(index)", venue, own))
        }
        let values = zip(example.expectedList("OptionMTMPerExpiry"), detail.expiryValues)
        for (venue, own) in values { rows.append(("expiry", venue, own)) }
        let discounted = zip(
            example.expectedList("OptionMTMPerExpiryDiscounted"), detail.discountedValues)
        for (venue, own) in discounted { rows.append(("discounted expiry", venue, own)) }
        return rows
    }
}
