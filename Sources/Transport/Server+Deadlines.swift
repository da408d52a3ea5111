/// What takes too long is ended: handshakes, bodies, answers that nobody takes, WebSockets that
/// have gone silent. The whole table is looked at ten times a second, which for ten thousand
/// connections is nothing.

internal import CWebSockets

extension Server {
    func enforceDeadlines() {
        for connection in table.all {
            if connection.isWebSocket && connection.phase == .open && connection.farewell == nil {
                checkLife(of: connection)
            } else {
                checkDeadline(of: connection)
            }
        }
        flush()
    }

    private func checkDeadline(of connection: Connection) {
        let handle = unsafe connection.handle
        if connection.flushingBytes > 0, unsafe lws_partial_buffered(handle) == 0 {
            // The answer has been taken; from here the client rests.
            totalQueuedBytes -= connection.flushingBytes
            connection.flushingBytes = 0
            connection.deadline = now + seconds(configuration.limits.keepAliveSeconds)
        }
        guard now >= connection.deadline else { return }
        counters.timeouts += 1
        // Not again for as long as the library takes to end it.
        connection.deadline = now + seconds(configuration.limits.closeSeconds)
        cut(connection)
    }

    private func checkLife(of connection: Connection) {
        let limits = configuration.limits
        let silence = now - min(now, connection.lastHeard)
        if silence >= seconds(limits.silenceSeconds) {
            counters.timeouts += 1
            cut(connection)
        } else if silence >= seconds(limits.pingSeconds) && !connection.isPinged {
            connection.isPinged = true
            enqueue(Server.ping, to: connection)
        }
    }

    /// Not empty, since the library keeps pongs without a payload to itself.
    private static let ping = Frame(.ping, payload: Array("ping".utf8))

    /// Asks everyone to go: WebSockets after what waits for them, idle connections at once, others
    /// after their answer.
    func beginStopping() {
        for connection in table.all {
            switch connection.phase {
            case .open:
                close(connection, code: CloseCode.goingAway, reason: "server stops")
                connection.deadline = max(connection.deadline, stopsAt ?? 0)
            case .resting where connection.flushingBytes == 0, .handshake: cut(connection)
            case .resting, .body, .answering, .closing: break
            }
        }
    }
}
