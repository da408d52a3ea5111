/// What happens because time passes: heartbeats, messages that collect for a while, and the end of
/// what is remembered too long.

package import FixedPoint
import JSON
package import Ledger

extension Gateway {
    /// To be called every hundred milliseconds or so.
    package func tick(ledger: Ledger, now: Timestamp) {
        beat(now: now)
        expireAuthorities(now: now)
        expireQuestions(ledger: ledger, now: now)
        flushChannels(ledger: ledger, now: now)
        flushUserChannels(ledger: ledger, now: now)
        desk.tokens.expire(at: now)
        let terms = configuration.credits
        pools = pools.filter { entry in
            var pool = entry.value
            return !pool.isFull(terms, now: now)
        }
    }

    /// Every interval a heartbeat; a connection that was silent for two is asked to speak, and
    /// closed after three.
    private func beat(now: Timestamp) {
        for (identifier, session) in sessions {
            guard var heartbeat = session.heartbeat else { continue }
            let interval = heartbeat.interval
            if let sent = heartbeat.testSent, heartbeat.lastHeard >= sent {
                heartbeat.testSent = nil
            }
            if let sent = heartbeat.testSent, now.elapsed(since: sent) >= interval {
                act(.close(identifier, .heartbeatMissed))
                close(identifier, now: now)
                continue
            }
            if now.elapsed(since: heartbeat.lastSent) >= interval {
                heartbeat.lastSent = now
                let isSilent = now.elapsed(since: heartbeat.lastHeard) >= interval
                if isSilent, heartbeat.testSent == nil {
                    heartbeat.testSent = now
                    act(.send(identifier, JSONWriter.heartbeat("test_request")))
                } else {
                    act(.send(identifier, JSONWriter.heartbeat("heartbeat")))
                }
            }
            sessions[identifier]?.heartbeat = heartbeat
        }
    }

    /// A WebSocket whose token has ended speaks for nobody.
    private func expireAuthorities(now: Timestamp) {
        for (identifier, session) in sessions {
            guard let authority = session.authority, authority.expiry <= now else { continue }
            act(.close(identifier, .unauthorised))
            close(identifier, now: now)
        }
    }
}
