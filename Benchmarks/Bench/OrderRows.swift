/// Orders through `apply` with encoded blocks whose signatures admission has already verified,
/// against a C++ book of `std::map` and `std::list` that gets the same operations and writes the
/// same events and receipts, and that neither decodes nor margins.
///
/// Both sides run alike: the whole recorded stream (`OrderStream`) in a round of its own, on a
/// fresh venue or book, nothing in between; what a block takes is the fastest of the rounds, and
/// the first blocks are not counted.

import Canonical
import Cryptography
import FixedPoint
import Ledger
import Yardstick

/// Gives its verdicts while nothing is counted.
private struct UncountedVerifier: SignatureVerifier {
    func verify(_ statements: [SignedStatement]) -> [Bool] {
        yardstick_allocations_pause()
        defer { yardstick_allocations_resume() }
        return VerifiedAtAdmission().verify(statements)
    }
}

struct OrderRows {
    private static let mixBlocks = 24
    /// Blocks that are run and not counted: the fill, and some of the mix.
    private static let warmBlocks = OrderStream.fillBlocks + 4
    /// The same where allocations are counted: by then nearly every account has traded, and has
    /// room for its position.
    private static let settledBlocks = OrderStream.fillBlocks + 19
    private static let rounds = 4
    private static let yardstick = "C++ map + list book"
    private let name: String
    private let stream: OrderStream

    static func all() -> [Result] {
        let margin = OrderRows(
            name: "orders.margin", stream: OrderStream(mixBlocks: mixBlocks, isMargined: true))
        let matching = OrderRows(
            name: "orders.matching", stream: OrderStream(mixBlocks: mixBlocks, isMargined: false))
        let rows =
            margin.throughput(
                target: .atLeast(3e6),
                note: "order operations, 33 scenarios, 1,000 accounts, margin checked")
            + margin.latency()
            + matching.throughput(
                target: .atLeastAndRatio(10e6, 1.5),
                note: "the same without margin, with events and receipts")
            + [margin.allocations()]
        return rows.map { .measured($0) }
    }

    private var operations: Double {
        Double((stream.blocks.count - OrderRows.warmBlocks) * OrderStream.blockSize)
    }

    /// The sum of what is counted, of a value for each block.
    private func counted(_ blocks: [Double]) -> Double {
        blocks.dropFirst(OrderRows.warmBlocks).reduce(0, +)
    }

    // MARK: Rows

    private func throughput(target: Target, note: String) -> [Row] {
        let stamps = Stamps(room: 16)
        var work: [Double] = []
        var root: [Double] = []
        var other: [Double] = []
        for _ in 0..<OrderRows.rounds {
            let venue = OrderStream.venue(isMargined: stream.isMargined)
            let times = stream.blocks.map { venue.timed($0.block, stamps).times }
            work = Measurement.fastest(work, times.map(\.work))
            root = Measurement.fastest(root, times.map(\.root))
            let book = YardstickBook()
            other = Measurement.fastest(
                other,
                stream.blocks.map { recorded in
                    Measurement.nanoseconds { book.run(recorded.operations) }
                })
        }
        let share = Row(
            name: name + ".root", value: counted(root) / operations, unit: "ns",
            note:
                "what conservation, receipts' root, events' root and state root add, per operation")
        return [
            .rate(
                name, pieces: operations, (counted(work), counted(other)),
                against: OrderRows.yardstick, target: target, note: note), share,
        ]
    }

    /// The time of single commands, without decoding, which comes before all of them.
    private func latency() -> [Row] {
        let stamps = Stamps(room: OrderStream.blockSize + 1)
        var subject: [Double] = []
        var other: [Double] = []
        let venue = OrderStream.venue(isMargined: stream.isMargined)
        venue.ledger.onCommand = { stamps.take() }
        for (place, recorded) in stream.blocks.enumerated() {
            stamps.clear()
            venue.run(recorded.block)
            if place >= OrderRows.warmBlocks { subject += stamps.distances() }
        }
        let book = YardstickBook()
        for (place, recorded) in stream.blocks.enumerated() {
            stamps.clear()
            book.run(recorded.operations, stamps: stamps)
            if place >= OrderRows.warmBlocks { other += stamps.distances() }
        }
        subject.sort()
        other.sort()
        return [("p50", 50, 250.0), ("p99", 99, 2_000)].map { suffix, percent, most in
            let value: ([Double]) -> Double = {
                max(0, $0[$0.count * percent / 100] - Stamps.cost)
            }
            return .time(
                "\(name).\(suffix)", unit: "ns", scale: 1, pieces: 1,
                (value(subject), value(other)), against: OrderRows.yardstick,
                target: .atMost(most),
                note: "one command of it, \(suffix); the clock's own cost is taken off")
        }
    }

    /// Allocations in the steady state; those of the root and of the verifier do not count.
    private func allocations() -> Row {
        var subject = 0.0
        let venue = OrderStream.venue(isMargined: stream.isMargined)
        for (place, recorded) in stream.blocks.enumerated() {
            venue.ledger.onStage = { stage in
                if stage == .execute { yardstick_allocations_pause() }
            }
            yardstick_allocations_start()
            venue.run(recorded.block, verifier: UncountedVerifier())
            yardstick_allocations_pause()
            if place >= OrderRows.settledBlocks { subject += Double(yardstick_allocations()) }
        }
        var other = 0.0
        let book = YardstickBook()
        for (place, recorded) in stream.blocks.enumerated() {
            yardstick_allocations_start()
            book.run(recorded.operations)
            yardstick_allocations_pause()
            if place >= OrderRows.settledBlocks { other += Double(yardstick_allocations()) }
        }
        return .time(
            "orders.allocations", unit: "per 1,000", scale: 1,
            pieces: Double((stream.blocks.count - OrderRows.settledBlocks) * OrderStream.blockSize)
                / 1_000,
            (subject, other), against: OrderRows.yardstick, target: .atMost(0),
            note:
                "calls of the allocator in the last of the blocks, until their commands have run; "
                + "the array of verdicts is the verifier's and left out"
        )
    }
}
