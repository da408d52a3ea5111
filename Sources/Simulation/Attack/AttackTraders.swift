/// What the accounts of a scenario send: ladders of makers, and what the file says they do, as
/// signed transactions, one an account and block.

import Accounts
import Canonical
import Catalogue
import Documents
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk

struct AttackTraders {
    /// How long a transaction is good for.
    private static let lifetime = Duration.seconds(120)
    private static let addressByte: UInt8 = 0xa7
    static let one = Int128(1_000_000_000)
    static let mostLevels = 32

    let scenario: AttackScenario
    let publishers: AttackPublishers
    private var nonces: [UInt64]
    /// By maker: when it last quoted.
    var quoted: [Int64?]
    /// By maker: the price that it last quoted around, in micro-units.
    var centres: [Int64]
    /// By account and holding.
    private var hasArrived: [[Bool]]
    private var references: UInt64 = 0
    private var custodianNonce: UInt64 = 0

    init(_ scenario: AttackScenario, publishers: AttackPublishers) {
        self.scenario = scenario
        self.publishers = publishers
        nonces = scenario.accounts.map { _ in 0 }
        quoted = scenario.makers.map { _ in nil }
        centres = scenario.makers.map { _ in 0 }
        hasArrived = scenario.accounts.map { $0.holdings.map { _ in false } }
    }

    /// The transactions of one block.
    ///
    /// - Parameters:
    ///   - last: the second of the block before, -1 before the first.
    ///   - time: this block's.
    mutating func transactions(
        after last: Int64, at time: Int64, ledger: Ledger, keys: LabKeys
    ) -> [[UInt8]] {
        var commands: [[Command]] = scenario.accounts.map { _ in [] }
        var deposits = arrivals(at: time, ledger: ledger)
        for place in scenario.makers.indices {
            let maker = scenario.makers[place]
            commands[maker.account] += quotes(of: place, at: time, ledger: ledger)
        }
        for action in scenario.actions where action.isDue(after: last, by: time) {
            if case .deposit(let amount) = action.deed {
                deposits.append(deposit(amount, to: action.account))
            } else if let command = command(for: action, ledger: ledger) {
                commands[action.account].append(command)
            }
        }
        let now = Timestamp(
            nanoseconds: scenario.start + UInt64(time) * TimeText.second)
        var encoded: [[UInt8]] = []
        for (account, list) in commands.enumerated() where !list.isEmpty {
            for first in stride(from: 0, to: list.count, by: Transaction.commandLimit) {
                nonces[account] += 1
                let batch = list[first..<min(first + Transaction.commandLimit, list.count)]
                encoded.append(
                    keys.transaction(
                        chain: ledger.chain, trader: scenario.accounts[account].owner,
                        account: AttackTraders.identifier(account), nonce: nonces[account],
                        expiry: now.advanced(by: AttackTraders.lifetime),
                        commands: Array(batch)))
            }
        }
        return encoded + custodian(deposits, ledger: ledger, keys: keys, now: now)
    }

    static func identifier(_ account: Int) -> AccountIdentifier {
        AccountIdentifier(UInt32(account))
    }

    // MARK: Opening

    /// What opens the accounts, and what funds them: two blocks.
    mutating func openings(ledger: Ledger, keys: LabKeys, now: Timestamp) -> [[[UInt8]]] {
        let accounts = scenario.accounts.map { account in
            Command.openAccount(
                owner: .ed25519(keys.traderKey(account.owner)),
                compartment: CompartmentIdentifier(UInt16(account.compartment)))
        }
        var money: [Command] = []
        for (place, account) in scenario.accounts.enumerated() {
            if account.cash.isPositive { money.append(deposit(account.cash, to: place)) }
        }
        for (place, compartment) in scenario.compartments.enumerated()
        where compartment.insurance.isPositive {
            money.append(
                .depositInsurance(
                    compartment.insurance, to: CompartmentIdentifier(UInt16(place))))
        }
        return [accounts, money].map { custodian($0, ledger: ledger, keys: keys, now: now) }
    }

    /// Holdings that are due and have not arrived.
    private mutating func arrivals(at time: Int64, ledger: Ledger) -> [Command] {
        var commands: [Command] = []
        for (place, account) in scenario.accounts.enumerated() {
            for (number, holding) in account.holdings.enumerated() {
                let instrument = ledger.catalogue.instruments[holding.market]
                guard time >= holding.at, !hasArrived[place][number],
                    ledger.feeds[Int(instrument.underlying.number)].isPriced
                else { continue }
                hasArrived[place][number] = true
                references += 1
                commands.append(
                    .depositAsset(
                        InstrumentIdentifier(UInt16(holding.market)),
                        Quantity(lots: holding.quantity / instrument.lotSize),
                        to: AttackTraders.identifier(place),
                        reference: AttackTraders.bytes(references)))
            }
        }
        return commands
    }

    private mutating func deposit(_ amount: Amount, to account: Int) -> Command {
        references += 1
        return .deposit(
            amount, to: AttackTraders.identifier(account),
            reference: AttackTraders.bytes(references))
    }

    private mutating func custodian(
        _ commands: [Command], ledger: Ledger, keys: LabKeys, now: Timestamp
    ) -> [[UInt8]] {
        stride(from: 0, to: commands.count, by: Transaction.commandLimit).map { first in
            custodianNonce += 1
            let batch = commands[first..<min(first + Transaction.commandLimit, commands.count)]
            return keys.custodianTransaction(
                chain: ledger.chain, nonce: custodianNonce,
                expiry: now.advanced(by: AttackTraders.lifetime), commands: Array(batch))
        }
    }

    private static func bytes(_ number: UInt64) -> Bytes32 {
        var bytes = [UInt8](repeating: addressByte, count: 24)
        number.appendLittleEndian(to: &bytes)
        return Bytes32(bytes)
    }

    // MARK: Actions

    /// The command of an action; nil where there is nothing to do.
    private func command(for action: AttackAction, ledger: Ledger) -> Command? {
        let account = AttackTraders.identifier(action.account)
        switch action.deed {
        case .deposit: return nil
        case .cancelAll: return .cancelAll(nil)
        case .withdraw(let amount):
            let amount = amount ?? ledger.withdrawable(account)
            return amount.isPositive
                ? .withdraw(amount, destination: AttackTraders.bytes(UInt64(action.account)))
                : nil
        case .transfer(let amount, let target):
            let amount = amount ?? ledger.withdrawable(account)
            return amount.isPositive
                ? .transfer(amount, to: AttackTraders.identifier(target)) : nil
        case .order(let order):
            return place(order, account: action.account, ledger: ledger)
        }
    }

    private func place(
        _ order: AttackAction.Order, account: Int, ledger: Ledger
    ) -> Command? {
        let instrument = ledger.catalogue.instruments[order.market]
        let mark = ledger.prices[order.market].mark.units
        let price: Int64? =
            switch order.limit {
            case .none: nil
            case .price(let price): price
            case .through(let share):
                Int64(
                    clamping: Int128(mark)
                        * (AttackTraders.one
                            + (order.isBuy ? 1 : -1) * Int128(share.units))
                        / AttackTraders.one)
            }
        var limit: Price?
        if let price {
            limit = AttackTraders.ticks(price, in: instrument, roundsUp: !order.isBuy)
            guard limit != nil else { return nil }
        }
        guard let lots = lots(order.size, at: price ?? mark, in: instrument, of: account, ledger)
        else { return nil }
        let patience: TimeInForce =
            switch order.kind {
            case .market, .immediate: .immediateOrCancel
            case .fillOrKill: .fillOrKill
            case .limit, .postOnly: .goodTillCancelled
            }
        return .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(order.market)),
                side: order.isBuy ? .buy : .sell, limit: limit, quantity: lots,
                timeInForce: patience, postOnly: order.kind == .postOnly,
                reduceOnly: order.reduceOnly))
    }
}
