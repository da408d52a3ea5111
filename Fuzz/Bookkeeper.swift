/// What must be true after every block, kept from commands, receipts and events alone: nothing here
/// trusts a total of the ledger. `Ledger.auditFailure` adds what the ledger knows of itself.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

struct Bookkeeper {
    /// By compartment: deposits less withdrawals, micro-units.
    private var vaults: [Int64]
    /// By instrument: lots that came in less lots that went out.
    private var holdings: [Int64]
    /// Orders that were accepted and not closed.
    private var open: Set<UInt64> = []
    private var lastOrder: UInt64 = 0
    private var nextEvent: UInt64 = 1

    init(_ ledger: Ledger) {
        vaults = [Int64](repeating: 0, count: ledger.catalogue.compartments.count)
        holdings = [Int64](repeating: 0, count: ledger.catalogue.instruments.count)
    }

    /// The first thing that is wrong after `block`, in words; nil if nothing is.
    mutating func complaint(
        about block: Block, _ outcome: BlockOutcome, _ ledger: Ledger
    ) -> String? {
        if let failure = ledger.auditFailure() { return failure }
        guard outcome.firstEvent == nextEvent else { return "event numbers have no gap" }
        nextEvent += UInt64(outcome.events.count)
        for event in outcome.events {
            if let failure = follow(event, ledger) { return failure }
        }
        for receipt in outcome.receipts where !roundTrips(receipt) {
            return "receipt \(receipt) is read as it was written"
        }
        return money(block, outcome, ledger) ?? orders(ledger)
    }

    private func roundTrips(_ receipt: Receipt) -> Bool {
        do {
            return try Receipt(canonicalBytes: receipt.canonicalBytes) == receipt
        } catch {
            return false
        }
    }

    private mutating func follow(_ event: Event, _ ledger: Ledger) -> String? {
        switch event {
        case .deposited(let account, let amount, _):
            vaults[Int(ledger.accounts[account].compartment.number)] += amount.units
        case .insuranceDeposited(let compartment, let amount):
            vaults[Int(compartment.number)] += amount.units
        case .withdrawn(let account, let amount, _):
            let paid = amount.units - (Plant.isStealing ? 1 : 0)
            vaults[Int(ledger.accounts[account].compartment.number)] -= paid
        case .assetDeposited(_, let instrument, let lots, _):
            holdings[Int(instrument.number)] += lots.lots
        case .assetWithdrawn(_, let instrument, let lots, _):
            holdings[Int(instrument.number)] -= lots.lots
        case .orderAccepted(let order):
            guard order.order.number > lastOrder else {
                return "order \(order.order.number) is new"
            }
            lastOrder = order.order.number
            open.insert(lastOrder)
        case .orderClosed(let order, _, _):
            guard open.remove(order.number) != nil else {
                return "order \(order.number) was open when it closed"
            }
        default: break
        }
        return nil
    }

    /// Every compartment holds what came in less what went out, and what accepted commands moved
    /// stands in the events.
    private func money(
        _ block: Block, _ outcome: BlockOutcome, _ ledger: Ledger
    ) -> String? {
        for (place, totals) in ledger.accounts.totals.enumerated()
        where totals.holdings.lots != holdings[place] {
            return "vault of asset \(place) holds \(totals.holdings.lots), not \(holdings[place])"
        }
        for (place, fund) in ledger.accounts.funds.enumerated() {
            guard fund.vault.units == vaults[place] else {
                return "vault \(place) holds \(fund.vault.units), not \(vaults[place])"
            }
            guard !fund.vault.isNegative, !fund.insurance.isNegative, !fund.fees.isNegative else {
                return "no fund of compartment \(place) is overdrawn"
            }
        }
        var asked = Int128(0)
        for receipt in outcome.receipts where receipt.refusal == nil {
            switch command(of: receipt, in: block) {
            case .deposit(let amount, _, _): asked += Int128(amount.units)
            case .depositInsurance(let amount, _): asked += Int128(amount.units)
            case .withdraw(let amount, _): asked -= Int128(amount.units)
            default: break
            }
        }
        for event in outcome.events {
            switch event {
            case .deposited(_, let amount, _): asked -= Int128(amount.units)
            case .insuranceDeposited(_, let amount): asked -= Int128(amount.units)
            case .withdrawn(_, let amount, _): asked += Int128(amount.units)
            case .withdrawalCancelled(_, let amount): asked += Int128(amount.units)
            default: break
            }
        }
        return asked == 0 ? nil : "accepted commands moved \(asked) more than events say"
    }

    private func command(of receipt: Receipt, in block: Block) -> Command? {
        guard let place = receipt.command else { return nil }
        do {
            let bytes = block.transactions[Int(receipt.transaction)]
            return try Transaction(canonicalBytes: bytes).commands[Int(place)]
        } catch {
            return nil
        }
    }

    /// Orders that are open are those that were accepted and not closed.
    private func orders(_ ledger: Ledger) -> String? {
        var count = 0
        for place in ledger.accounts.accounts.indices {
            for order in ledger.openOrders(of: AccountIdentifier(UInt32(place))) {
                guard open.contains(order.identifier.number) else {
                    return "order \(order.identifier.number) rests and was closed"
                }
                count += 1
            }
        }
        return count == open.count ? nil : "\(open.count) orders never closed, \(count) rest"
    }
}
