/// A table of numbers by column, CSV or CSV in gzip: for data that are looked at and never fed to
/// the engine. Fields that are no numbers read as zero.

struct ColumnFile {
    private let names: [String]
    private let columns: [[Double]]

    /// Reads a file with a header line.
    ///
    /// - Throws: a fault with file and line where it cannot be read, or a row has another number of
    ///   fields.
    init(_ path: String) throws(PriceFileFault) {
        do throws(PriceFileReason) {
            var reader = try LineReader(path: path)
            guard try reader.next() else { throw PriceFileReason.empty }
            let names = PriceFile.split(reader.bytes, reader.line).map {
                PriceFile.text(reader.bytes[$0])
            }
            var columns = names.map { _ in [Double]() }
            while try reader.next() {
                if reader.line.isEmpty { continue }
                let fields = PriceFile.split(reader.bytes, reader.line)
                guard fields.count == names.count else {
                    throw .fieldCount(expected: names.count, found: fields.count)
                }
                for (place, field) in fields.enumerated() {
                    columns[place].append(Double(PriceFile.text(reader.bytes[field])) ?? 0)
                }
            }
            self.names = names
            self.columns = columns
        } catch {
            throw PriceFileFault(file: path, line: nil, reason: error)
        }
    }

    /// The column of that name.
    subscript(name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }
}
