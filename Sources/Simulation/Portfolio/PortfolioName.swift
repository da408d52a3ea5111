/// Names of instruments as Deribit writes them: `BTC-PERP`, `BTC-27MAR26`, `BTC-27MAR26-100000-C`,
/// and `BTC-SPOT` for a holding. A point in a strike may be written `d`.

import Documents
import Catalogue
import FixedPoint

/// A name taken apart.
struct PortfolioName: Equatable {
    let underlying: String
    let kind: InstrumentKind

    private static let months = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    /// Digits behind the point of a price.
    private static let priceDigits = 6
    /// Quote per unit; JSON decimals end there too.
    private static let highestStrike: Int128 = 1_000_000_000_000

    /// Nil where the text is no such name.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, !parts[0].isEmpty else { return nil }
        underlying = parts[0]
        switch parts.count {
        case 2 where parts[1] == "PERP": kind = .perpetual
        case 2 where parts[1] == "SPOT": kind = .spot
        case 2:
            guard let expiry = PortfolioName.expiry(parts[1]) else { return nil }
            kind = .future(expiry: expiry)
        case 4:
            guard let expiry = PortfolioName.expiry(parts[1]),
                let strike = PortfolioName.strike(parts[2]),
                let right = PortfolioName.right(parts[3])
            else { return nil }
            kind = .option(OptionSeries(expiry: expiry, strike: strike, right: right))
        default: return nil
        }
    }

    /// The one way in which a contract is written.
    static func text(of kind: InstrumentKind, on underlying: String) -> String {
        switch kind {
        case .perpetual: return underlying + "-PERP"
        case .spot: return underlying + "-SPOT"
        case .future(let expiry): return underlying + "-" + text(of: expiry)
        case .option(let series):
            let right = series.right == .call ? "C" : "P"
            return [underlying, text(of: series.expiry), text(of: series.strike), right]
                .joined(separator: "-")
        }
    }

    /// The date of an expiry, such as `27MAR26`.
    static func text(of expiry: Timestamp) -> String {
        let parts = ReportText.date(expiry.nanoseconds).split(separator: "-").map { Int($0) ?? 0 }
        let year = String(parts[0] % 100)
        return String(parts[2]) + months[parts[1] - 1] + (year.count == 1 ? "0" : "") + year
    }

    /// A strike without needless digits.
    static func text(of strike: IndexPrice) -> String {
        let text = DecimalText.text(ofMicro: strike.units)
        var digits = text[...]
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return String(digits)
    }

    /// 08:00 UTC of a date such as `27MAR26` or `6MAR26`; nil where there is none in 2000 … 2099.
    static func expiry(_ text: String) -> Timestamp? {
        guard let match = text.wholeMatch(of: /([0-9]{1,2})([A-Z]{3})([0-9]{2})/),
            let month = months.firstIndex(of: String(match.2))
        else { return nil }
        let day = match.1.count == 1 ? "0" + match.1 : String(match.1)
        let number = month + 1
        let iso = Array("20\(match.3)-\(number < 10 ? "0" : "")\(number)-\(day)".utf8)
        guard let midnight = TimeText.nanoseconds(iso, iso.indices) else { return nil }
        return Timestamp(nanoseconds: midnight).advanced(by: Bounds.expiryTime)
    }

    private static func strike(_ text: String) -> IndexPrice? {
        let bytes = text.utf8.map { $0 == UInt8(ascii: "d") ? UInt8(ascii: ".") : $0 }
        let isPlain = bytes.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        guard isPlain, let exact = try? DecimalText.value(bytes, bytes.indices, most: highestStrike)
        else { return nil }
        let unit = DecimalText.power(12 - priceDigits)
        guard exact > 0, exact % unit == 0, let micros = Int64(exactly: exact / unit) else {
            return nil
        }
        return IndexPrice(micros: micros)
    }

    private static func right(_ text: String) -> OptionRight? {
        switch text {
        case "C": .call
        case "P": .put
        default: nil
        }
    }
}
