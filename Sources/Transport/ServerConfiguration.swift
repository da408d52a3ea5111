/// All that can be set about a server, with defaults for a node on its own machine.

/// Where a server listens, whom it admits and how much it bears.
package struct ServerConfiguration: Sendable {
    /// The address or interface to listen on; empty for all.
    package var address = "127.0.0.1"
    /// The port; 0 for any free one.
    package var port: UInt16 = 0
    /// Headers to hand to the delegate where present, in lower case.
    package var wantedHeaders: [String] = []
    /// Time between two ticks, in `1...60000`.
    package var tickMilliseconds: UInt32 = 100
    package var limits = Limits()
    package var admission = AdmissionPolicy()
    /// nil: no TLS.
    package var security: TransportSecurity?

    package init() {}
}

/// The most of everything. Times in seconds, in `1...86400`.
package struct Limits: Sendable {
    /// Connections of all kinds, in `1...1000000`; lower when descriptors are fewer.
    package var connections = 16_000
    /// Connections from one IPv4 address or one /64 of IPv6; loopback counts as well.
    package var connectionsPerAddress = 16_000
    /// Bytes of the head of a request, in `1024...60000`.
    package var headerBytes = 8_192
    package var requestBodyBytes = 1 << 20
    package var messageBytes = 1 << 20
    /// Bytes that wait for one WebSocket. One that lets more gather is closed with 1013.
    package var queuedBytes = 4 << 20
    /// Bytes that wait for all connections together.
    package var totalQueuedBytes = 512 << 20
    /// What the kernel may hold for one connection on its way out.
    package var socketSendBytes = 256 << 10
    /// From connecting to the end of the head of the request.
    package var handshakeSeconds: UInt32 = 10
    /// From the head of a request to the end of its body.
    package var bodySeconds: UInt32 = 30
    /// From a whole request to its answer, and from there to its being taken.
    package var answerSeconds: UInt32 = 60
    /// Between two requests on one connection.
    package var keepAliveSeconds: UInt32 = 60
    /// A WebSocket silent for this long is pinged.
    package var pingSeconds: UInt32 = 30
    /// A WebSocket silent for this long is closed.
    package var silenceSeconds: UInt32 = 75
    /// From asking a WebSocket to close to cutting it.
    package var closeSeconds: UInt32 = 3

    package init() {}
}

/// TLS 1.2 or later, by OpenSSL.
package struct TransportSecurity: Sendable {
    /// PEM, the server's certificate first.
    package var certificateFile: String
    /// PEM.
    package var keyFile: String
    /// PEM of those who sign clients' certificates. With it, who has no such certificate gets no
    /// connection.
    package var clientAuthorityFile: String?

    package init(certificateFile: String, keyFile: String, clientAuthorityFile: String? = nil) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.clientAuthorityFile = clientAuthorityFile
    }
}

extension ServerConfiguration {
    /// - Throws: `badConfiguration` naming the first setting outside its range.
    func checked() throws(TransportFault) -> ServerConfiguration {
        func require(
            _ value: Int, in range: ClosedRange<Int>, _ name: String
        ) throws(TransportFault) {
            guard range.contains(value) else {
                throw .badConfiguration("\(name) is \(value), not in \(range)")
            }
        }
        try require(Int(tickMilliseconds), in: 1...60_000, "tickMilliseconds")
        try require(limits.connections, in: 1...1_000_000, "connections")
        try require(limits.connectionsPerAddress, in: 1...1_000_000, "connectionsPerAddress")
        try require(limits.headerBytes, in: 1_024...60_000, "headerBytes")
        let bytes = 0...(1 << 40)
        try require(limits.requestBodyBytes, in: bytes, "requestBodyBytes")
        try require(limits.messageBytes, in: bytes, "messageBytes")
        try require(limits.queuedBytes, in: bytes, "queuedBytes")
        try require(limits.totalQueuedBytes, in: bytes, "totalQueuedBytes")
        try require(limits.socketSendBytes, in: 4_096...(1 << 30), "socketSendBytes")
        let day = 1...86_400
        try require(Int(limits.handshakeSeconds), in: day, "handshakeSeconds")
        try require(Int(limits.bodySeconds), in: day, "bodySeconds")
        try require(Int(limits.answerSeconds), in: day, "answerSeconds")
        try require(Int(limits.keepAliveSeconds), in: day, "keepAliveSeconds")
        try require(Int(limits.pingSeconds), in: day, "pingSeconds")
        try require(Int(limits.silenceSeconds), in: day, "silenceSeconds")
        try require(Int(limits.closeSeconds), in: day, "closeSeconds")
        return self
    }
}
