/// Recognises an order-flow file by its first line and reads it.

/// Reads files into order flow.
package enum OrderFlowFile {
    /// Reads a file, plain or gzip, and the book that lies beside it.
    ///
    /// - Parameter most: how many rows or lines to read; all if not given.
    /// - Throws: `OrderFlowFault` with the file, the line and the reason.
    package static func read(
        _ path: String, most: Int = .max
    ) throws(OrderFlowFault) -> OrderFlow {
        var flow = try parsed(path) { table throws(OrderFlowReason) in
            try messages(of: &table, path: path, most: most)
        }
        guard !flow.messages.isEmpty else {
            throw OrderFlowFault(file: path, line: nil, reason: .noMessages)
        }
        if flow.format == .lobster, let book = LobsterFlow.bookPath(beside: path) {
            flow.messages = try parsed(book) { table throws(OrderFlowReason) in
                var messages = flow.messages
                try LobsterFlow.attachBook(&table, to: &messages)
                return messages
            }
        }
        return flow
    }

    private static func messages(
        of table: inout OrderFlowTable, path: String, most: Int
    ) throws(OrderFlowReason) -> OrderFlow {
        if table.hasColumns(LobsterFlow.columns) {
            return OrderFlow(
                file: path, format: .lobster,
                messages: try LobsterFlow.read(
                    &table, midnight: LobsterFlow.midnight(path), most: most),
                isWindow: LobsterFlow.isWindow(path))
        }
        if table.hasColumns(BitstampFlow.columns) {
            return OrderFlow(
                file: path, format: .bitstamp,
                messages: try BitstampFlow.read(&table, most: most), isWindow: false)
        }
        if table.hasColumns(MarketByOrderFlow.columns) {
            return OrderFlow(
                file: path, format: .marketByOrder,
                messages: try MarketByOrderFlow.read(&table, most: most), isWindow: false)
        }
        if DepthStreamFlow.isLine(table.line) {
            return OrderFlow(
                file: path, format: .depthStream,
                messages: try DepthStreamFlow.read(&table, most: most), isWindow: false)
        }
        throw .unknownFormat
    }

    /// Opens a file and reads it; a reason becomes a fault with the file and the line.
    private static func parsed<Result>(
        _ path: String, _ read: (inout OrderFlowTable) throws(OrderFlowReason) -> Result
    ) throws(OrderFlowFault) -> Result {
        var table: OrderFlowTable
        do throws(OrderFlowReason) {
            table = try OrderFlowTable(path: path)
        } catch {
            throw OrderFlowFault(file: path, line: error.isAboutLine ? 1 : nil, reason: error)
        }
        do throws(OrderFlowReason) {
            return try read(&table)
        } catch {
            let line = error.isAboutLine ? table.number : nil
            throw OrderFlowFault(file: path, line: line, reason: error)
        }
    }
}
