/// Who may give which command: one table for the ledger and for admission. A command that is not
/// named here for agents belongs to no scope.

import FixedPoint

extension Command {
    /// Whose command it is.
    enum Author {
        /// Somebody who signs for an account.
        case account
        case custodian
        case `operator`
        case guardian
    }

    var author: Author {
        switch self {
        case .openAccount, .deposit, .depositInsurance, .depositAsset: .custodian
        case .setFeeTier, .startAuction, .halt, .listContract, .setMaker: .operator
        case .raiseLevel: .guardian
        default: .account
        }
    }

    /// Whether an agent of a scope may give it. Where money goes is checked when it runs.
    func isHeld(by scope: AgentScope) -> Bool {
        switch self {
        case .cancel, .cancelClient, .cancelAll, .cancelLabel, .cancelQuotes:
            scope == .trade || scope == .cancel
        case .place, .amend, .quote, .setProtection, .resetProtection, .unoffered, .transfer,
            .transferAsset:
            scope == .trade
        case .withdraw, .withdrawAsset, .cancelWithdrawal: scope == .withdraw
        case .setAgent, .rotateMaster, .allowDestination, .removeDestination, .openSubaccount,
            .openAccount, .deposit, .depositInsurance, .depositAsset, .setFeeTier, .startAuction,
            .halt, .listContract, .setMaker, .raiseLevel, .setBackstop, .giveBackstopNotice,
            .leaveBackstop, .setRescue:
            false
        }
    }

    /// Whether it asks for an order that was not there, or for more of one.
    var isOrder: Bool {
        switch self {
        case .place, .amend: true
        case .quote: !isRiskReducing
        default: false
        }
    }

    /// Whether it can only take risk away: cancels, money that comes in or goes to another account
    /// as margin, and keys or destinations that are withdrawn. Under overload these are admitted
    /// before everything else.
    public var isRiskReducing: Bool {
        switch self {
        case .cancel, .cancelClient, .cancelAll, .cancelLabel, .cancelQuotes, .transfer,
            .transferAsset, .deposit, .depositInsurance, .depositAsset, .rotateMaster,
            .removeDestination, .halt, .cancelWithdrawal, .raiseLevel:
            true
        case .quote(let request): request.bidQuantity == .zero && request.askQuantity == .zero
        case .setAgent(_, let grant): grant == nil
        default: false
        }
    }
}

extension Transaction {
    /// Whether all its commands can only take risk away.
    public var isRiskReducing: Bool { commands.allSatisfy { $0.isRiskReducing } }
}
