/// What goes out. Frames are gathered and written many at a time: a server's frames are the same
/// bytes for everyone, so a batch is a copy into one buffer and one write.
///
/// Invariant 3: a frame is never skipped. A WebSocket gets every frame in order, or a prefix of
/// them and its end. Invariant 4: what waits is bounded, for each connection and for all.

internal import CWebSockets

extension Server {
    /// Sends a frame to a WebSocket; to one that has gone, nothing.
    package func send(_ frame: Frame, to identifier: ConnectionIdentifier) {
        guard let connection = table[identifier], connection.phase == .open,
            connection.farewell == nil
        else { return }
        counters.messagesSent += 1
        enqueue(frame, to: connection)
    }

    /// Lets more wait for one WebSocket than for others, such as one that is known and trusted.
    package func allow(queuedBytes: Int, for identifier: ConnectionIdentifier) {
        table[identifier]?.queuedBytesAllowed = queuedBytes
    }

    private func allowance(of connection: Connection) -> Int {
        connection.queuedBytesAllowed ?? configuration.limits.queuedBytes
    }

    func enqueue(_ frame: Frame, to connection: Connection) {
        connection.queue.append(frame)
        totalQueuedBytes += frame.wire.count
        if !connection.isDirty {
            connection.isDirty = true
            dirty.append(connection)
        }
        if connection.queue.bytes > allowance(of: connection)
            || totalQueuedBytes > configuration.limits.totalQueuedBytes
        {
            relieve(connection)
        }
    }

    /// Too much waits. What the socket takes at once is no reason to close; what is left is.
    private func relieve(_ connection: Connection) {
        if unsafe lws_partial_buffered(connection.handle) == 0 { writeFrames(connection) }
        if connection.queue.bytes > allowance(of: connection) {
            closeAsSlow(connection)
        }
        guard totalQueuedBytes > configuration.limits.totalQueuedBytes else { return }
        let slowest = table.all.filter { $0.phase == .open && $0.farewell == nil }
            .max { $0.queue.bytes < $1.queue.bytes }
        if let slowest { closeAsSlow(slowest) }
    }

    private func closeAsSlow(_ connection: Connection) {
        guard connection.farewell == nil else { return }
        counters.slowConsumers += 1
        dropQueue(connection)
        close(connection, code: CloseCode.tryAgainLater, reason: "slow consumer")
    }

    /// Writes to every connection that has something new, unless its socket is full.
    func flush() {
        while !dirty.isEmpty {
            let batch = dirty
            dirty.removeAll(keepingCapacity: true)
            for connection in batch {
                connection.isDirty = false
                guard connection.phase == .open else { continue }
                if unsafe lws_partial_buffered(connection.handle) == 0 { writeFrames(connection) }
            }
        }
    }

    /// The socket takes bytes again.
    func writable(_ connection: Connection) -> Int32 {
        guard connection.phase == .open else { return Server.goOn }
        writeFrames(connection)
        guard connection.queue.isEmpty, let farewell = connection.farewell else {
            return Server.goOn
        }
        // Closing over what the library still holds would lose the farewell.
        guard unsafe lws_partial_buffered(connection.handle) == 0 else {
            unsafe lws_callback_on_writable(connection.handle)
            return Server.goOn
        }
        return sayFarewell(connection, code: farewell.code, reason: farewell.reason)
    }

    /// Writes what waits until the socket is full, a batch at a time.
    private func writeFrames(_ connection: Connection) {
        let handle = unsafe connection.handle
        while !connection.queue.isEmpty {
            let count = gather(from: &connection.queue)
            totalQueuedBytes -= count
            counters.bytesSent += UInt64(count)
            let written = unsafe staging.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return Server.hangUp }
                // In this mode the library adds no header and looks after what the socket leaves.
                return unsafe lws_write(
                    handle, start + LibraryContext.headroom, count, LWS_WRITE_HTTP)
            }
            guard written >= 0 else { return cut(connection) }
            if unsafe lws_partial_buffered(handle) != 0 { break }
        }
        if !connection.queue.isEmpty { unsafe lws_callback_on_writable(handle) }
    }

    /// Puts frames behind the headroom of the staging buffer: as many as a write takes, one at
    /// least.
    /// - Returns: Their bytes.
    private func gather(from queue: inout FrameQueue) -> Int {
        staging.removeAll(keepingCapacity: true)
        staging.append(contentsOf: repeatElement(0, count: LibraryContext.headroom))
        var count = 0
        while let frame = queue.first,
            count == 0 || count + frame.wire.count <= LibraryContext.writeBytes
        {
            staging.append(contentsOf: frame.wire)
            count += frame.wire.count
            queue.removeFirst()
        }
        return count
    }

    /// Ends a connection without ceremony, soon.
    func cut(_ connection: Connection) {
        drop(connection)
        if connection.phase == .open { connection.phase = .closing }
        unsafe lws_set_timeout(connection.handle, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC)
    }

    /// Forgets all that waits for a connection.
    func drop(_ connection: Connection) {
        dropQueue(connection)
        totalQueuedBytes -= (connection.answer?.count ?? 0) + connection.flushingBytes
        connection.answer = nil
        connection.flushingBytes = 0
        connection.incoming = []
        connection.request = nil
    }

    private func dropQueue(_ connection: Connection) {
        totalQueuedBytes -= connection.queue.bytes
        connection.queue.removeAll()
    }
}
