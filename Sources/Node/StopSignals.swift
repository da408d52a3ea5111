/// SIGTERM and SIGINT as a wish to stop in order. They are blocked in all threads and taken by one
/// that waits for them, so no code runs inside a signal handler.

import Foundation

package enum StopSignals {
    /// Has the signals wait; call before any thread is started.
    package static func hold() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        // A client that goes away while it is written to is no reason to die.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Returns when one of them comes.
    package static func wait() {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        var taken: Int32 = 0
        unsafe sigwait(&set, &taken)
    }
}
