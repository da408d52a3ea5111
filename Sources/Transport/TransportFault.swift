/// How the world fails this room.

/// A server or client that cannot begin, or a request that did not end.
package enum TransportFault: Error, Equatable, Sendable {
    /// The library could not open its context: the port is taken, a certificate cannot be read, or
    /// descriptors have run out. The text says what was asked for.
    case notOpened(String)
    /// A setting that cannot be meant; the text names it.
    case badConfiguration(String)
    /// The other side could not be reached or refused the connection.
    case notConnected(String)
    /// The other side did not answer in time.
    case timedOut
    /// The other side's answer is longer than the limit.
    case tooLong
}
