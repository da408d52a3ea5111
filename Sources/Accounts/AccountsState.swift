/// All accounts, the funds of all compartments, and the one `transfer` through which money moves.
///
/// Every change first marks the account that it touches, so that closing a block costs what the
/// block did: the marks say which leaves to rewrite and which accounts to count for conservation.
/// The mark comes before the change, because the account leaves the closed books as it was.

public import Canonical
public import Catalogue
public import FixedPoint

/// Who can hold money inside a compartment. The vault stands for the world outside.
public enum Holder: Equatable, Sendable {
    case account(AccountIdentifier)
    case insurance(CompartmentIdentifier)
    case fees(CompartmentIdentifier)
    case vault(CompartmentIdentifier)
}

/// The accounts and funds of the venue. It cannot be copied, so that nobody does by accident.
public struct AccountsState: ~Copyable {
    private let pinned = Pinned()
    /// As at genesis: instruments come and go.
    let catalogue: Catalogue
    public internal(set) var accounts: [Account] = []
    public internal(set) var funds: [CompartmentFunds]
    public internal(set) var totals: [InstrumentTotals]
    /// By instrument: whether its price moves as cash at the fill.
    private(set) var paidAtFill: [Bool]
    /// Accounts changed since the last `clearTouched`, in the order of their first change.
    public private(set) var touched: [AccountIdentifier] = []
    private var isTouched: [Bool] = []
    /// Whether accounts are kept as they were before their first change.
    public var keepsPreimages = false
    /// Accounts as they were at the last `clearTouched`, those that changed while they were kept,
    /// in the order of their first change.
    public private(set) var preimages: [(identifier: AccountIdentifier, account: Account)] = []
    /// The instruments that are not retired, ascending.
    private(set) var live: [InstrumentIdentifier]
    /// What the last closed block left: see `AccountsState+Conservation`.
    var closed: ClosedBooks
    /// Derived: whose accounts are whose.
    private var owners = OwnerIndex()
    /// Derived: who owes what.
    public internal(set) var debts: DebtBook

    /// No accounts, empty funds.
    public init(catalogue: Catalogue) {
        self.catalogue = catalogue
        funds = catalogue.compartments.map { _ in CompartmentFunds() }
        totals = catalogue.instruments.map { _ in InstrumentTotals() }
        paidAtFill = catalogue.instruments.map { $0.isPaidAtFill }
        debts = DebtBook(compartments: catalogue.compartments.count)
        live = catalogue.live
        closed = ClosedBooks(
            compartments: catalogue.compartments.count, instruments: catalogue.instruments.count)
    }

    /// Takes note of a new instrument.
    public mutating func list(_ instrument: Instrument) {
        live.append(InstrumentIdentifier(UInt16(totals.count)))
        totals.append(InstrumentTotals())
        paidAtFill.append(instrument.isPaidAtFill)
        closed.lots.append(0)
    }

    /// Takes note that an instrument is retired.
    ///
    /// - Precondition: nobody holds any of it.
    public mutating func retire(_ instrument: InstrumentIdentifier) {
        let held = totals[Int(instrument.number)].openInterest
        precondition(
            held == .zero,
            "Invariant: a retired instrument has no open interest, but \(held.units)")
        live.removeAll { $0 == instrument }
    }

    /// The account, if there is one.
    public func account(_ identifier: AccountIdentifier) -> Account? {
        let place = Int(identifier.number)
        return place < accounts.count ? accounts[place] : nil
    }

    /// The account of a valid identifier.
    public subscript(identifier: AccountIdentifier) -> Account {
        _read { yield accounts[Int(identifier.number)] }
    }

    // One field of an account, without a copy of the whole.

    /// Whose an account is.
    public func owner(of identifier: AccountIdentifier) -> SignerKey {
        accounts[Int(identifier.number)].owner
    }

    /// Where an account's money lives.
    public func compartment(of identifier: AccountIdentifier) -> CompartmentIdentifier {
        accounts[Int(identifier.number)].compartment
    }

    /// The place of an account's fee tier.
    public func feeTier(of identifier: AccountIdentifier) -> UInt16 {
        accounts[Int(identifier.number)].feeTier
    }

    /// When the liquidation of an account began, if it is in one.
    public func liquidationStart(of identifier: AccountIdentifier) -> Timestamp? {
        accounts[Int(identifier.number)].liquidationStart
    }

    /// When the conversion of an account's collateral began, if one is under way.
    public func conversionStart(of identifier: AccountIdentifier) -> Timestamp? {
        accounts[Int(identifier.number)].conversionStart
    }

    /// An account's settled collateral; negative is a debt.
    public func cash(of identifier: AccountIdentifier) -> Amount {
        accounts[Int(identifier.number)].cash
    }

    /// Whether the price of an instrument moves as cash at the fill.
    public func isPaidAtFill(_ instrument: InstrumentIdentifier) -> Bool {
        paidAtFill[Int(instrument.number)]
    }

    /// Lots that an account holds of an instrument.
    public func quantity(
        of identifier: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Quantity {
        accounts[Int(identifier.number)].quantity(of: instrument)
    }

    /// Marks an account of which something changes that is neither money nor position.
    private mutating func mark(_ identifier: AccountIdentifier) {
        let place = Int(identifier.number)
        guard !isTouched[place] else { return }
        isTouched[place] = true
        touched.append(identifier)
        if keepsPreimages { preimages.append((identifier, accounts[place])) }
    }

    /// Marks an account that is about to change, and takes it out of the closed books as it is.
    public mutating func touch(_ identifier: AccountIdentifier) {
        mark(identifier)
        let place = Int(identifier.number)
        guard !closed.isOpen[place] else { return }
        // Field by field: a copy of the account would count a reference to its positions.
        closed.takeOut(
            identifier, claim: accounts[place].claim, home: accounts[place].compartment)
        for slot in 0..<accounts[place].positions.count {
            let instrument = Int(accounts[place].positions[slot].instrument.number)
            closed.lots[instrument] -= accounts[place].positions[slot].quantity.units
        }
    }

    /// Forgets the marks.
    public mutating func clearTouched() {
        for identifier in touched { isTouched[Int(identifier.number)] = false }
        touched.removeAll(keepingCapacity: true)
        preimages.removeAll(keepingCapacity: true)
    }

    /// Opens an account without money.
    ///
    /// - Precondition: the compartment exists; fewer than 2³² - 1 accounts.
    public mutating func open(
        owner: SignerKey, compartment: CompartmentIdentifier
    ) -> AccountIdentifier {
        let identifier = insert(Account(owner: owner, compartment: compartment))
        owners.insert(identifier, in: accounts)
        return identifier
    }

    /// The accounts of an owner, ascending. O(log accounts) and their number.
    public func accounts(ofOwner owner: SignerKey) -> [AccountIdentifier] {
        owners.accounts(of: owner, in: accounts)
    }

    /// Puts an account back as it was: for restoring from leaves, in the order of identifiers;
    /// `restoreOwners` comes after the last.
    public mutating func restore(_ account: Account) { _ = insert(account) }

    /// Lists whose accounts are whose, after the last account has been put back.
    public mutating func restoreOwners() { owners.rebuild(accounts) }

    /// Puts funds and totals back as they were.
    public mutating func restore(funds: [CompartmentFunds], totals: [InstrumentTotals]) {
        precondition(
            funds.count == self.funds.count && totals.count == self.totals.count,
            "Invariant: one entry for each compartment and instrument")
        self.funds = funds
        self.totals = totals
    }

    private mutating func insert(_ account: Account) -> AccountIdentifier {
        let identifier = AccountIdentifier(UInt32(accounts.count))
        accounts.makeRoom(for: 1)
        accounts.append(account)
        debts.open(identifier, account)
        isTouched.makeRoom(for: 1)
        isTouched.append(true)
        touched.append(identifier)
        closed.addOpen(identifier)
        return identifier
    }

    /// Moves an account to another fee tier.
    public mutating func setFeeTier(_ tier: UInt16, of identifier: AccountIdentifier) {
        mark(identifier)
        accounts[Int(identifier.number)].feeTier = tier
    }

    /// Begins or ends the liquidation of an account.
    public mutating func setLiquidationStart(
        _ start: Timestamp?, of identifier: AccountIdentifier
    ) {
        mark(identifier)
        accounts[Int(identifier.number)].liquidationStart = start
    }

    /// Begins or ends the conversion of an account's collateral.
    public mutating func setConversionStart(
        _ start: Timestamp?, of identifier: AccountIdentifier
    ) {
        mark(identifier)
        accounts[Int(identifier.number)].conversionStart = start
    }

    /// Starts a new UTC day for an account's profit.
    public mutating func turnDay(of identifier: AccountIdentifier, equity: Amount) {
        mark(identifier)
        accounts[Int(identifier.number)].anchors.turnDay(equity: equity)
    }
}
