/// What the master key of an account can do about keys and destinations. Each function refuses, one
/// reason a line; the line "From here it must succeed" ends the refusing. What tightens works at
/// once, what loosens waits (DESIGN 2, principle 5; decision 0012).

import Accounts
import Canonical
import Cryptography
import FixedPoint

extension LedgerState {
    /// Gives a slot to an agent. Nonces of the slot's earlier agents stay used.
    mutating func setAgent(
        _ slot: UInt8, _ grant: AgentGrant, of account: AccountIdentifier
    ) throws(Refusal) {
        guard AccountKeys.slots.contains(slot) else { throw .slotOutOfRange }
        guard grant.expiry >= facts.time,
            grant.expiry <= facts.time.advanced(by: AccountKeys.longestGrant)
        else { throw .grantOutOfRange }
        guard grant.limits.areInRange else { throw .agentLimitsOutOfRange }
        guard !keys[account].holds(grant.key, besides: slot) else { throw .keyInUse }
        try checkUsable(grant.key)
        // From here it must succeed.
        let (place, found) = keys[account].search(slot)
        if !found { keys[account].agents.insert(AgentSlot(number: slot), at: place) }
        keys[account].agents[place].grant = grant
        keys[account].agents[place].limits = grant.limits
        changedSigners.append(AccountSigner(account: account, slot: slot))
        emit(.agentSet(account, slot: slot, grant))
    }

    mutating func revokeAgent(_ slot: UInt8, of account: AccountIdentifier) throws(Refusal) {
        guard AccountKeys.slots.contains(slot) else { throw .slotOutOfRange }
        let (place, found) = keys[account].search(slot)
        guard found, keys[account].agents[place].grant != nil else { throw .unknownAgent }
        // From here it must succeed.
        keys[account].agents[place].grant = nil
        changedSigners.append(AccountSigner(account: account, slot: slot))
        emit(.agentRevoked(account, slot: slot))
    }

    mutating func rotateMaster(
        to key: SignerKey, of account: AccountIdentifier
    ) throws(Refusal) {
        guard !keys[account].holds(key, besides: nil) else { throw .keyInUse }
        try checkUsable(key)
        // From here it must succeed.
        keys[account].master = key
        changedSigners.append(AccountSigner(account: account))
        emit(.masterRotated(account, key))
    }

    mutating func allowDestination(
        _ address: Bytes32, of account: AccountIdentifier
    ) throws(Refusal) {
        for entry in keys[account].destinations where entry.address == address {
            throw .destinationListed
        }
        guard keys[account].destinations.count < AccountKeys.destinationLimit else {
            throw .tooManyDestinations
        }
        // From here it must succeed.
        let start = facts.time.advanced(by: AccountKeys.destinationDelay)
        keys[account].destinations.append(AllowedDestination(address: address, start: start))
        emit(.destinationAllowed(account, address, start: start))
    }

    /// Whoever has stolen the master key must not get past the list by emptying it: after the last
    /// entry the account stays guarded, and pays out nowhere, for as long as an addition waits.
    mutating func removeDestination(
        _ address: Bytes32, of account: AccountIdentifier
    ) throws(Refusal) {
        var found: Int?
        for (place, entry) in keys[account].destinations.enumerated()
        where entry.address == address {
            found = place
        }
        guard let found else { throw .unknownDestination }
        // From here it must succeed.
        keys[account].destinations.remove(at: found)
        if keys[account].destinations.isEmpty {
            keys[account].guardEnd = facts.time.advanced(by: AccountKeys.destinationDelay)
        }
        emit(.destinationRemoved(account, address))
    }

    /// Opens another account of the same owner. It takes over the master key and the allow-list, so
    /// that it is no way round either.
    mutating func openSubaccount(
        of parent: AccountIdentifier, compartment: CompartmentIdentifier
    ) throws(Refusal) {
        let owner = accounts.owner(of: parent)
        try checkOpening(owner: owner, compartment: compartment)
        // From here it must succeed.
        var own = AccountKeys(master: keys[parent].master)
        own.destinations = keys[parent].destinations
        own.guardEnd = keys[parent].guardEnd
        let identifier = accounts.open(owner: owner, compartment: compartment)
        makeListsForAccount(own)
        linkSibling(identifier)
        emit(.accountOpened(identifier, owner: owner, compartment))
        emit(.subaccountOpened(identifier, by: parent))
    }

    /// That nobody but the holder of a secret can sign for a key.
    private func checkUsable(_ key: SignerKey) throws(Refusal) {
        guard case .ed25519(let publicKey) = key else { return }
        guard let verifyingKey = VerifyingKey(publicKey), !verifyingKey.hasSmallOrder else {
            throw .unusableKey
        }
    }

    // Where money may go.

    /// That a signer may withdraw to an address.
    func checkDestination(_ address: Bytes32, of signer: AccountSigner) throws(Refusal) {
        let isOpen =
            signer.slot == nil
            ? isOpen(address, to: signer.account)
            : keys[signer.account].allows(address, at: facts.time)
        guard isOpen else { throw .destinationNotAllowed }
    }

    /// Whether an account may withdraw to an address: to any without an allow-list, else to those
    /// that are in effect.
    func isOpen(_ address: Bytes32, to account: AccountIdentifier) -> Bool {
        !keys[account].isGuarded(at: facts.time)
            || keys[account].allows(address, at: facts.time)
    }

    /// That a signer may transfer to an account. From a guarded account money goes only to guarded
    /// ones of the same owner; otherwise a transfer would be the way round the list.
    func checkReceiver(
        _ target: AccountIdentifier, of signer: AccountSigner
    ) throws(Refusal) {
        let isOwn = accounts.owner(of: target) == accounts.owner(of: signer.account)
        guard isOwn || signer.slot == nil else { throw .otherOwner }
        guard keys[signer.account].isGuarded(at: facts.time) else { return }
        guard isOwn, keys[target].isGuarded(at: facts.time) else {
            throw .destinationNotAllowed
        }
    }
}
