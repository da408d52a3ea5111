/// The keys of all accounts, and which of their leaves the block has changed.

import Canonical
import FixedPoint

/// By account: its keys.
struct KeyTable {
    private(set) var rows: [AccountKeys] = []
    /// Accounts whose keys have changed since the last `clearTouched`, in the order of their first
    /// change.
    private(set) var touched: [AccountIdentifier] = []
    private var isTouched: [Bool] = []

    /// Takes in the next account.
    mutating func append(_ keys: AccountKeys) {
        let identifier = AccountIdentifier(UInt32(rows.count))
        rows.makeRoom(for: 1)
        rows.append(keys)
        isTouched.makeRoom(for: 1)
        isTouched.append(true)
        touched.append(identifier)
    }

    subscript(identifier: AccountIdentifier) -> AccountKeys {
        _read { yield rows[Int(identifier.number)] }
        _modify {
            touch(identifier)
            yield &rows[Int(identifier.number)]
        }
    }

    /// Forgets which leaves have changed.
    mutating func clearTouched() {
        for identifier in touched { isTouched[Int(identifier.number)] = false }
        touched.removeAll(keepingCapacity: true)
    }

    /// The nonces of an account's master, or of an agent slot.
    func nonces(of signer: AccountSigner) -> SignerNonces {
        guard let slot = signer.slot else { return self[signer.account].nonces }
        return self[signer.account].nonces(of: slot)
    }

    /// The nonce of the last cancel of many orders by an account's master (0) or an agent slot.
    func massCancel(of account: AccountIdentifier, _ signer: UInt8) -> UInt64 {
        let row = Int(account.number)
        guard signer != 0 else { return rows[row].nonces.massCancel }
        let (place, found) = rows[row].search(signer)
        return found ? rows[row].agents[place].nonces.massCancel : 0
    }

    /// Changes what is known of the nonces of an account's master or of an agent slot in use.
    mutating func updateNonces(
        of signer: AccountSigner, _ change: (inout SignerNonces) -> Void
    ) {
        guard let slot = signer.slot else { return change(&self[signer.account].nonces) }
        let (place, found) = self[signer.account].search(slot)
        guard found else { return }
        change(&self[signer.account].agents[place].nonces)
    }

    // What binds the orders of agents. Read by row, so that nothing large is copied.

    /// The limits of an agent slot; nil where it was never used.
    func limits(of account: AccountIdentifier, _ slot: UInt8) -> AgentLimits? {
        let row = Int(account.number)
        let (place, found) = rows[row].search(slot)
        return found ? rows[row].agents[place].limits : nil
    }

    /// What the orders of an agent slot have lost on a UTC day.
    func lost(by account: AccountIdentifier, _ slot: UInt8, on day: UInt64) -> Amount {
        let row = Int(account.number)
        let (place, found) = rows[row].search(slot)
        return found ? rows[row].agents[place].loss.lost(on: day) : .zero
    }

    /// Adds to it.
    mutating func addLoss(
        _ loss: Amount, to account: AccountIdentifier, _ slot: UInt8, on day: UInt64
    ) {
        let (place, found) = self[account].search(slot)
        guard found else { return }
        self[account].agents[place].loss.add(loss, on: day)
    }

    private mutating func touch(_ identifier: AccountIdentifier) {
        let place = Int(identifier.number)
        guard !isTouched[place] else { return }
        isTouched[place] = true
        touched.append(identifier)
    }
}

/// An account's master, or one of its agents.
struct AccountSigner: Equatable {
    let account: AccountIdentifier
    /// Nil is the master.
    var slot: UInt8?

    /// The slot's number, with 0 for the master: a place among the account's signers.
    var place: UInt8 { slot ?? 0 }
}
