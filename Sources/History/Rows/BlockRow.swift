/// Which blocks the history stands for. The last of them is its mark.

package import Canonical
package import FixedPoint

/// One block.
package struct BlockRow: HistoryRow {
    package var height: UInt64
    package var time: Timestamp
    /// Of its header.
    package var hash: Digest
    /// Of the state behind it.
    package var root: Digest
    package var firstEvent: UInt64
    /// The number of the first event after it.
    package var nextEvent: UInt64

    package static let table = Table(
        "blocks", key: 1,
        [
            .integer("height"), .integer("time"), .bytes("hash"), .bytes("root"),
            .integer("first_event"), .integer("next_event"),
        ],
        indexes: [TableIndex(columns: ["time"])])

    package func put(into values: inout RowValues) {
        values.put(height)
        values.put(time)
        values.put(hash)
        values.put(root)
        values.put(firstEvent)
        values.put(nextEvent)
    }

    /// The mark of a history that ends with it.
    package var mark: HistoryMark {
        HistoryMark(height: height, hash: hash, nextEvent: nextEvent)
    }
}

extension BlockRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        height = try fields.whole()
        time = try fields.timestamp()
        hash = try fields.digest()
        root = try fields.digest()
        firstEvent = try fields.whole()
        nextEvent = try fields.whole()
    }
}
