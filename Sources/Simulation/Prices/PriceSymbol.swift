/// Symbols as venues write them, read into base and quote. The quote is never guessed from what is
/// usual: `BTCUSDT` is in USDT, and only a perpetual that names no quote (`BTC-PERP`) is in USD.

/// A pair of base and quote, and whether the symbol is that of a perpetual.
package struct PriceSymbol: Equatable, Sendable {
    package let base: String
    package let quote: String
    package let isPerpetual: Bool

    /// Longest first, so that `BTCFDUSD` is not read as `BTCFD/USD`. TUSD is absent on purpose:
    /// `DOTUSD` is DOT in USD. A symbol with a separator (`DOT-TUSD`) is never in doubt.
    private static let quotes = [
        "FDUSD", "USDT", "USDC", "BUSD", "USD", "EUR", "GBP", "JPY", "KRW", "TRY", "BRL", "AUD",
        "CHF", "CAD", "DAI", "BTC", "ETH",
    ]
    /// Bases that end in B: `BNBUSD` is BNB in USD, not BN in BUSD.
    private static let basesEndingInB = ["BNB", "ARB", "SHIB", "CKB", "DGB"]
    private static let perpetualMarks = ["_PERP", "-PERP", "-SWAP", "/PERP"]
    private static let separators: [Character] = ["-", "_", "/"]
    private static let longestPart = 16

    /// The pair named by `text`; nil when no base and quote can be read from it.
    package init?(_ text: String) {
        var name = text.uppercased()
        var perpetual = false
        for mark in PriceSymbol.perpetualMarks where name.hasSuffix(mark) {
            name.removeLast(mark.count)
            perpetual = true
            break
        }
        guard let pair = PriceSymbol.pair(name, isPerpetual: perpetual) else { return nil }
        guard PriceSymbol.isName(pair.base), PriceSymbol.isName(pair.quote) else { return nil }
        base = pair.base
        quote = pair.quote
        isPerpetual = perpetual
    }

    private static func pair(
        _ name: String, isPerpetual: Bool
    ) -> (base: String, quote: String)? {
        let parts = name.split(omittingEmptySubsequences: false) { separators.contains($0) }
        if parts.count == 2 { return (String(parts[0]), String(parts[1])) }
        guard parts.count == 1 else { return nil }
        for quote in quotes where name.hasSuffix(quote) && name.count > quote.count {
            let base = String(name.dropLast(quote.count))
            if quote == "BUSD" && basesEndingInB.contains(base + "B") { return (base + "B", "USD") }
            return (base, quote)
        }
        return isPerpetual ? (name, "USD") : nil
    }

    private static func isName(_ text: String) -> Bool {
        text.count <= longestPart && text.contains { $0.isLetter }
            && text.utf8.allSatisfy { byte in
                (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
                    || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
            }
    }
}

/// What the name of a file says about its prices, for files without venue or symbol columns.
struct PriceFileName {
    /// The first part that reads as a symbol in capital letters; nil if there is none.
    let symbol: PriceSymbol?
    /// What is left of the name without dates, intervals, symbol and words for the kind of file;
    /// the whole stem when nothing is left.
    let venue: String

    private static let kindWords = [
        "trade", "trades", "quote", "quotes", "mark", "index", "bars", "klines", "prices",
    ]

    /// Reads the last component of `path`: `2022-01_ftx_BTC-PERP_1m.csv.gz` is BTC/USD at `ftx`.
    init(path: String) {
        var stem = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".gz", ".csv", ".txt"] where stem.lowercased().hasSuffix(ending) {
            stem.removeLast(ending.count)
        }
        let parts = stem.split(separator: "_").map(String.init)
        var found = PriceFileName.symbol(in: parts)
        var words = parts
        if found == nil {
            words = stem.split { "_-. ".contains($0) }.map(String.init)
            found = PriceFileName.symbol(in: words)
        }
        symbol = found?.symbol
        let kept = words.enumerated().filter { index, word in
            found?.parts.contains(index) != true && !PriceFileName.isIncidental(word)
        }
        let rest = kept.map { $0.element.lowercased() }.joined(separator: "_")
        venue = rest.isEmpty ? stem : rest
    }

    private static func symbol(in parts: [String]) -> (symbol: PriceSymbol, parts: Range<Int>)? {
        for index in parts.indices where parts[index] == parts[index].uppercased() {
            if index + 1 < parts.count, parts[index + 1] == "PERP",
                let symbol = PriceSymbol(parts[index] + "_PERP")
            {
                return (symbol, index..<(index + 2))
            }
            if let symbol = PriceSymbol(parts[index]) { return (symbol, index..<(index + 1)) }
        }
        return nil
    }

    /// Dates and intervals (`2025-10-09`, `1041`, `1m`) and words for the kind of file.
    private static func isIncidental(_ word: String) -> Bool {
        if kindWords.contains(word.lowercased()) { return true }
        let stripped = word.last.map { "smhd".contains($0) } == true ? word.dropLast() : word[...]
        return !stripped.isEmpty && stripped.allSatisfy { $0.isNumber || $0 == "-" }
    }
}
