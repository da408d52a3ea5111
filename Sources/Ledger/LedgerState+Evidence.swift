/// What certificates are made of (DESIGN 6): the prices as margin was told them, stated in a leaf
/// in every block that moves them; and, where somebody asked for it, of every account that a block
/// called, closed, deleveraged or paid for, its leaf under the root before with the way there.
/// After the block that way is gone from the tree, so it is taken when margin has been enforced:
/// all that certificates tell has happened then, and no command has run.

import Accounts
package import Canonical
import Catalogue
package import Cryptography
import Economics
import Estimation
import FixedPoint
import Oracle
import Risk

/// An account as the block before left it.
package struct AccountEvidence: Equatable, Sendable {
    package let account: AccountIdentifier
    /// The value of its leaf under the root before.
    package let value: [UInt8]
    /// From the leaf up to that root.
    package let path: [ProofStep]
}

extension Genesis {
    /// Before any price.
    var openingStatements: [PriceStatement] {
        margins.map { _ in PriceStatement(time: time) }
    }
}

extension LedgerState {
    /// States the prices of the underlyings that were revalued.
    mutating func statePrices(of moved: UnderlyingSet) {
        for underlying in moved {
            let place = Int(underlying.number)
            guard feeds[place].isPriced else { continue }
            var statement = PriceStatement(time: facts.pricingTime)
            statement.moves = marginModels[place]?.moves
            statement.peg = collateral.peg?.price ?? .one
            statement.index = feeds[place].index
            statement.stable = stablePrice(of: underlying)
            statement.strikes = risk.scenarioStrikes(of: underlying)
            for average in settlements[place] {
                guard let mean = average.average else { continue }
                statement.averages.append(
                    KnownAverage(
                        expiry: average.expiry, share: average.fixedShare, average: mean))
            }
            statements[place] = statement
        }
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let underlying = catalogue.instruments[place].underlying
            guard moved.contains(underlying), catalogue.instruments[place].expiry == nil,
                prices[place].isPriced
            else { continue }
            statements[Int(underlying.number)].quotes.append(
                StandingQuote(
                    instrument: identifier, mark: prices[place].mark,
                    fundingRate: prices[place].fundingRate,
                    fundingIndex: accounts.totals[place].fundingIndex,
                    holding: holdingTerms(place, catalogue.instruments[place])))
        }
    }

    /// The first underlying whose statement is not what its other leaves say; nil where there is
    /// none.
    func misstatedUnderlying() -> UnderlyingIdentifier? {
        for place in statements.indices {
            let underlying = UnderlyingIdentifier(UInt16(place))
            let stated = statements[place]
            guard feeds[place].isPriced else {
                if stated.index != .zero { return underlying }
                continue
            }
            guard stated.index == feeds[place].index, stated.stable == stablePrice(of: underlying),
                stated.time == facts.pricingTime, stated.moves == marginModels[place]?.moves,
                stated.peg == collateral.peg?.price ?? .one
            else { return underlying }
            for quote in stated.quotes {
                let number = Int(quote.instrument.number)
                guard number < prices.count, quote.mark == prices[number].mark,
                    quote.fundingRate == prices[number].fundingRate,
                    quote.fundingIndex == accounts.totals[number].fundingIndex,
                    quote.holding == holdingTerms(number, catalogue.instruments[number])
                else { return underlying }
            }
        }
        return nil
    }

    /// Takes the leaves of all accounts that the block's margin events are about, as they stand in
    /// the tree until it is updated; from here to the next block no account is kept as it was.
    mutating func collectEvidence() {
        accounts.keepsPreimages = false
        evidence.removeAll(keepingCapacity: true)
        var subjects = events.flatMap { $0.marginSubjects }
        guard !subjects.isEmpty else { return }
        subjects.sort()
        let before = accounts.preimages.sorted { $0.identifier < $1.identifier }
        for place in subjects.indices where place == 0 || subjects[place] != subjects[place - 1] {
            let subject = subjects[place]
            let key = LeafKey.account(subject).canonicalBytes
            let value = LedgerState.preimage(of: subject, in: before) ?? accounts[subject]
            do throws(ProofRefusal) {
                let proof = try tree.existenceProof(of: key) { _ in
                    LeafPreimage(key: key, value: value.canonicalBytes)
                }
                evidence.append(
                    AccountEvidence(account: subject, value: proof.value, path: proof.path))
            } catch {
                preconditionFailure(
                    "Invariant: account \(subject.number) is kept as its leaf says: \(error)")
            }
        }
    }

    private static func preimage(
        of subject: AccountIdentifier,
        in before: [(identifier: AccountIdentifier, account: Account)]
    ) -> Account? {
        var low = 0
        var high = before.count
        while low < high {
            let middle = (low + high) >> 1
            if before[middle].identifier < subject { low = middle + 1 } else { high = middle }
        }
        return low < before.count && before[low].identifier == subject
            ? before[low].account : nil
    }
}

extension Event {
    /// Of which accounts a certificate tells this: who was called, closed, deleveraged, paid for,
    /// or paid; nobody for any other event.
    package var marginSubjects: [AccountIdentifier] {
        switch self {
        case .liquidationStarted(let account, _, _), .liquidationFee(let account, _),
            .insurancePaid(let account, _), .badDebt(let account, _),
            .liquidationEnded(let account, _, _), .backstopAuctionStarted(let account, _, _),
            .backstopStopped(let account, _, _):
            [account]
        case .orderAccepted(let order): order.origin == .liquidation ? [order.account] : []
        case .deleveraged(let event): [event.account, event.counterparty]
        case .shortfall(let shortfall): [shortfall.account]
        case .lossAsked(let demand): [demand.payer]
        case .lossShared(let account, let payer, _): [account, payer]
        case .sliceMoved(let move): [move.account]
        case .sliceTaken(let sale): [sale.account]
        case .backstopClosed(let move): [move.account, move.provider]
        default: []
        }
    }

    /// Whose money or position this moves before commands run: what stands between an account's
    /// leaf and its margin in the block after.
    package var movedAccounts: [AccountIdentifier] {
        switch self {
        case .interestCharged(let account, _): [account]
        case .positionSettled(let event): [event.account]
        case .traded(let trade): [trade.taker, trade.maker]
        case .backstopPaid(let account, _): [account]
        case .makerMeasured(let epoch): [epoch.account]
        case .collateralMoved(let move): [move.source, move.target]
        case .hedgeSent(let hedge): [hedge.account]
        case .sliceMoved(let move): [move.account, move.provider]
        case .sliceTaken(let sale): [sale.account, sale.provider]
        default: marginSubjects
        }
    }
}
