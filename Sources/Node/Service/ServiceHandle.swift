/// The server and what it serves, for other threads: they may wake it and run it, nothing else.

import Gateway
import Synchronization
import Transport

/// Owns the server. The service itself is only touched by the thread in `run`.
final class ServiceHandle: @unchecked Sendable {
    private let service: NodeService
    private let server: Server

    init(
        _ configuration: NodeConfiguration, _ service: NodeService
    ) throws(NodeFault) {
        self.service = service
        do throws(TransportFault) {
            server = try Server(ServerConfiguration(configuration), delegate: service)
        } catch {
            throw .transport(error)
        }
        service.server = server
    }

    var port: UInt16 { server.port }

    func wake() { server.wake() }

    /// Tells the API of a block before anybody is served.
    func publish(_ block: CommittedBlock) { service.publish(block) }

    /// The body of the service thread.
    func run() { server.run() }
}

extension ServerConfiguration {
    init(_ node: NodeConfiguration) {
        self.init()
        address = node.listen.host
        port = node.listen.port
        wantedHeaders = ["authorization"]
        limits.connections = node.connections
        limits.connectionsPerAddress = node.connectionsPerAddress
        limits.requestBodyBytes = node.messageBytes
        limits.messageBytes = node.messageBytes
        limits.queuedBytes = node.queueBytes
        limits.silenceSeconds = UInt32(node.idleSeconds)
        limits.pingSeconds = UInt32(max(1, node.idleSeconds / 3))
        admission.origins = node.origins
        if let certificate = node.certificate, let key = node.certificateKey {
            security = TransportSecurity(
                certificateFile: certificate, keyFile: key,
                clientAuthorityFile: node.clientAuthorities)
        }
    }
}

/// What the server has counted, as the service thread last saw it.
final class TransportFigures: Sendable {
    private let last = Mutex(ServerStatistics())

    func set(_ statistics: ServerStatistics) { last.withLock { $0 = statistics } }

    var gauges: [Gauge] {
        let now = last.withLock { $0 }
        return [
            Gauge("rampart_websockets", "WebSockets that are open.", Double(now.webSockets)),
            Gauge(
                "rampart_http_connections", "Other connections.", Double(now.httpConnections)),
            Gauge(
                "rampart_queued_bytes", "Bytes that wait for clients.", Double(now.queuedBytes)),
            Gauge(
                "rampart_messages_sent", "Messages sent to WebSockets.",
                Double(now.messagesSent)),
            Gauge(
                "rampart_slow_consumers", "Clients closed because they read too slowly.",
                Double(now.slowConsumers)),
            Gauge(
                "rampart_connections_refused", "Connections turned away for number.",
                Double(now.connectionsRefused)),
        ]
    }
}
