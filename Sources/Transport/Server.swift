/// An HTTP and WebSocket server on one thread. It hides libwebsockets whole: outside this room
/// there are bytes, names of connections, and six calls of a delegate.
///
/// Files: `Server+Events` takes the library's callback apart, `Server+HTTP` and `Server+WebSocket`
/// deal with the two kinds, `Server+Sending` with what goes out, `Server+Deadlines` with what takes
/// too long.

internal import CWebSockets
internal import Glibc
internal import Synchronization

/// Serves until stopped.
///
/// `run()`, and all calls but `wake()` and `stop(graceSeconds:)`, belong to one thread, the service
/// thread: the one that `run()` blocks. That is why the class may be sent to it.
package final class Server: @unchecked Sendable {
    let configuration: ServerConfiguration
    let wantedHeaders: [WantedHeader]
    var delegate: (any ServerDelegate)?
    var table = ConnectionTable()
    /// What `statistics` gives, but for the gauges that are read off.
    var counters = ServerStatistics()
    var webSocketCount = 0
    var totalQueuedBytes = 0
    /// Connections with something new to send, flushed when the delegate returns.
    var dirty: [Connection] = []
    /// Where frames are gathered for one write.
    var staging: [UInt8] = []
    /// Time of the current round of the loop, in nanoseconds.
    var now = MonotonicClock.now
    /// When the deadline of stopping is; nil while serving.
    var stopsAt: UInt64?
    private let mostConnections: Int

    private var context: LibraryContext?
    /// The library's context for `wake()`; nil once it is about to close.
    private let wakeable: Mutex<Wakeable>
    private let isWakeWanted = Atomic<Bool>(false)
    /// Seconds of grace plus one; 0 while nobody has asked to stop.
    private let stopRequest = Atomic<UInt64>(0)
    /// The port listened on.
    package private(set) var port: UInt16 = 0

    @safe private struct Wakeable: @unchecked Sendable {
        var handle: OpaquePointer?
    }

    /// Opens the listening socket. Nothing is served before `run()`.
    /// - Throws: `badConfiguration`, or `notOpened` when the address is taken, a certificate is not
    ///   readable, or the like.
    package init(
        _ configuration: ServerConfiguration, delegate: any ServerDelegate
    ) throws(TransportFault) {
        let checked = try configuration.checked()
        self.configuration = checked
        self.delegate = delegate
        wantedHeaders = configuration.wantedHeaders.map(WantedHeader.init)
        let descriptors = DescriptorLimit.raised()
        mostConnections = min(
            checked.limits.connections, max(1, descriptors - DescriptorLimit.reserve))
        wakeable = unsafe Mutex(Wakeable(handle: nil))
        staging.reserveCapacity(LibraryContext.headroom + LibraryContext.writeBytes)
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        let library = try unsafe LibraryContext(
            callback: serverCallback, owner: owner,
            purpose: "listen on \(checked.address):\(checked.port)",
            usesTLS: checked.security != nil, patience: ServerOptions.patience
        ) { info, library in
            unsafe ServerOptions.fill(&info, with: checked, keeping: library)
        }
        context = library
        guard let handle = unsafe library.handle, let host = unsafe library.host else {
            throw .notOpened("find the listening socket")
        }
        port = UInt16(truncatingIfNeeded: unsafe lws_get_vhost_listen_port(host))
        wakeable.withLock { unsafe $0.handle = handle }
    }

    /// Serves on the calling thread until stopped; closes everything before it returns. Once only.
    package func run() {
        guard let context else { return }
        let tickNanoseconds =
            UInt64(configuration.tickMilliseconds) * MonotonicClock.nanosecondsPerMillisecond
        var nextTick = MonotonicClock.now + tickNanoseconds
        var nextScan = MonotonicClock.now
        while true {
            now = MonotonicClock.now
            if now >= nextTick {
                nextTick = max(nextTick + tickNanoseconds, now)
                delegate?.tick()
                flush()
            }
            if now >= nextScan {
                nextScan = now + Server.scanNanoseconds
                enforceDeadlines()
            }
            if isStopped() { break }
            let wait = min(nextTick, nextScan)
            let milliseconds =
                (wait > now ? wait - now : 0) / MonotonicClock.nanosecondsPerMillisecond
            guard context.service(milliseconds: UInt32(milliseconds) + 1) else { break }
        }
        wakeable.withLock { unsafe $0.handle = nil }
        context.close()
        self.context = nil
        delegate = nil
    }

    /// How often deadlines are looked at.
    private static let scanNanoseconds = 100 * MonotonicClock.nanosecondsPerMillisecond

    /// Has the delegate's `woken()` called soon on the service thread. From any thread, at any
    /// time.
    package func wake() {
        guard !isWakeWanted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        interrupt()
    }

    /// Refuses new connections, lets what waits go out, closes WebSockets with 1001 and ends
    /// `run()` when all have gone or `graceSeconds` have passed. From any thread.
    package func stop(graceSeconds: UInt32) {
        stopRequest.store(UInt64(graceSeconds) + 1, ordering: .releasing)
        interrupt()
    }

    private func interrupt() {
        wakeable.withLock { wakeable in
            if let handle = unsafe wakeable.handle { unsafe lws_cancel_service(handle) }
        }
    }

    /// The library has been interrupted.
    func interrupted() {
        guard isWakeWanted.exchange(false, ordering: .acquiringAndReleasing) else { return }
        delegate?.woken()
        flush()
    }

    /// Begins to stop when asked; true when there is nothing left to wait for.
    private func isStopped() -> Bool {
        let request = stopRequest.load(ordering: .acquiring)
        guard request > 0 else { return false }
        if stopsAt == nil {
            stopsAt = now + (request - 1) * MonotonicClock.nanosecondsPerSecond
            beginStopping()
        }
        return table.count == 0 || now >= (stopsAt ?? 0)
    }

    /// Whether there is room for one more connection from `address`.
    func admits(_ address: PeerAddress) -> Bool {
        stopsAt == nil && table.count < mostConnections
            && table.count(from: address) < configuration.limits.connectionsPerAddress
    }

    /// What has been counted so far.
    package var statistics: ServerStatistics {
        var statistics = counters
        statistics.webSockets = webSocketCount
        statistics.httpConnections = table.count - webSocketCount
        statistics.queuedBytes = totalQueuedBytes
        return statistics
    }
}
