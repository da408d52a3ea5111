/// Who somebody is: by `public/auth`, by the header of an HTTP request, and until when. Every
/// failure has the same answer, so that it tells nothing of what was wrong, and no answer holds
/// anything of what was sent.

import Accounts
import Canonical
import Custody
import FixedPoint
import JSON
import Ledger

extension Gateway {
    /// `public/auth`.
    func authenticate(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let scope = try scope(of: call)
        let grant: AccessGrant
        switch try call.requiredText("grant_type") {
        case "client_credentials":
            let client = try call.requiredText("client_id")
            let credential = try proven(client, from: call.session, now: call.now) { credential in
                credential.hasSecret(call.text("client_secret") ?? "")
            }
            grant = self.grant(to: credential, scope, call)
        case "client_signature":
            let credential = try signer(of: call)
            grant = self.grant(to: credential, scope, call)
        default: grant = try refreshedGrant(call, scope)
        }
        try check(grant, call)
        noteAccess(grant.client, from: call.session, isSuccess: true, now: call.now)
        writeTokens(for: grant, call, &writer)
        return .done
    }

    /// The scope that a call asks for.
    private func scope(of call: Call) throws(APIError) -> ScopeRequest {
        guard let text = call.text("scope") else { return ScopeRequest() }
        do throws(ScopeRequest.Fault) {
            return try ScopeRequest(text)
        } catch {
            throw .parameter("scope", "'\(error.word)' is not understood")
        }
    }

    /// The credential of a client that proves itself.
    ///
    /// - Throws: 13004, whatever was wrong; 10028 after too many failures.
    func proven(
        _ client: String, from session: SessionIdentifier?, now: Timestamp,
        _ test: (Credential) -> Bool
    ) throws(APIError) -> Credential {
        do throws(AuthenticationGuard.Verdict) {
            try desk.gates.checkFailures(of: client, at: now)
        } catch {
            throw APIError(error)
        }
        guard let credential = desk.vault[client], test(credential) else {
            desk.gates.noteFailure(of: client, at: now)
            noteAccess(client, from: session, isSuccess: false, now: now)
            throw APIError(.invalidCredentials)
        }
        desk.gates.noteSuccess(of: client)
        return credential
    }

    /// The credential that signed a call of `public/auth`.
    private func signer(of call: Call) throws(APIError) -> Credential {
        let client = try call.requiredText("client_id")
        let time = try call.requiredInteger("timestamp")
        let signature = try call.requiredText("signature")
        guard
            let claim = SignedRequestClaim(
                client: client, timestamp: UInt64(max(time, 0)), nonce: call.text("nonce") ?? "",
                signature: signature)
        else { throw .parameter("signature", "must be 64 hexadecimal digits") }
        let message = SignedText.login(claim, data: call.text("data") ?? "")
        return try signer(of: claim, message, from: call.session, now: call.now)
    }

    /// The credential behind a signature that is right, new and of our time.
    func signer(
        of claim: SignedRequestClaim, _ message: [UInt8], from session: SessionIdentifier?,
        now: Timestamp
    ) throws(APIError) -> Credential {
        let credential = try proven(claim.client, from: session, now: now) { credential in
            credential.hasSigned(message, signature: claim.signature)
        }
        // The signature itself is used once. It covers time and nonce, so that nothing which was
        // sent can come again; two different requests may share a nonce, as those of clients do
        // that take the time in milliseconds for it (CCXT).
        let nonce = Hexadecimal.text(claim.signature)
        do throws(AuthenticationGuard.Verdict) {
            try desk.gates.admit(
                client: claim.client, nonce: nonce, milliseconds: claim.timestamp, at: now)
        } catch {
            throw APIError(error)
        }
        return credential
    }

    // Grants.

    private func grant(
        to credential: Credential, _ scope: ScopeRequest, _ call: Call
    ) -> AccessGrant {
        let life =
            scope.lifetime.map { Duration.seconds($0) } ?? desk.settings.accessLife
        let isBound = scope.session == nil && sessions[call.session]?.transport == .webSocket
        return AccessGrant(
            client: credential.identifier, account: credential.account,
            rights: credential.rights.intersection(scope.rights ?? credential.rights),
            session: scope.session,
            expiry: min(call.now.advanced(by: life), credential.expiry),
            connection: isBound ? call.session.number : nil)
    }

    /// What a refresh token stands for, which is used up by this.
    private func refreshedGrant(
        _ call: Call, _ scope: ScopeRequest
    ) throws(APIError) -> AccessGrant {
        let token = try call.requiredText("refresh_token")
        guard let old = desk.tokens.grant(of: token, isRefresh: true, at: call.now),
            let credential = desk.vault[old.client]
        else { throw APIError(.invalidCredentials) }
        desk.tokens.remove(token)
        var request = scope
        request.keep(old)
        return grant(to: credential, request, call)
    }

    /// That the key behind a grant holds on the chain.
    ///
    /// - Throws: 13009 where the owner has not granted it, or has revoked it, or its time is over.
    func check(_ grant: AccessGrant, _ call: Call) throws(APIError) {
        guard let credential = desk.vault[grant.client] else {
            throw APIError(.invalidCredentials)
        }
        try credential.checkKey(in: call.ledger, at: call.now)
        desk.learn(credential, ledger: call.ledger)
        desk.records.watch(credential.account, ledger: call.ledger)
    }

    private func writeTokens(
        for grant: AccessGrant, _ call: Call, _ writer: inout JSONWriter
    ) {
        let access = desk.source.token()
        let refresh = desk.source.token()
        desk.tokens.insert(access, grant, isRefresh: false)
        let credentialExpiry = desk.vault[grant.client]?.expiry ?? grant.expiry
        let refreshGrant = AccessGrant(
            client: grant.client, account: grant.account, rights: grant.rights,
            session: grant.session,
            expiry: min(call.now.advanced(by: desk.settings.refreshLife), credentialExpiry),
            connection: grant.connection)
        desk.tokens.insert(refresh, refreshGrant, isRefresh: true)
        if sessions[call.session]?.transport == .webSocket {
            sessions[call.session]?.authority = grant.authority
            desk.grants[call.session] = grant
        }
        writer.beginObject()
        writer.put("access_token", access)
        writer.put("expires_in", grant.expiry.elapsed(since: call.now).wholeSeconds)
        writer.put("refresh_token", refresh)
        writer.put("scope", grant.rights.text(session: grant.session))
        writer.put("token_type", "bearer")
        if let state = call.text("state") { writer.put("state", state) }
        writer.endObject()
    }

    /// `public/fork_token`: tokens for another session of the same client.
    func forkToken(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let token = try call.requiredText("refresh_token")
        let name = try call.requiredText("session_name")
        guard let old = desk.tokens.grant(of: token, isRefresh: true, at: call.now),
            old.session != nil, let credential = desk.vault[old.client]
        else { throw APIError(.invalidCredentials) }
        var request = ScopeRequest()
        request.keep(old)
        request.rename(name)
        let grant = grant(to: credential, request, call)
        try check(grant, call)
        writeTokens(for: grant, call, &writer)
        return .done
    }

    /// `private/logout`: the connection ends, and with it what it was given.
    func logOut(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        if call.boolean("invalidate_token") ?? true, let grant = desk.grants[call.session] {
            desk.tokens.removeAll(of: call.session.number)
            if let session = grant.session {
                desk.tokens.removeAll(client: grant.client, session: session)
            }
        }
        writer.string("ok")
        sessions[call.session]?.authority = nil
        desk.grants[call.session] = nil
        leave(call.session, now: call.now)
        return .done
    }
}

extension APIError {
    /// What stands against an authentication.
    fileprivate init(_ verdict: AuthenticationGuard.Verdict) {
        switch verdict {
        case .clockOff: self.init(.invalidCredentials, reason: "timestamp out of range")
        case .replayed: self.init(.invalidCredentials, reason: "nonce was used before")
        case .throttled(let time): self = .wait(.tooManyRequests, time)
        case .busy: self = .wait(.tooManyRequests, .minute)
        }
    }
}

extension Duration {
    /// Whole seconds.
    var wholeSeconds: UInt64 { nanoseconds / Duration.seconds(1).nanoseconds }
}
