/// Cash and holdings of every account as they run through the events of blocks, by the rules of
/// `Accounts`. The ledger is not asked: what it holds behind a block must come out here, and a test
/// compares them.

import Accounts
import Canonical
import Catalogue
import FixedPoint

/// A holding, with what `Position` keeps of it.
struct RunningHolding: Equatable, Sendable {
    var quantity = Quantity.zero
    var cost = Amount.zero
    var fundingIndex: Int64 = 0

    /// Takes lots off, and their share of the cost with them, rounded up as in `Position.release`.
    ///
    /// - Returns: the cost that left.
    mutating func release(_ lots: Quantity) throws(ArithmeticFault) -> Amount {
        guard quantity != .zero else { return .zero }
        let cost = Amount(
            microunits: try divide(
                Int128(self.cost.units) * Int128(lots.units),
                by: Int128(quantity.magnitude.units), rounding: .up))
        quantity -= Quantity(lots: quantity.sign * lots.units)
        self.cost -= cost
        return cost
    }

    /// Adds lots that do not carry it through zero.
    ///
    /// - Returns: the profit that this realises.
    mutating func add(lots: Quantity, notional: Amount) throws(ArithmeticFault) -> Amount {
        guard quantity.sign * lots.sign < 0 else {
            quantity = try quantity.adding(lots)
            cost = try cost.adding(notional)
            return .zero
        }
        return try Amount(units: 0).subtracting(notional).subtracting(try release(lots.magnitude))
    }
}

/// What a change of a position did.
struct TradeEffect {
    /// Funding that was due; negative was received.
    var funding = Amount.zero
    var profit = Amount.zero
    /// By how much cash changed, funding apart.
    var cash = Amount.zero
    /// Lots after it.
    var position = Quantity.zero
}

/// One account.
private struct RunningAccount {
    var cash = Amount.zero
    var compartment: CompartmentIdentifier
    /// By instrument number.
    var holdings: [UInt16: RunningHolding] = [:]
    var isCashChanged = false
    var changedHoldings: Set<UInt16> = []
}

/// All accounts.
struct RunningMoney {
    private var accounts: [RunningAccount] = []
    /// The accounts that are not yet in the batch as they are now.
    private(set) var changed: Set<UInt32> = []

    func isKnown(_ account: AccountIdentifier) -> Bool { Int(account.number) < accounts.count }

    /// - Returns: whether it is the next.
    mutating func open(
        _ account: AccountIdentifier, _ compartment: CompartmentIdentifier
    ) -> Bool {
        guard Int(account.number) == accounts.count else { return false }
        accounts.append(RunningAccount(compartment: compartment, isCashChanged: true))
        changed.insert(account.number)
        return true
    }

    func cash(of account: AccountIdentifier) -> Amount { accounts[Int(account.number)].cash }

    func quantity(
        of instrument: InstrumentIdentifier, _ account: AccountIdentifier
    ) -> Quantity {
        accounts[Int(account.number)].holdings[instrument.number]?.quantity ?? .zero
    }

    func holding(
        of instrument: InstrumentIdentifier, _ account: AccountIdentifier
    ) -> RunningHolding? {
        accounts[Int(account.number)].holdings[instrument.number]
    }

    // Changes. The accounts are known to exist.

    mutating func add(
        _ amount: Amount, to account: AccountIdentifier
    ) throws(ArithmeticFault) {
        let place = Int(account.number)
        accounts[place].cash = try accounts[place].cash.adding(amount)
        accounts[place].isCashChanged = true
        changed.insert(account.number)
    }

    /// Books lots as `AccountsState.book` does, through zero in two parts.
    ///
    /// - Parameters:
    ///   - lots: signed.
    ///   - notional: what they cost, signed as the lots.
    mutating func trade(
        _ market: MarketState, of account: AccountIdentifier, lots: Quantity, notional: Amount
    ) throws(ArithmeticFault) -> TradeEffect {
        var effect = TradeEffect()
        let instrument = market.row.instrument.number
        let place = Int(account.number)
        var holding =
            accounts[place].holdings[instrument]
            ?? RunningHolding(fundingIndex: market.row.fundingIndex)
        let owed =
            Int128(holding.quantity.units)
            * (Int128(market.row.fundingIndex) - Int128(holding.fundingIndex))
        effect.funding = Amount(microunits: try whole(owed))
        holding.fundingIndex = market.row.fundingIndex
        let held = holding.quantity
        if held.sign * lots.sign < 0, lots.magnitude > held.magnitude {
            let part = Amount(
                microunits: try divide(
                    Int128(notional.units) * Int128(held.magnitude.units),
                    by: Int128(lots.magnitude.units), rounding: .down))
            effect.profit = try holding.add(lots: -held, notional: part)
            _ = try holding.add(
                lots: try lots.adding(held), notional: try notional.subtracting(part))
        } else {
            effect.profit = try holding.add(lots: lots, notional: notional)
        }
        effect.cash =
            market.row.terms.isPaidAtFill
            ? try Amount.zero.subtracting(notional) : effect.profit
        effect.position = holding.quantity
        put(holding, instrument, place)
        try add(try effect.cash.subtracting(effect.funding), to: account)
        return effect
    }

    /// Moves lots of spot in, at a cost of record.
    mutating func receive(
        _ lots: Quantity, of instrument: InstrumentIdentifier, cost: Amount,
        by account: AccountIdentifier
    ) throws(ArithmeticFault) {
        let place = Int(account.number)
        var holding = accounts[place].holdings[instrument.number] ?? RunningHolding()
        _ = try holding.add(lots: lots, notional: cost)
        put(holding, instrument.number, place)
    }

    /// Moves lots of spot out.
    ///
    /// - Returns: the cost of record that left.
    mutating func release(
        _ lots: Quantity, of instrument: InstrumentIdentifier, by account: AccountIdentifier
    ) throws(ArithmeticFault) -> Amount {
        let place = Int(account.number)
        var holding = accounts[place].holdings[instrument.number] ?? RunningHolding()
        let cost = try holding.release(lots)
        put(holding, instrument.number, place)
        return cost
    }

    private mutating func put(_ holding: RunningHolding, _ instrument: UInt16, _ place: Int) {
        accounts[place].holdings[instrument] = holding.quantity == .zero ? nil : holding
        accounts[place].changedHoldings.insert(instrument)
        changed.insert(UInt32(place))
    }

    private func whole(_ owed: Int128) throws(ArithmeticFault) -> Int64 {
        let scale: Int128 = 1 << Funding.fractionBits
        guard owed.magnitude < UInt128(Int64.max) * scale.magnitude else { throw .overflow }
        return Funding.wholeUp(owed)
    }

    // To and from the database.

    mutating func flush(into batch: inout HistoryBatch) {
        for number in changed.sorted() {
            let account = AccountIdentifier(number)
            let place = Int(number)
            if accounts[place].isCashChanged {
                batch.balances.append(
                    BalanceRow(
                        account: account, compartment: accounts[place].compartment,
                        cash: accounts[place].cash))
                accounts[place].isCashChanged = false
            }
            for instrument in accounts[place].changedHoldings.sorted() {
                let holding = accounts[place].holdings[instrument] ?? RunningHolding()
                batch.holdings.append(
                    HoldingRow(
                        account: account, instrument: InstrumentIdentifier(instrument),
                        quantity: holding.quantity, cost: holding.cost,
                        fundingIndex: holding.fundingIndex))
            }
            accounts[place].changedHoldings.removeAll(keepingCapacity: true)
        }
        changed.removeAll(keepingCapacity: true)
    }

    mutating func restore(from store: HistoryStore) throws(HistoryFault) {
        var found: [RunningAccount] = []
        try store.forEach(BalanceRow.self) { (row) throws(HistoryFault) in
            guard Int(row.account.number) == found.count else {
                throw .damaged(table: "balances", column: 1)
            }
            found.append(RunningAccount(cash: row.cash, compartment: row.compartment))
        }
        try store.forEach(HoldingRow.self, where: "quantity <> 0") {
            (row) throws(HistoryFault) in
            guard Int(row.account.number) < found.count else {
                throw .damaged(table: "holdings", column: 1)
            }
            found[Int(row.account.number)].holdings[row.instrument.number] = RunningHolding(
                quantity: row.quantity, cost: row.cost, fundingIndex: row.fundingIndex)
        }
        accounts = found
    }
}
