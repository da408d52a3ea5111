/// The feeds of a configuration: a venue's HTTP interface, a table of recorded prices, or a pipe.

import Documents

extension PublishDocument {
    private static let common = ["name", "mostAgeSeconds", "mostSkewSeconds", "frozenSeconds"]
    private static let ofWeb = [
        "url", "price", "bid", "ask", "time", "unit", "book", "periodSeconds", "timeoutSeconds",
        "mostBytes", "authorities",
    ]
    private static let ofTable = ["table", "columns", "where", "speed", "unit"]
    private static let ofPipe = ["pipe"]

    /// Reads a list of feeds into the plan's.
    ///
    /// - Returns: their places.
    mutating func feeds(
        _ price: JSONFields, _ key: String, of underlying: String, period: UInt64
    ) throws(InputFault) -> [Int] {
        var places: [Int] = []
        for node in try price.list(key) {
            let feed = try feed(node, of: underlying, period: period)
            if feeds.contains(where: { $0.name == feed.name }) {
                throw InputFault(
                    file: file, line: node.line, reason: "a feed '\(feed.name)' stands above")
            }
            places.append(feeds.count)
            feeds.append(feed)
        }
        return places
    }

    private func feed(
        _ node: JSONNode, of underlying: String, period: UInt64
    ) throws(InputFault) -> FeedPlan {
        let fields = try JSONFields(
            node, name: "the feed", file: file,
            known: PublishDocument.common + PublishDocument.ofWeb + PublishDocument.ofTable
                + PublishDocument.ofPipe)
        let kinds = ["url", "table", "pipe"].filter(fields.has)
        guard kinds.count == 1 else {
            throw InputFault(
                file: file, line: node.line, reason: "a feed has one of url, table and pipe")
        }
        // Once more, with the fields of its kind alone.
        let name = "the feed '\(try fields.symbol("name").text)'"
        var limits = FeedLimits()
        if fields.has("mostAgeSeconds") {
            limits.mostAge = try PublishDocument.span(fields, "mostAgeSeconds")
        }
        if fields.has("mostSkewSeconds") {
            limits.mostSkew = try PublishDocument.span(fields, "mostSkewSeconds")
        }
        if fields.has("frozenSeconds") {
            limits.frozenAfter = try PublishDocument.span(fields, "frozenSeconds")
        }
        var plan = FeedPlan(
            name: try fields.symbol("name").text, underlying: underlying, origin: .pipe(""),
            limits: limits, period: period)
        switch kinds[0] {
        case "url":
            let fields = try JSONFields(
                node, name: name, file: file,
                known: PublishDocument.common + PublishDocument.ofWeb)
            if fields.has("periodSeconds") {
                plan.period = try PublishDocument.span(
                    fields, "periodSeconds", least: PublishDocument.leastPeriod)
            }
            plan.origin = .web(try web(fields))
        case "table":
            let fields = try JSONFields(
                node, name: name, file: file,
                known: PublishDocument.common + PublishDocument.ofTable)
            plan.origin = try table(fields)
        default:
            let fields = try JSONFields(
                node, name: name, file: file,
                known: PublishDocument.common + PublishDocument.ofPipe)
            plan.origin = .pipe(PublishDocument.path(try fields.text("pipe"), in: folder))
        }
        return plan
    }

    private func unit(_ fields: JSONFields) throws(InputFault) -> Int64 {
        fields.has("unit") ? try fields.whole("unit", in: 1...1_000_000_000) : 1
    }

    private func web(_ fields: JSONFields) throws(InputFault) -> WebFeed {
        let quote = try request(fields)
        var paths = QuotePaths(unit: try unit(fields))
        paths.price = try pointer(fields, "price")
        paths.bid = try pointer(fields, "bid")
        paths.ask = try pointer(fields, "ask")
        paths.time = try pointer(fields, "time")
        var feed = WebFeed(quote: quote, paths: paths)
        if fields.has("book") {
            let book = try JSONFields(
                try fields.value("book"), name: "the book", file: file,
                known: ["url", "periodSeconds", "bids", "asks", "levelPrice", "levelSize"])
            let levels = BookPaths(
                bids: try required(book, "bids"), asks: try required(book, "asks"),
                price: try pointer(book, "levelPrice") ?? JSONPointer.first,
                size: try pointer(book, "levelSize") ?? JSONPointer.second)
            if book.has("url") {
                var request = quote
                request.address = try address(book)
                let period =
                    book.has("periodSeconds")
                    ? try PublishDocument.span(
                        book, "periodSeconds", least: PublishDocument.leastPeriod)
                    : PublishDocument.bookPeriod
                feed.book = (request, levels, period)
            } else {
                feed.paths.book = levels
            }
        }
        let isPriced = paths.price != nil || (paths.bid != nil && paths.ask != nil)
        guard isPriced || feed.paths.book != nil else {
            throw fields.fault("price", "is missing, and neither bid and ask nor a book stand in")
        }
        return feed
    }

    /// Ten seconds: a book is large, and its depth moves slowly.
    private static let bookPeriod: UInt64 = 10_000_000_000
    private static let longestTimeout: UInt64 = 60_000_000_000
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    private func request(_ fields: JSONFields) throws(InputFault) -> WebRequest {
        var request = WebRequest(try address(fields))
        if fields.has("timeoutSeconds") {
            let span = try PublishDocument.span(
                fields, "timeoutSeconds", least: PublishDocument.leastPeriod)
            guard span <= PublishDocument.longestTimeout else {
                throw fields.fault("timeoutSeconds", "is longer than 60 seconds")
            }
            request.milliseconds = Int(span / PublishDocument.nanosecondsPerMillisecond)
        }
        if fields.has("mostBytes") {
            request.mostBytes = Int(try fields.whole("mostBytes", in: 1...67_108_864))
        }
        if fields.has("authorities") {
            request.authorities = PublishDocument.path(
                try fields.text("authorities"), in: folder)
        }
        return request
    }

    private func address(_ fields: JSONFields) throws(InputFault) -> String {
        let address = try fields.text("url")
        let isKnown = address.hasPrefix("https://") || address.hasPrefix("http://")
        guard isKnown, address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw fields.fault("url", "is no address of http or https")
        }
        return address
    }

    private func required(_ fields: JSONFields, _ key: String) throws(InputFault) -> JSONPointer {
        guard let pointer = try pointer(fields, key) else { throw fields.fault(key, "is missing") }
        return pointer
    }

    private func pointer(_ fields: JSONFields, _ key: String) throws(InputFault) -> JSONPointer? {
        guard fields.has(key) else { return nil }
        let text = try fields.text(key)
        guard let pointer = JSONPointer(text) else {
            throw fields.fault(key, "is '\(text)', not a path such as /result/0/price")
        }
        return pointer
    }

    private func table(_ fields: JSONFields) throws(InputFault) -> FeedOrigin {
        let path = PublishDocument.path(try fields.text("table"), in: folder)
        let names = try JSONFields(
            try fields.value("columns"), name: "the columns", file: file,
            known: ["time", "price", "bid", "ask", "depthBelow", "depthAbove"])
        func name(_ key: String) throws(InputFault) -> String? {
            names.has(key) ? try names.text(key) : nil
        }
        var columns = TableColumns(
            time: try names.text("time"), price: try name("price"), bid: try name("bid"),
            ask: try name("ask"), depthBelow: try name("depthBelow"),
            depthAbove: try name("depthAbove"))
        guard columns.price != nil || (columns.bid != nil && columns.ask != nil) else {
            throw names.fault("price", "is missing, and so are bid and ask")
        }
        if fields.has("where") { columns.filter = try filter(fields) }
        let speed = fields.has("speed") ? try fields.whole("speed", in: 1...1_000_000) : 1
        guard let bytes = read(path) else {
            throw fields.fault("table", "is '\(path)', which cannot be read")
        }
        let unit = try unit(fields)
        do throws(TableFault) {
            let table = try PriceTable(bytes, columns, unit: unit)
            return .table(table, speed: UInt64(speed))
        } catch {
            throw InputFault(file: path, line: error.line, reason: error.reason)
        }
    }

    private func filter(
        _ fields: JSONFields
    ) throws(InputFault) -> [(column: String, value: String)] {
        guard case .object(let members) = try fields.value("where").content else {
            throw fields.fault("where", "is not an object of columns and their values")
        }
        var filter: [(column: String, value: String)] = []
        for member in members {
            guard case .text(let value) = member.value.content else {
                throw fields.fault("where", at: member.value, "has a value that is no text")
            }
            filter.append((member.key, value))
        }
        return filter
    }
}

extension JSONPointer {
    /// The first element of a list: where venues write the price of a level.
    static let first = JSONPointer(step: "0")
    /// The second: its size.
    static let second = JSONPointer(step: "1")
}
