/// Stamps of a clock that is cheap enough to read once per command (`Yardstick/clock.cpp`), and
/// what they come to in nanoseconds.

import Ledger
import Yardstick

/// A buffer of stamps.
@safe
final class Stamps {
    private let handle: OpaquePointer

    /// Nanoseconds of one tick, measured once.
    static let tick = yardstick_tick_nanoseconds()

    /// What a stamp itself costs, in nanoseconds: the median distance of stamps taken back to back.
    static let cost: Double = {
        let stamps = Stamps(room: 10_000)
        for _ in 0..<10_000 { stamps.take() }
        return stamps.distances().sorted()[5_000]
    }()

    init(room: Int) {
        guard let handle = unsafe yardstick_stamps_make(UInt64(room)) else {
            preconditionFailure("Invariant: there is memory for \(room) stamps")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe yardstick_stamps_free(handle) }

    /// For the yardstick, which takes its own.
    var pointer: OpaquePointer { unsafe handle }

    var count: Int { Int(unsafe yardstick_stamps_count(handle)) }

    @inline(__always)
    func take() { unsafe yardstick_stamp(handle) }

    func clear() { unsafe yardstick_stamps_clear(handle) }

    /// Nanoseconds between two stamps.
    func nanoseconds(from first: Int, to second: Int) -> Double {
        let from = unsafe yardstick_stamp_at(handle, UInt64(first))
        let to = unsafe yardstick_stamp_at(handle, UInt64(second))
        return Double(to &- from) * Stamps.tick
    }

    /// Nanoseconds between each stamp and the next.
    func distances() -> [Double] {
        count < 2 ? [] : (1..<count).map { nanoseconds(from: $0 - 1, to: $0) }
    }
}

/// Where the time of a block goes.
struct StageTimes {
    /// Everything but the root: form, decoding, prices, margin, commands, receipts, events.
    var work = 0.0
    /// Conservation, the lists' roots and the state root.
    var root = 0.0
}

extension BenchVenue {
    /// Applies a block and takes the time of its stages.
    func timed(_ block: Block, _ stamps: Stamps) -> (outcome: BlockOutcome, times: StageTimes) {
        stamps.clear()
        ledger.onStage = { _ in stamps.take() }
        stamps.take()
        let outcome = run(block)
        stamps.take()
        ledger.onStage = nil
        return (outcome, stamps.stageTimes)
    }
}

extension Stamps {
    /// Of a block whose stamps are: the start, the ends of check, enforce, execute and close, the
    /// end.
    var stageTimes: StageTimes {
        precondition(count == 6, "Invariant: a block has four stages")
        return StageTimes(
            work: nanoseconds(from: 0, to: 3) + nanoseconds(from: 4, to: 5),
            root: nanoseconds(from: 3, to: 4))
    }
}
