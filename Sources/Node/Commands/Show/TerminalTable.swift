/// Rows in columns that fit the terminal: numbers to the right, words to the left, no lines
/// between. Where there is no room, columns are left out, the least important first; then words are
/// cut, and numbers never.

/// A piece of a row.
struct TableCell: Equatable {
    let text: String
    let tone: Tone

    init(_ text: String, _ tone: Tone = .plain) {
        self.text = text.printable
        self.tone = tone
    }
}

/// A table on its way.
struct TerminalTable {
    struct Column: Equatable {
        let title: String
        let isNumber: Bool
        /// Columns of the highest rank are left out first; those of rank 0 never.
        let rank: Int

        /// Words.
        static func words(_ title: String, rank: Int = 0) -> Column {
            Column(title: title, isNumber: false, rank: rank)
        }

        static func numbers(_ title: String, rank: Int = 0) -> Column {
            Column(title: title, isNumber: true, rank: rank)
        }
    }

    private static let gap = "  "
    /// Words are cut to no less.
    private static let leastWord = 6

    let columns: [Column]
    private(set) var rows: [[TableCell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// - Precondition: a cell for each column.
    mutating func add(_ cells: [TableCell]) {
        precondition(
            cells.count == columns.count,
            "Invariant: \(columns.count) columns have \(cells.count) cells")
        rows.append(cells)
    }

    /// The lines, titles first, each with a line feed.
    func text(on screen: Screen) -> String {
        var kept = Array(columns.indices)
        var widths = columns.indices.map(width)
        let room = screen.columns ?? Int.max
        while total(widths, kept) > room,
            let place = kept.indices.max(by: {
                // Of the same rank, the one farther to the right.
                (columns[kept[$0]].rank, $0) < (columns[kept[$1]].rank, $1)
            }), columns[kept[place]].rank > 0
        {
            kept.remove(at: place)
        }
        let words = kept.filter { !columns[$0].isNumber }
        while total(widths, kept) > room,
            let widest = words.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > TerminalTable.leastWord
        {
            widths[widest] -= 1
        }
        let titles = kept.map { TableCell(columns[$0].title, .quiet) }
        let lines = [titles] + rows.map { row in kept.map { row[$0] } }
        return lines.map { line(zip(kept, $0).map { ($0, $1) }, widths, screen) + "\n" }.joined()
    }

    private func width(of column: Int) -> Int {
        rows.reduce(columns[column].title.count) { max($0, $1[column].text.count) }
    }

    private func total(_ widths: [Int], _ kept: [Int]) -> Int {
        kept.reduce(0) { $0 + widths[$1] } + max(0, kept.count - 1) * TerminalTable.gap.count
    }

    private func line(
        _ cells: [(column: Int, cell: TableCell)], _ widths: [Int], _ screen: Screen
    ) -> String {
        var line = ""
        for (place, (column, cell)) in cells.enumerated() {
            if place > 0 { line += TerminalTable.gap }
            var text = cell.text
            if text.count > widths[column], !columns[column].isNumber {
                text = text.prefix(widths[column] - 1) + "…"
            }
            let blanks = String(repeating: " ", count: max(0, widths[column] - text.count))
            let painted = screen.painted(text, cell.tone)
            if columns[column].isNumber {
                line += blanks + painted
            } else {
                // Nothing hangs behind the last word of a line.
                line += painted + (place == cells.count - 1 ? "" : blanks)
            }
        }
        return line
    }
}
