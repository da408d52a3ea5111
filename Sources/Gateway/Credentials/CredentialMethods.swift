/// Methods about who somebody is.

import JSON
import Ledger

/// Names of Deribit.
enum CredentialMethods {
    static let all: [Method] = [authenticate, forkToken, logOut]

    private static let tokens = Schema.object([
        .required("access_token", .text()), .required("expires_in", .integer()),
        .required("refresh_token", .text()), .required("scope", .text(1...512)),
        .required("token_type", .oneOf(["bearer"])), .optional("state", .text(0...256)),
    ])

    static let authenticate = Method(
        "public/auth",
        """
        Proves who the client is, by secret, by signature (HMAC-SHA256 in hexadecimal digits over \
        `timestamp\\nnonce\\ndata`) or by a refresh token. On a WebSocket the connection then \
        speaks for the account.
        """,
        [
            .required(
                "grant_type", .oneOf(["client_credentials", "client_signature", "refresh_token"])),
            .optional("client_id", .text(1...128)), .optional("client_secret", .text(1...128)),
            .optional("refresh_token", .text(1...128)),
            .optional("timestamp", .integer(), "Milliseconds since 1970, at most 60 s off."),
            .optional("signature", .text(64...64)),
            .optional("nonce", .text(0...64), "Used once."),
            .optional("data", .text(0...1_024)), .optional("state", .text(0...256)),
            .optional("scope", .text(0...512)),
        ], result: tokens
    ) { gateway, call, writer throws(APIError) in try gateway.authenticate(call, &writer) }

    static let forkToken = Method(
        "public/fork_token", "Tokens for another session of the same client.",
        [
            .required("refresh_token", .text(1...128)), .required("session_name", .text(1...32)),
        ], result: tokens
    ) { gateway, call, writer throws(APIError) in try gateway.forkToken(call, &writer) }

    static let logOut = Method(
        "private/logout", access: .scoped(.accountRead), reach: .webSocketOnly,
        "Ends what the connection speaks for, and its tokens unless `invalidate_token` is false.",
        [.optional("invalidate_token", .boolean)], result: OrderShapes.done
    ) { gateway, call, writer throws(APIError) in try gateway.logOut(call, &writer) }
}
