/// What the engine says of a portfolio, ready to be shown: on the terminal, as JSON, as a page.

package import Documents
import Accounts
import Canonical
import FixedPoint
import Risk

/// The margin of one portfolio under one preset.
package struct PortfolioReport: Sendable {
    let file: String
    let preset: MarginPreset
    let time: Timestamp
    let cash: Amount
    let initial: MarginBreakdown
    let maintenance: MarginBreakdown
    /// Of the underlyings that are held, in the order of the file.
    let markets: [PortfolioMarket]
    /// In the order of the file.
    let positions: [PortfolioHolding]
    /// Those that are charged, in the order of `ChargeKind`.
    let charges: [PortfolioCharge]

    /// The names of the presets, Rampart's own first.
    package static var presets: [String] { MarginPreset.allCases.map(\.rawValue) }

    /// Reads a portfolio file and margins it.
    ///
    /// - Parameter preset: one of `presets`.
    /// - Throws: `InputFault` with file, line and field of what is wrong with it.
    package init(_ source: GenesisFile, preset name: String) throws(InputFault) {
        guard let preset = MarginPreset(rawValue: name) else {
            throw InputFault(
                file: source.path, line: nil,
                reason: "there is no preset '\(name)'; known are "
                    + PortfolioReport.presets.joined(separator: ", "))
        }
        let portfolio = try PortfolioDocument.portfolio(source)
        let venue = try PortfolioVenue.holding(portfolio, preset: preset)
        file = portfolio.file
        self.preset = preset
        time = portfolio.time
        cash = portfolio.cash
        initial = venue.initialMargin
        maintenance = venue.maintenanceMargin
        positions = venue.holdings
        markets = venue.markets
        charges = venue.charges
    }
}

/// One underlying that is held.
struct PortfolioMarket: Sendable {
    let symbol: String
    let index: IndexPrice
    let initial: ScenarioProfile
    let maintenance: ScenarioProfile
    let greeks: PortfolioGreeks
}

/// One position with what it is worth.
struct PortfolioHolding: Sendable {
    let name: String
    /// 10⁻⁹ units, signed.
    let size: Int64
    let mark: IndexPrice
    /// Of an option, in the engine's numbers; nil of anything else.
    let volatility: Real?
    /// What it adds to equity at the mark.
    let equity: Amount
    /// Beyond what it cost.
    let profit: Amount
    let greeks: PortfolioGreeks
    let initialCharge: Amount
    let maintenanceCharge: Amount
}

/// What is charged for one reason.
struct PortfolioCharge: Sendable {
    let kind: ChargeKind
    let initial: Amount
    let maintenance: Amount
}

extension PortfolioVenue {
    var initialMargin: MarginBreakdown { risk.initialMargin(of: account, in: balances) }

    var maintenanceMargin: MarginBreakdown { risk.maintenanceMargin(of: account, in: balances) }

    var holdings: [PortfolioHolding] {
        let initial = risk.chargeParts(of: account, under: .initial)
        let maintenance = risk.chargeParts(of: account, under: .maintenance)
        var holdings: [PortfolioHolding] = []
        for (place, position) in portfolio.positions.enumerated() {
            let instrument = instruments[place]
            func sum(_ parts: [ChargePart]) -> Amount {
                parts.reduce(.zero) { $1.instrument == instrument ? $0 + $1.amount : $0 }
            }
            let valuation = risk.instruments[Int(instrument.number)]
            let held = balances[account].positions.first { $0.instrument == instrument }
            let (value, bits) = (valuation.markValue, valuation.fractionBits)
            holdings.append(
                PortfolioHolding(
                    name: position.name, size: size(of: position), mark: marks[place],
                    volatility: models[place].map { _ in volatility(of: position) },
                    equity: held?.equity(lotValue: value, fractionBits: bits) ?? .zero,
                    profit: held?.unrealisedProfit(lotValue: value, fractionBits: bits) ?? .zero,
                    greeks: greeks(place), initialCharge: sum(initial),
                    maintenanceCharge: sum(maintenance)))
        }
        return holdings
    }

    var markets: [PortfolioMarket] {
        let initial = risk.scenarioProfiles(of: account, under: .initial)
        let maintenance = risk.scenarioProfiles(of: account, under: .maintenance)
        return zip(initial, maintenance).map { initial, maintenance in
            let place = Int(initial.underlying.number)
            var greeks = PortfolioGreeks()
            for (position, entry) in portfolio.positions.enumerated()
            where entry.underlying == place {
                greeks = greeks + self.greeks(position)
            }
            let underlying = portfolio.underlyings[place]
            return PortfolioMarket(
                symbol: underlying.symbol, index: underlying.index, initial: initial,
                maintenance: maintenance, greeks: greeks)
        }
    }

    var charges: [PortfolioCharge] {
        let initial = risk.chargeParts(of: account, under: .initial)
        let maintenance = risk.chargeParts(of: account, under: .maintenance)
        return ChargeKind.allCases.compactMap { kind in
            func sum(_ parts: [ChargePart]) -> Amount {
                parts.reduce(.zero) { $1.kind == kind ? $0 + $1.amount : $0 }
            }
            let row = PortfolioCharge(
                kind: kind, initial: sum(initial), maintenance: sum(maintenance))
            return row.initial.isPositive || row.maintenance.isPositive ? row : nil
        }
    }

    /// 10⁻⁹ units. Within what the proof of `Bounds` allows of lots.
    private func size(of position: PortfolioPosition) -> Int64 {
        Int64(
            clamping: Int128(position.quantity.units)
                * Int128(portfolio.underlyings[position.underlying].lotSize))
    }

    private func greeks(_ place: Int) -> PortfolioGreeks {
        let position = portfolio.positions[place]
        let size = Int128(size(of: position))
        if let model = models[place] { return PortfolioGreeks(model, size: size) }
        var share = Real.one
        if let place = position.expiry {
            let view = portfolio.underlyings[position.underlying].expiries[place]
                .view(at: portfolio.time)
            share = .one - Real(view.fixedShare)
        }
        return PortfolioGreeks(linear: size, share: share)
    }
}
