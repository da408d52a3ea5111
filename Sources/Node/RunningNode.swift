/// What of this process a signal reaches: the node that leads, the one that follows, or the one
/// that is still being brought up.

import Foundation
import Glibc
import Synchronization

/// Hands wishes of the process to whatever runs in it just now.
final class RunningNode: Sendable {
    /// What runs.
    enum Part: Sendable {
        case leader(Node)
        case follower(FollowerNode)
    }

    private let state = Mutex<(part: Part?, isStopping: Bool)>((nil, false))
    private let log: Log

    init(log: Log) { self.log = log }

    /// Listens for signals on a thread of its own, for as long as the process lives.
    func listen() {
        let thread = Thread {
            while true {
                switch StopSignals.next() {
                case .stop: self.stop()
                case .takeOver: self.takeOver()
                case .hangUp: self.hangUp()
                }
            }
        }
        thread.name = "signals"
        thread.start()
    }

    /// From now on wishes go to `part`; one that came before it was there is handed over.
    func set(_ part: Part) {
        let isStopping = state.withLock { state in
            state.part = part
            return state.isStopping
        }
        if isStopping { stop() }
    }

    private func stop() {
        log.write(.info, "stopping")
        Supervisor.process.stopping()
        let part = state.withLock { state in
            state.isStopping = true
            return state.part
        }
        switch part {
        case .leader(let node): node.stop()
        case .follower(let node): node.stop()
        case nil: break
        }
    }

    /// The log file was moved away, or the terminal is gone. Without either there is nothing to do.
    private func hangUp() {
        if let file = log.file {
            do throws(CommandFault) {
                try file.reopen()
                log.write(.info, "log file opened", ["file": file.path])
            } catch {
                log.write(.error, "log file not opened anew", ["reason": error.message])
            }
        } else if isatty(STDERR_FILENO) == 1 {
            stop()
        } else {
            log.write(.warning, "nothing to do at SIGHUP", ["reason": "log.file is not set"])
        }
    }

    private func takeOver() {
        switch state.withLock({ $0.part }) {
        case .follower(let node):
            log.write(.info, "taking over")
            node.takeOver()
        case .leader:
            log.write(.warning, "not taking over", ["reason": "this node leads already"])
        case nil:
            log.write(.warning, "not taking over", ["reason": "this node is still starting"])
        }
    }
}
