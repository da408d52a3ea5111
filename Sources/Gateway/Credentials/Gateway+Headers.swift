/// Whom a request over HTTP speaks for, and what must hold of an agent key before anybody speaks
/// with it.

import Accounts
import Canonical
import Custody
import FixedPoint
import JSON
import Ledger

extension Gateway {
    /// Whom the `Authorization` header of a request speaks for.
    ///
    /// - Throws: 13004, 13009, 10028.
    func authority(
        of header: String, _ request: APIRequest, from session: SessionIdentifier,
        ledger: Ledger, now: Timestamp
    ) throws(APIError) -> Authority {
        guard let header = AuthorizationHeader(header) else {
            throw APIError(.invalidCredentials)
        }
        let credential: Credential
        switch header {
        case .bearer(let token):
            guard let grant = desk.tokens.grant(of: token, at: now),
                let holder = desk.vault[grant.client]
            else { throw APIError(.unauthorized, reason: "invalid_token") }
            try holder.checkKey(in: ledger, at: now)
            return grant.authority
        case .basic(let client, let secret):
            credential = try proven(client, from: session, now: now) {
                $0.hasSecret(secret)
            }
        case .signature(let claim):
            let message = SignedText.request(
                claim, method: request.verb.rawValue, uri: request.target, body: request.body)
            credential = try signer(of: claim, message, from: session, now: now)
        }
        try credential.checkKey(in: ledger, at: now)
        return AccessGrant(
            client: credential.identifier, account: credential.account,
            rights: credential.rights, session: nil, expiry: credential.expiry, connection: nil
        ).authority
    }
}

extension Gateway {
    /// Closes the connections whose agent key the last block has taken away, so that they hear
    /// nothing more of the account.
    func endRevokedSessions(ledger: Ledger, now: Timestamp) {
        for account in desk.records.changed
        where desk.records[account]?.changes.hasNewKeys ?? false {
            for (session, grant) in desk.grants where grant.account == account {
                do throws(APIError) {
                    guard let credential = desk.vault[grant.client] else { continue }
                    try credential.checkKey(in: ledger, at: now)
                } catch {
                    act(.close(session, .unauthorised))
                    close(session, now: now)
                }
            }
        }
    }
}

extension Credential {
    /// That its agent key holds on the chain. One that only reads has none.
    ///
    /// - Throws: 13009.
    func checkKey(in ledger: Ledger, at now: Timestamp) throws(APIError) {
        guard expiry > now else { throw APIError(.unauthorized, reason: "expired") }
        guard scope != .read else {
            guard ledger.accounts.account(account) != nil else {
                throw APIError(.unauthorized, reason: "the account does not exist")
            }
            return
        }
        guard let agent = ledger.keys(of: account)?.agent(slot), agent.key == .ed25519(agentKey),
            agent.expiry >= now
        else {
            throw APIError(
                .unauthorized, reason: "the account has not granted this key, or has revoked it")
        }
    }
}

extension AccessGrant {
    /// As the core knows it.
    var authority: Authority {
        var scopes: [Scope] = []
        if rights.contains(.readAccount) { scopes.append(.accountRead) }
        if !rights.isDisjoint(with: [.cancel, .trade]) { scopes.append(.tradeWrite) }
        if rights.contains(.readTrade) { scopes.append(.tradeRead) }
        if rights.contains(.readWallet) { scopes.append(.walletRead) }
        if rights.contains(.transfer) { scopes.append(.walletWrite) }
        return Authority(credential: client, account: account, scopes: scopes, expiry: expiry)
    }
}
