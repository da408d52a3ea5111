/// What a follower serves: its health and its figures. The API is the leader's alone, since what a
/// follower has stored may not have been told to anybody yet.

import Transport

/// The follower's server and what it answers.
final class FollowerService: @unchecked Sendable {
    private let answers: FollowerAnswers
    private let server: Server

    /// - Throws: `NodeFault.transport` where the port cannot be opened.
    init(_ configuration: NodeConfiguration, pages: NodePages) throws(NodeFault) {
        answers = FollowerAnswers(pages)
        do throws(TransportFault) {
            server = try Server(ServerConfiguration(configuration), delegate: answers)
        } catch {
            throw .transport(error)
        }
        answers.server = server
    }

    var port: UInt16 { server.port }

    /// The body of the thread.
    func run() { server.run() }

    /// Ends `run`; from any thread.
    func stop() { server.stop(graceSeconds: 0) }
}

/// Answers requests on the service thread.
private final class FollowerAnswers: ServerDelegate {
    private let pages: NodePages
    weak var server: Server?

    /// RFC 6455, 7.4.1: try again later.
    private static let tryLater: UInt16 = 1013
    private static let reason = "this node follows another; it serves when it leads"

    init(_ pages: NodePages) { self.pages = pages }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {
        server?.close(
            connection, code: FollowerAnswers.tryLater, reason: FollowerAnswers.reason)
    }

    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier) {
        // The page for people shows the market, which only a leader has to tell of.
        let page = request.path == "/" ? nil : pages.response(to: request)
        server?.respond(
            page ?? HTTPResponse(status: 503, text: FollowerAnswers.reason), to: connection)
    }

    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {}
    func closed(_ connection: ConnectionIdentifier) {}
    func woken() {}
    func tick() { Supervisor.process.beat() }
}
