/// A venue that lists what a portfolio holds and nothing else, with one account that holds it: its
/// margin comes from `Risk`, the code that the ledger runs.

import Documents
import Accounts
import Canonical
import Catalogue
import FixedPoint
import Risk

/// The venue of one portfolio under one preset.
struct PortfolioVenue: ~Copyable {
    let portfolio: Portfolio
    let account: AccountIdentifier
    /// By position.
    let instruments: [InstrumentIdentifier]
    /// By position.
    private(set) var marks: [IndexPrice] = []
    /// By position: nil where it is no option.
    private(set) var models: [OptionModel?] = []
    private(set) var balances: AccountsState
    private(set) var risk: RiskState

    private static let compartment = CompartmentIdentifier(0)

    /// A venue with everything valued and held.
    ///
    /// - Throws: `InputFault` where the sizes go beyond what the engine is proven for.
    static func holding(
        _ portfolio: Portfolio, preset: MarginPreset
    ) throws(InputFault) -> PortfolioVenue {
        let listing = try PortfolioListing(portfolio)
        let catalogue = try listing.catalogue()
        var parameters: [MarginParameters] = []
        for underlying in portfolio.underlyings {
            parameters.append(try PortfolioVenue.parameters(underlying, preset, portfolio))
        }
        var venue = PortfolioVenue(portfolio, listing.identifiers, catalogue, parameters)
        do throws(ArithmeticFault) {
            try venue.price(catalogue)
        } catch {
            throw InputFault(
                file: portfolio.file, line: nil, reason: "prices and sizes are beyond the engine")
        }
        venue.hold(catalogue)
        return venue
    }

    private init(
        _ portfolio: Portfolio, _ instruments: [InstrumentIdentifier], _ catalogue: Catalogue,
        _ parameters: [MarginParameters]
    ) {
        self.portfolio = portfolio
        self.instruments = instruments
        balances = AccountsState(catalogue: catalogue)
        risk = RiskState(catalogue: catalogue, parameters: parameters)
        account = balances.open(
            owner: .ed25519(PublicKey(Bytes32())), compartment: PortfolioVenue.compartment)
        risk.openAccount()
    }

    private static func parameters(
        _ underlying: PortfolioUnderlying, _ preset: MarginPreset, _ portfolio: Portfolio
    ) throws(InputFault) -> MarginParameters {
        let parameters = preset.parameters(for: underlying)
        if let field = parameters.faultyField {
            throw InputFault(
                file: portfolio.file, line: underlying.line,
                reason: "'\(field)' of \(underlying.symbol) is out of range under this preset")
        }
        return parameters
    }

    /// Opens the markets, and values everything.
    private mutating func price(_ catalogue: Catalogue) throws(ArithmeticFault) {
        for (place, underlying) in portfolio.underlyings.enumerated() {
            risk.openMarket(
                UnderlyingIdentifier(UInt16(place)),
                MarketView(
                    index: underlying.index, stable: underlying.stable,
                    peg: portfolio.collateralPrice, time: portfolio.time))
        }
        var isHeld = [Bool](repeating: false, count: catalogue.instruments.count)
        for (place, position) in portfolio.positions.enumerated() {
            let model = model(of: position.kind, position)
            let mark = position.mark ?? model?.value ?? reference(of: position)
            marks.append(mark)
            models.append(model)
            isHeld[Int(instruments[place].number)] = true
            try risk.reprice(instruments[place], quote(position.kind, position, mark: mark))
        }
        // The other option of a strike is listed, and nobody holds it.
        for position in portfolio.positions.indices {
            guard let series = portfolio.positions[position].kind.series else { continue }
            let number = instruments[position].number
            let other = InstrumentIdentifier(series.right == .call ? number + 1 : number - 1)
            guard !isHeld[Int(other.number)] else { continue }
            let kind = catalogue.instruments[Int(other.number)].kind
            let value = model(of: kind, portfolio.positions[position])?.value ?? .zero
            try risk.reprice(other, quote(kind, portfolio.positions[position], mark: value))
        }
    }

    /// The expiry of a position as margin sees it.
    private func view(_ position: PortfolioPosition) -> ExpiryView? {
        position.expiry.map { place in
            portfolio.underlyings[position.underlying].expiries[place].view(at: portfolio.time)
        }
    }

    private func model(
        of kind: InstrumentKind, _ position: PortfolioPosition
    ) -> OptionModel? {
        guard let series = kind.series, let view = view(position) else { return nil }
        return OptionModel(series, volatility: volatility(of: position), view)
    }

    /// The volatility of an option; zero of anything else.
    func volatility(of position: PortfolioPosition) -> Real {
        guard let series = position.kind.series, let place = position.expiry else { return .zero }
        return portfolio.underlyings[position.underlying].expiries[place]
            .volatility(at: series.strike)
    }

    /// The price of what follows the index, where the file states none.
    private func reference(of position: PortfolioPosition) -> IndexPrice {
        let underlying = portfolio.underlyings[position.underlying]
        guard let place = position.expiry else { return underlying.index }
        let view = underlying.expiries[place].view(at: portfolio.time)
        let fixed = Int128(view.fixedAverage.units) * Int128(view.fixedShare.units)
        let open = Int128(view.forward.units) * Int128((Ratio.one - view.fixedShare).units)
        return IndexPrice(micros: Int64(clamping: (fixed + open) / Int128(Ratio.one.units)))
    }

    private func quote(
        _ kind: InstrumentKind, _ position: PortfolioPosition, mark: IndexPrice
    ) -> InstrumentQuote {
        let underlying = portfolio.underlyings[position.underlying]
        guard let view = view(position) else {
            // The presets of venues leave haircuts to the asset.
            let holding = HoldingTerms(
                initialHaircut: underlying.initialHaircut,
                maintenanceHaircut: underlying.maintenanceHaircut)
            return kind == .spot
                ? .spot(mark: mark, holding: holding)
                : .perpetual(mark: mark, fundingRate: underlying.funding)
        }
        return kind.series == nil
            ? .future(mark: mark, view)
            : .option(mark: mark, volatility: volatility(of: position), view)
    }

    /// Books the positions, then brings cash to what the file states.
    private mutating func hold(_ catalogue: Catalogue) {
        for (place, position) in portfolio.positions.enumerated() {
            let lotSize = catalogue.instruments[Int(instruments[place].number)].lotSize
            let price = position.entry ?? marks[place]
            // Exact in total: some lots at the µ below, the rest at the µ above.
            let lots = Int128(position.quantity.magnitude.units)
            let total = Int128(price.units) * Int128(lotSize) * lots / Int128(Instrument.lotScale)
            let sign = Int64(position.quantity.sign)
            for (count, extra) in [(lots - total % lots, 0), (total % lots, 1)] where count > 0 {
                balances.trade(
                    account, instrument: instruments[place],
                    lots: Quantity(lots: sign * Int64(count)),
                    lotNotional: Amount(microunits: Int64(total / lots) + Int64(extra)), hour: 0)
            }
            risk.changePosition(of: account, in: instruments[place], by: position.quantity)
        }
        let missing = portfolio.cash - balances[account].cash
        // The other side is the fee account: of all holders it may hold less than nothing.
        let (own, other) = (Holder.account(account), Holder.fees(PortfolioVenue.compartment))
        balances.moveCapital(
            missing.magnitude, from: missing.isNegative ? own : other,
            to: missing.isNegative ? other : own)
    }
}
