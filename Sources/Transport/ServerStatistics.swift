/// What a server has counted, for metrics and tests.

/// Gauges and counters of one server.
package struct ServerStatistics: Sendable, Equatable {
    /// Connections that are not, or not yet, WebSockets.
    package var httpConnections = 0
    package var webSockets = 0
    /// Bytes that wait for all connections.
    package var queuedBytes = 0
    /// Payload of messages and bodies.
    package var bytesReceived: UInt64 = 0
    /// Bytes handed to the library or the kernel.
    package var bytesSent: UInt64 = 0
    package var messagesReceived: UInt64 = 0
    package var messagesSent: UInt64 = 0
    package var requests: UInt64 = 0
    /// Connections turned away for number.
    package var connectionsRefused: UInt64 = 0
    /// Requests and upgrades answered with an error by this room.
    package var requestsRefused: UInt64 = 0
    /// WebSockets closed because they took too little.
    package var slowConsumers: UInt64 = 0
    /// Connections cut for silence or slowness.
    package var timeouts: UInt64 = 0

    package init() {}
}
