/// Locks, waiting and one thread, for the room's only work in the background. It is kept this small
/// so that everything shared between threads can be seen in two places: `BlockStore` and
/// `LeafWriter`.

import Glibc

/// A lock on which threads can also wait.
@safe
final class Monitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe pthread_cond_destroy(condition)
        unsafe mutex.deallocate()
        unsafe condition.deallocate()
    }

    /// Runs `body` while no other thread is inside.
    func locked<Result, Fault: Error>(
        _ body: () throws(Fault) -> Result
    ) throws(Fault) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Lets others in until `wakeAll`; only inside `locked`. It may return early.
    func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// Wakes every thread that waits; inside `locked`.
    func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}

/// A thread that runs one function and is joined.
@safe
final class Worker: @unchecked Sendable {
    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private var thread = pthread_t()

    /// - Throws: `StorageFault.inaccessible` where the system has no more threads.
    init(_ body: @escaping @Sendable () -> Void) throws(StorageFault) {
        let box = unsafe Unmanaged.passRetained(Box(body))
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            }, box.toOpaque())
        if status != 0 {
            unsafe box.release()
            throw .system(status, file: "a thread")
        }
    }

    /// Waits for the end of the function; once.
    func join() { pthread_join(thread, nil) }
}
