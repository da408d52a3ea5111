/// A server on a thread of its own for one test.

import Foundation
import Testing

@testable import Transport

/// Runs a server while `body` lasts and stops it in every case.
func withServer(
    _ configuration: ServerConfiguration = ServerConfiguration(),
    delegate: RecordingDelegate = .echoing(),
    _ body: (Server, RecordingDelegate) throws -> Void
) throws {
    let server = try Server(configuration, delegate: delegate)
    delegate.server = server
    let ended = DispatchSemaphore(value: 0)
    let thread = Thread {
        server.run()
        ended.signal()
    }
    thread.start()
    defer {
        server.stop(graceSeconds: 0)
        if ended.wait(timeout: .now() + 60) == .success {
            delegate.server = nil
        } else {
            Issue.record("the server does not stop")
        }
    }
    try body(server, delegate)
}
