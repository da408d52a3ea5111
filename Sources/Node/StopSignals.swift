/// SIGTERM and SIGINT as a wish to stop in order, SIGUSR2 as one to take over, SIGHUP as the news
/// that the log file was moved away or the terminal is gone. They are blocked in all threads and
/// taken by one that waits for them, so no code runs inside a signal handler. SIGUSR1 is not used:
/// the handler of Swift that shows where a program has crashed sends it to the program's own
/// threads.

import Foundation

package enum StopSignals {
    /// What somebody wants of the process.
    package enum Wish: Sendable {
        case stop
        case takeOver
        case hangUp
    }

    private static func all() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGUSR2, SIGHUP] { unsafe sigaddset(&set, signal) }
        return set
    }

    /// Has the signals wait; call before any thread is started.
    package static func hold() {
        var set = all()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        // A client that goes away while it is written to is no reason to die, and a file that may
        // not grow is a full disk, which the store knows.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Lets them end the process as they do by themselves: for commands that leave nothing half
    /// done. Call before any thread is started.
    static func release() {
        var set = all()
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Returns when one of them comes.
    package static func next() -> Wish {
        var set = all()
        var taken: Int32 = 0
        unsafe sigwait(&set, &taken)
        return switch taken {
        case SIGUSR2: .takeOver
        case SIGHUP: .hangUp
        default: .stop
        }
    }

    /// Returns when the process is to stop; a process without a log file does so at SIGHUP too.
    package static func wait() {
        while next() == .takeOver {}
    }
}
