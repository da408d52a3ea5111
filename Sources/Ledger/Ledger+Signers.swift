/// Who may speak, as admission and the API ask it of the ledger.

import Accounts
public import Canonical
public import Cryptography
public import FixedPoint

extension Ledger {
    /// Most accounts of one owner.
    public static let accountLimit = 64

    /// The key that signs for a signer; nil where there is no such account or agent.
    public func key(of signer: Signer) -> SignerKey? { state.key(of: signer) }

    /// The keys of an account and where its money may go; nil where there is no such account.
    public func keys(of account: AccountIdentifier) -> AccountKeys? {
        Int(account.number) < state.keys.rows.count ? state.keys[account] : nil
    }

    /// The nonces that a signer has used; nil where there is no such account.
    public func nonces(of signer: Signer) -> NonceWindow? { state.nonces(of: signer) }

    /// The accounts of an owner, ascending. O(log accounts) and their number.
    public func accounts(ofOwner owner: SignerKey) -> [AccountIdentifier] {
        state.accounts.accounts(ofOwner: owner)
    }

    /// The first reason for which the next block, at `time`, would refuse a transaction whatever
    /// its commands do: chain, signer, expiry, grant, nonce, and the scope of each command. Nil if
    /// there is none. The signature is not looked at, nor the length of the encoding.
    public func admissionRefusal(
        of transaction: Transaction, at time: Timestamp
    ) -> Refusal? {
        state.admissionRefusal(of: transaction, at: time)
    }

    /// What has to be verified of a transaction, exactly as a block asks for it; nil where its
    /// signer has no key, or one of another kind than the signature.
    ///
    /// - Parameters:
    ///   - transaction: the decoded transaction.
    ///   - bytes: its encoding.
    public func statement(
        of transaction: Transaction, encoded bytes: [UInt8]
    ) -> SignedStatement? {
        guard let key = state.key(of: transaction.signer) else { return nil }
        return state.statement(ofEncoded: bytes, by: key, transaction.signature)
    }
}
