/// What the gateway remembers of a connection.

package import Canonical
package import FixedPoint

/// Whom a session or request speaks for: an API credential, which stands for an agent key of one
/// account.
package struct Authority: Equatable, Sendable {
    /// The name of the credential.
    package let credential: String
    package let account: AccountIdentifier
    package let scopes: [Scope]
    /// It ends then.
    package let expiry: Timestamp

    package init(
        credential: String, account: AccountIdentifier, scopes: [Scope], expiry: Timestamp
    ) {
        self.credential = credential
        self.account = account
        self.scopes = scopes
        self.expiry = expiry
    }

    /// Whether it holds a scope; to write includes to read.
    package func allows(_ scope: Scope) -> Bool {
        scopes.contains { held in
            switch (held, scope) {
            case (.accountWrite, .accountRead), (.tradeWrite, .tradeRead),
                (.walletWrite, .walletRead):
                true
            default: held == scope
            }
        }
    }
}

/// The watch over a connection that asked for it.
struct Heartbeat: Equatable, Sendable {
    let interval: Duration
    /// When the last message came.
    var lastHeard: Timestamp
    /// When the last heartbeat went out.
    var lastSent: Timestamp
    /// When `test_request` went out, if it is not answered.
    var testSent: Timestamp?
}

/// One connection.
package struct Session: Sendable {
    package let identifier: SessionIdentifier
    package let transport: SessionTransport
    /// Where it comes from; callers without a credential share the credits of their origin.
    package let origin: String
    /// After `public/auth` on a WebSocket.
    package var authority: Authority?
    var heartbeat: Heartbeat?
    /// Its channels, in the order of subscription.
    var channels: [String] = []
    /// Requests that wait for their block.
    var pending = 0

    init(_ identifier: SessionIdentifier, _ transport: SessionTransport, origin: String) {
        self.identifier = identifier
        self.transport = transport
        self.origin = origin
    }
}
