/// Threads that share one piece of work at a time with whoever brings it. The caller works too, so
/// a pool of one worker has no thread of its own, and a pool whose threads are busy is merely
/// slower.
import Dispatch
import Glibc
import Synchronization

/// A fixed number of threads for work that consists of equal pieces.
final class WorkerPool: Sendable {
    /// How many pieces are worked on at once, the caller's included; 1 or more.
    let workers: Int
    private let queue = JobQueue()
    private let threads: [Thread]

    /// A pool of `workers`, of which one is the caller of `map`; below 1 counts as 1.
    init(workers: Int) {
        var threads: [Thread] = []
        // A thread that the system does not give is missing, and the others do its work.
        for _ in 1..<max(1, workers) {
            if let thread = Thread(queue) { threads.append(thread) }
        }
        self.threads = threads
        self.workers = threads.count + 1
    }

    deinit {
        queue.close(threads: threads.count)
        for thread in threads { thread.join() }
    }

    /// `transform` of each of `inputs`, in order. Returns when all are done.
    func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ transform: @escaping @Sendable (Input) -> Output
    ) -> [Output] {
        let helpers = min(threads.count, inputs.count - 1)
        guard helpers > 0 else { return inputs.map(transform) }
        let job = Job(inputs, transform)
        queue.add(job.work, times: helpers)
        job.work()
        return job.outcome()
    }
}

/// The pieces of one call of `map`, taken one by one by whoever is free.
private final class Job<Input: Sendable, Output: Sendable>: Sendable {
    private let inputs: [Input]
    private let transform: @Sendable (Input) -> Output
    private let next = Atomic<Int>(0)
    private let outputs: Mutex<(done: Int, values: [Output?])>
    private let finished = DispatchSemaphore(value: 0)

    init(_ inputs: [Input], _ transform: @escaping @Sendable (Input) -> Output) {
        self.inputs = inputs
        self.transform = transform
        outputs = Mutex((0, [Output?](repeating: nil, count: inputs.count)))
    }

    /// Works until no piece is left to take.
    func work() {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < inputs.count else { return }
            let output = transform(inputs[index])
            let isLast = outputs.withLock { outputs in
                outputs.values[index] = output
                outputs.done += 1
                return outputs.done == inputs.count
            }
            if isLast { finished.signal() }
        }
    }

    /// Waits for the last piece.
    func outcome() -> [Output] {
        finished.wait()
        return outputs.withLock { $0.values.compactMap { $0 } }
    }
}

/// Work that waits for a thread.
private final class JobQueue: Sendable {
    /// A nil ends the thread that takes it.
    private let waiting = Mutex<[(@Sendable () -> Void)?]>([])
    private let count = DispatchSemaphore(value: 0)

    func add(_ work: @escaping @Sendable () -> Void, times: Int) {
        waiting.withLock { $0.append(contentsOf: repeatElement(.some(work), count: times)) }
        for _ in 0..<times { count.signal() }
    }

    func close(threads: Int) {
        waiting.withLock { $0.append(contentsOf: repeatElement(nil, count: threads)) }
        for _ in 0..<threads { count.signal() }
    }

    /// Waits for work; nil where the thread is to end.
    func take() -> (@Sendable () -> Void)? {
        count.wait()
        return waiting.withLock { $0.removeFirst() }
    }
}

/// A thread of the system that works off a queue.
private struct Thread: Sendable {
    private let handle: pthread_t

    init?(_ queue: JobQueue) {
        var handle = pthread_t()
        let context = unsafe Unmanaged.passRetained(queue)
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let queue = unsafe Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue()
                while let work = queue.take() { work() }
                return nil
            }, context.toOpaque())
        guard failure == 0 else {
            unsafe context.release()
            return nil
        }
        self.handle = handle
    }

    func join() { pthread_join(handle, nil) }
}
