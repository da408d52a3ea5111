/// What a server tells the program that it serves.

/// Hears of connections, messages and requests.
///
/// Invariant 2: every call comes on the thread that runs `Server.run()`, one after another.
package protocol ServerDelegate: AnyObject {
    /// A WebSocket stands.
    func opened(_ connection: ConnectionIdentifier, peer: Peer)
    /// A whole message has come, put together from its fragments; text is valid UTF-8.
    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier)
    /// A whole request has come. It is answered by `Server.respond`, now or later; no other request
    /// of the same connection comes before.
    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier)
    /// A connection has gone, of which the delegate had heard; once for each.
    func closed(_ connection: ConnectionIdentifier)
    /// Somebody has called `Server.wake()`, once or several times.
    func woken()
    /// `ServerConfiguration.tickMilliseconds` have passed.
    func tick()
}
