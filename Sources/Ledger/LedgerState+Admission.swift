/// Who may speak: signers and their keys, nonces and scopes. The stage `execute` and whoever admits
/// transactions to a block ask the same questions here (DESIGN 4: `apply` repeats every
/// deterministic check that admission makes).
///
/// A nonce is used up when a transaction is admitted: the form, the chain, the signature, the
/// expiry and the grant hold, and it has a command. It stays used whatever becomes of the commands;
/// a transaction that is refused as a whole uses none.

import Accounts
import Canonical
import FixedPoint

extension LedgerState {
    /// The key that signs for a signer; nil where there is none.
    func key(of signer: Signer) -> SignerKey? {
        switch signer {
        case .account(let account): isKnown(account) ? keys[account].master : nil
        case .agent(let account, let slot):
            isKnown(account) ? keys[account].agent(slot)?.key : nil
        case .custodian: .ed25519(genesis.custodian)
        case .operator: .ed25519(genesis.operator)
        case .guardian: genesis.safeguards.guardian.map { .ed25519($0) }
        }
    }

    /// The nonces that a signer has used; nil where there is no such account.
    func nonces(of signer: Signer) -> NonceWindow? {
        switch signer {
        case .custodian: return facts.custodianNonces
        case .operator: return facts.operatorNonces
        case .guardian: return facts.guardianNonces
        case .account, .agent:
            guard let signer = signer.accountSigner, isKnown(signer.account) else { return nil }
            return keys.nonces(of: signer).window
        }
    }

    /// Whether the key or grant of a signer was changed in this block.
    func isKeyChanged(_ signer: Signer) -> Bool {
        guard !changedSigners.isEmpty, let signer = signer.accountSigner else { return false }
        return changedSigners.contains(signer)
    }

    /// The refusals of a known signer's envelope that depend on the time and on the nonces used, in
    /// order of precedence.
    func checkTimeAndNonce(
        of header: TransactionHeader, at time: Timestamp
    ) throws(Refusal) {
        guard header.expiry >= time else { throw .expired }
        if case .agent(let account, let slot) = header.signer,
            let grant = keys[account].agent(slot), grant.expiry < time
        {
            throw .agentExpired
        }
        if let refusal = nonces(of: header.signer)?.refusal(of: header.nonce, at: time) {
            throw refusal
        }
    }

    /// Everything that refuses a transaction without looking at what its commands would do, but for
    /// the signature: for admission, which refuses the whole where the ledger would refuse one
    /// command as out of scope.
    func admissionRefusal(of transaction: Transaction, at time: Timestamp) -> Refusal? {
        guard transaction.chain == chain else { return .wrongChain }
        guard key(of: transaction.signer) != nil else { return .unknownSigner }
        do throws(Refusal) {
            try checkTimeAndNonce(of: TransactionHeader(transaction), at: time)
        } catch {
            return error
        }
        guard !transaction.commands.isEmpty else { return .emptyBatch }
        for command in transaction.commands {
            switch transaction.signer {
            case .account: if command.author != .account { return .notAuthorised }
            case .agent(let account, let slot):
                guard let scope = keys[account].agent(slot)?.scope, command.isHeld(by: scope)
                else { return .outOfScope }
                if command.isOrder, isSignedFarAhead(transaction.expiry, at: time) {
                    return .orderExpiryTooFar
                }
            case .custodian: if command.author != .custodian { return .notAuthorised }
            case .operator: if command.author != .operator { return .notAuthorised }
            case .guardian: if command.author != .guardian { return .notAuthorised }
            }
        }
        return nil
    }

    /// That a command may run for a signer of an account now: no key was changed since its
    /// transaction was verified, and an agent's scope holds the command.
    mutating func authorise(
        _ commands: CommandList, _ index: Int, _ signer: AccountSigner
    ) throws(Refusal) {
        if !changedSigners.isEmpty, changedSigners.contains(signer) { throw .keyChanged }
        guard let slot = signer.slot else { return }
        guard let scope = keys[signer.account].agent(slot)?.scope else { throw .keyChanged }
        let isHeld =
            switch commands.entries[index] {
            case .cancel: scope == .trade || scope == .cancel
            case .place, .amend: scope == .trade
            case .other(let place): commands.others[Int(place)].isHeld(by: scope)
            }
        guard isHeld else { throw .outOfScope }
    }

    /// Takes note of a nonce.
    mutating func useNonce(_ nonce: UInt64, of signer: Signer) {
        switch signer {
        case .custodian: facts.custodianNonces.use(nonce)
        case .operator: facts.operatorNonces.use(nonce)
        case .guardian: facts.guardianNonces.use(nonce)
        case .account, .agent:
            guard let signer = signer.accountSigner else { return }
            keys.updateNonces(of: signer) { $0.window.use(nonce) }
        }
    }

    /// Keeps the nonces of this block's cancels of many orders, so that what was sent before them
    /// and arrives after this block is void too.
    mutating func keepMassCancels() {
        // Taken out while it is read: what it says changes the keys.
        var read = CancelFences()
        swap(&read, &fences)
        read.forEachMassCancel { signer, nonce in
            keys.updateNonces(of: signer) { $0.massCancel = max($0.massCancel, nonce) }
        }
        swap(&read, &fences)
    }

    private func isKnown(_ account: AccountIdentifier) -> Bool {
        Int(account.number) < keys.rows.count
    }
}
