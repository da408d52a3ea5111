/// The commands of a block, decoded. Placements are large and moves are many, so that each kind
/// lies where it costs least: moves and cancels in the list itself, placements and the rest beside
/// it.

import Canonical

/// The commands of a block, in its order.
struct CommandList {
    /// One command, or where it is.
    enum Entry {
        case amend(AmendRequest)
        case cancel(OrderIdentifier)
        /// In `placements`.
        case place(Int32)
        /// In `others`.
        case other(Int32)
    }

    private(set) var entries: [Entry] = []
    private(set) var placements: [OrderRequest] = []
    private(set) var others: [Command] = []

    /// How far the list had come.
    struct Mark {
        fileprivate let entries: Int
        fileprivate let placements: Int
        fileprivate let others: Int
    }

    var count: Int { entries.count }

    var mark: Mark {
        Mark(entries: entries.count, placements: placements.count, others: others.count)
    }

    /// Takes back what has been appended since.
    mutating func remove(after mark: Mark) {
        entries.removeLast(entries.count - mark.entries)
        placements.removeLast(placements.count - mark.placements)
        others.removeLast(others.count - mark.others)
    }

    /// Forgets the block and keeps the room.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        placements.removeAll(keepingCapacity: true)
        others.removeAll(keepingCapacity: true)
    }

    /// Reads a batch and appends its commands; where it throws, those before the fault have been
    /// appended.
    mutating func appendBatch(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        for _ in 0..<(try decoder.listCount(limit: Transaction.commandLimit)) {
            let tag: Command.Tag = try decoder.value()
            switch tag {
            case .amend: entries.append(.amend(try decoder.value()))
            case .cancel: entries.append(.cancel(try decoder.value()))
            case .place:
                placements.append(try decoder.value())
                entries.append(.place(Int32(truncatingIfNeeded: placements.count - 1)))
            default:
                others.append(try Command(tag: tag, from: &decoder))
                entries.append(.other(Int32(truncatingIfNeeded: others.count - 1)))
            }
        }
    }
}
