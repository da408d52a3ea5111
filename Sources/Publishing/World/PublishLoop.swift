/// The one thread that does what the machine wants: requests and bundles through libcurl, lines out
/// of pipes, notes to the log, and the status file.

import Foundation
import JSON
package import Oracle
import Synchronization

/// What the loop needs of the program round it.
package struct PublishWorld {
    /// Nanoseconds since 1970.
    package var now: () -> UInt64
    /// Signs observations of a moment: what is posted to the node.
    package var compose: ([Observation], UInt64) -> [UInt8]
    /// Takes what is worth a line of the log.
    package var note: (PublishNote) -> Void
    /// Takes the text of the status, about once a second.
    package var status: (String) -> Void

    package init(
        now: @escaping () -> UInt64, compose: @escaping ([Observation], UInt64) -> [UInt8],
        note: @escaping (PublishNote) -> Void, status: @escaping (String) -> Void
    ) {
        self.now = now
        self.compose = compose
        self.note = note
        self.status = status
    }
}

/// Runs a publisher.
package final class PublishLoop {
    package private(set) var machine: PublishMachine
    private let node: WebRequest
    private let world: PublishWorld
    private let transfers: Transfers
    private let pipes: [Pipe]
    private let parser: AnswerParser
    private let stopper: PublishStopper
    /// What each tag of a request stands for; the delivery has none.
    private var requests: [Int: (feed: Int, part: FetchPart)] = [:]
    private var lastTag = PublishLoop.deliveryTag
    private var statusAt: UInt64 = 0

    private static let deliveryTag = 0
    private static let statusEvery: UInt64 = 1_000_000_000
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000
    /// Milliseconds that a stop waits for a bundle that is under way.
    private static let farewell = 1_000
    private static let mostBytes = 64 << 20
    private static let success = 200

    /// - Parameters:
    ///   - node: where bundles are posted to; its body is left out.
    ///   - seed: of the chance in waits after failures.
    /// - Throws: `PipeFault`.
    package init(
        _ plan: PublishPlan, node: WebRequest, seed: UInt64, world: PublishWorld
    ) throws(PublishLoopFault) {
        machine = PublishMachine(plan, seed: seed, at: world.now())
        self.node = node
        self.world = world
        guard let transfers = Transfers(), let parser = AnswerParser(bytes: PublishLoop.mostBytes)
        else { throw .noMemory }
        self.transfers = transfers
        self.parser = parser
        stopper = PublishStopper(transfers)
        var pipes: [Pipe] = []
        for feed in plan.feeds {
            guard case .pipe(let path) = feed.origin, !pipes.contains(where: { $0.path == path })
            else { continue }
            do throws(PipeFault) {
                pipes.append(try Pipe(path))
            } catch {
                throw .pipe(error)
            }
        }
        self.pipes = pipes
    }

    /// Ends `run` in order; from any thread.
    package var stop: PublishStopper { stopper }

    /// Publishes until it is told to stop.
    package func run() {
        while !stopper.isStopped {
            act(machine.turn(at: world.now()))
            wait(until: machine.next)
            report()
        }
        finish()
    }

    /// Asks every feed once, sends what is sound, and comes back when the node has answered.
    ///
    /// - Returns: whether the node has taken a price of every underlying.
    package func runOnce() -> Bool {
        act(machine.turn(at: world.now()))
        settle()
        machine.endRound()
        act(machine.turn(at: world.now()))
        settle()
        world.status(PublishStatus.text(machine, at: world.now()))
        return machine.sent.allSatisfy { $0 != nil }
    }

    /// One step: what is due is begun, and what is under way is brought to its end. For tests, and
    /// for `runOnce`.
    package func settle() {
        while machine.isBusy, !stopper.isStopped {
            take(transfers.turn(milliseconds: PublishLoop.farewell, reading: descriptors))
        }
        take(transfers.turn(milliseconds: 0, reading: descriptors))
        report()
    }

    /// Does what is due now and waits for nothing. For tests.
    package func begin() { act(machine.turn(at: world.now())) }

    private var descriptors: [Int32] { pipes.map(\.descriptor) }

    private func wait(until next: UInt64) {
        let now = world.now()
        let nanoseconds = min(next > now ? next - now : 0, PublishLoop.statusEvery)
        let milliseconds =
            Int(
                (nanoseconds + PublishLoop.nanosecondsPerMillisecond - 1)
                    / PublishLoop.nanosecondsPerMillisecond)
        take(transfers.turn(milliseconds: milliseconds, reading: descriptors))
    }

    private func act(_ actions: [PublishAction]) {
        for action in actions {
            switch action {
            case .fetch(let feed, let part, let request):
                lastTag += 1
                requests[lastTag] = (feed, part)
                if !transfers.begin(request, tag: lastTag) {
                    ended(lastTag, .failed("the library does not take the request"))
                }
            case .deliver(let observations, let time):
                var request = node
                request.body = world.compose(observations, time)
                if !transfers.begin(request, tag: PublishLoop.deliveryTag) {
                    ended(
                        PublishLoop.deliveryTag, .failed("the library does not take the request"))
                }
            }
        }
    }

    private func take(_ events: TransferEvents) {
        for (tag, outcome) in events.ended { ended(tag, outcome) }
        for pipe in pipes where events.readable.contains(pipe.descriptor) {
            for line in pipe.read() { machine.said(line, on: pipe.path, at: world.now()) }
        }
        for note in machine.takeNotes() { world.note(note) }
    }

    private func ended(_ tag: Int, _ outcome: TransferOutcome) {
        let now = world.now()
        guard tag != PublishLoop.deliveryTag else { return deliveryEnded(outcome, at: now) }
        guard let (feed, part) = requests.removeValue(forKey: tag) else { return }
        machine.answered(feed, part, answer(outcome), at: now)
    }

    private func answer(_ outcome: TransferOutcome) -> Result<JSON.Value, Finding> {
        switch outcome {
        case .answered(PublishLoop.success, let body):
            do throws(Finding) {
                return .success(try parser.value(of: body))
            } catch {
                return .failure(error)
            }
        case .answered(let status, _): return .failure(.status(status))
        case .timedOut: return .failure(.late)
        case .tooLong: return .failure(.tooLong)
        case .failed(let reason): return .failure(.unreachable(reason))
        }
    }

    private func deliveryEnded(_ outcome: TransferOutcome, at now: UInt64) {
        switch outcome {
        case .answered(let status, let body):
            guard let answer = try? parser.value(of: body) else {
                return machine.notDelivered("it answered HTTP \(status), no JSON", at: now)
            }
            if let error = answer["error"] {
                return machine.refused(error["message"]?.text ?? "no reason given", at: now)
            }
            guard answer["result"] != nil else {
                return machine.notDelivered("it is no Rampart node", at: now)
            }
            machine.delivered(at: now)
        case .timedOut: machine.notDelivered("it does not answer in time", at: now)
        case .tooLong: machine.notDelivered("its answer is too long", at: now)
        case .failed(let reason): machine.notDelivered(reason, at: now)
        }
    }

    private func report() {
        for note in machine.takeNotes() { world.note(note) }
        let now = world.now()
        guard now >= statusAt + PublishLoop.statusEvery else { return }
        statusAt = now
        world.status(PublishStatus.text(machine, at: now))
    }

    /// Lets a bundle that is under way arrive.
    private func finish() {
        if machine.delivery.isInFlight {
            take(transfers.turn(milliseconds: PublishLoop.farewell, reading: []))
        }
        report()
    }
}

/// Why a loop does not begin.
package enum PublishLoopFault: Error, Equatable, Sendable {
    case noMemory
    case pipe(PipeFault)
}

/// Ends a loop from another thread.
package final class PublishStopper: Sendable {
    private let transfers: Transfers
    private let flag = Atomic<Bool>(false)

    init(_ transfers: Transfers) { self.transfers = transfers }

    package var isStopped: Bool { flag.load(ordering: .acquiring) }

    package func stop() {
        flag.store(true, ordering: .releasing)
        transfers.wake()
    }
}
