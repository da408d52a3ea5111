/// Simulated accounts that a visitor may look at, so that the account page has something to show
/// before he has traded: those of traders who hold options against perpetuals. Which of them holds
/// most is known only when the doors open, so each gets a credential that reads, and the best one's
/// is told.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Gateway
import Ledger
import Simulation

/// An account to look at.
struct DemoPortfolio {
    let account: AccountIdentifier
    let identifier: String
    let secret: String
}

/// The accounts to choose from.
struct DemoPortfolios {
    private let candidates: [DemoPortfolio]

    /// - Parameter vault: gets the credentials, which need nobody's signature.
    /// - Throws: `CredentialFault`.
    init(
        of population: Population, expiry: Timestamp, vault: inout CredentialVault
    ) throws(CredentialFault) {
        var candidates: [DemoPortfolio] = []
        for trader in population.traders where DemoPortfolios.kinds.contains(trader.kind) {
            let offer = try vault.create(account: trader.account, scope: .read, expiry: expiry)
            candidates.append(
                DemoPortfolio(
                    account: trader.account, identifier: offer.identifier, secret: offer.secret))
        }
        self.candidates = candidates
    }

    private static let kinds: [TraderKind] = [.hedger, .writer, .spreader]

    /// The one that holds most; of those that hold perpetuals and options, if there are any.
    func best(in ledger: Ledger) -> DemoPortfolio? {
        candidates.max { score($0, ledger) < score($1, ledger) }
    }

    /// Kinds of instruments first, then positions.
    private func score(_ portfolio: DemoPortfolio, _ ledger: Ledger) -> (Int, Int) {
        let positions = ledger.accounts[portfolio.account].positions
        let options = positions.filter { position in
            ledger.catalogue.instruments[Int(position.instrument.number)].kind.series != nil
        }
        let kinds = (options.isEmpty ? 0 : 1) + (options.count < positions.count ? 1 : 0)
        return (kinds, positions.count)
    }
}
