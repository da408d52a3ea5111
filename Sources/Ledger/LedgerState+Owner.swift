/// What those may ask for who sign for an account: orders and funds, which agents may ask for as
/// far as their scope goes, and then what the master key alone may.

import Accounts
import Canonical
import FixedPoint

extension LedgerState {
    /// What is neither placed, amended nor cancelled by number.
    mutating func performForOwner(
        _ command: Command, by signer: AccountSigner, _ stamp: NonceStamp
    ) throws(Refusal) {
        let account = signer.account
        switch command {
        case .cancelClient(let name): try cancel(named: name, for: account, stamp)
        case .cancelAll(let instrument): try cancelAll(in: instrument, for: account, stamp)
        case .cancelLabel(let label): try cancel(labelled: label, for: account, stamp)
        case .quote(let request): try quote(request, for: account, stamp)
        case .cancelQuotes(let instrument):
            try cancelQuotes(in: instrument, for: account, stamp)
        case .setProtection(let underlying, let window, let freeze, let limit):
            try setProtection(
                underlying, window: window, freeze: freeze, limit: limit, for: account)
        case .resetProtection(let underlying): try resetProtection(underlying, for: account)
        case .unoffered(let feature):
            switch feature {
            case .combo: throw .combosNotOffered
            case .blockTrade: throw .blockTradesNotOffered
            case .requestForQuote: throw .requestsForQuoteNotOffered
            }
        case .withdraw(let amount, let destination):
            try withdraw(amount, to: destination, from: signer)
        case .cancelWithdrawal: try cancelWithdrawal(of: account)
        case .transfer(let amount, let target): try transfer(amount, from: signer, to: target)
        case .withdrawAsset(let instrument, let lots, let destination):
            try withdrawAsset(lots, of: instrument, to: destination, from: signer)
        case .transferAsset(let instrument, let lots, let target):
            try transferAsset(lots, of: instrument, from: signer, to: target)
        default: try performForMaster(command, of: account)
        }
    }

    /// Commands about keys: an agent's scope holds none of them.
    private mutating func performForMaster(
        _ command: Command, of account: AccountIdentifier
    ) throws(Refusal) {
        switch command {
        case .setAgent(let slot, let grant):
            if let grant {
                try setAgent(slot, grant, of: account)
            } else {
                try revokeAgent(slot, of: account)
            }
        case .rotateMaster(let key): try rotateMaster(to: key, of: account)
        case .allowDestination(let address): try allowDestination(address, of: account)
        case .removeDestination(let address): try removeDestination(address, of: account)
        case .openSubaccount(let compartment):
            try openSubaccount(of: account, compartment: compartment)
        case .setBackstop(let limits): try setBackstop(limits, of: account)
        case .giveBackstopNotice: try giveBackstopNotice(of: account)
        case .leaveBackstop: try leaveBackstop(account)
        case .setRescue(let terms): try setRescue(terms, of: account)
        default: throw .notAuthorised
        }
    }
}
