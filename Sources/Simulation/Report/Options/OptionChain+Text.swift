/// An option chain as JSON and as one line of the console. Prices are in whole quote units, sizes
/// in units of the underlying, volatilities and deltas as numbers of one, times in seconds.

import Documents

extension OptionChain {
    /// The chain for the JSON file.
    var json: JSONValue {
        .object([
            ("underlying", .text(underlying)), ("quote", .text(quote)),
            ("timeSeconds", .unsigned(time / TimeText.second)), ("index", .micro(index)),
            ("series", .integer(Int64(series))), ("openInterest", .nano(openInterest)),
            ("openNotional", .micro(openNotional)), ("expiries", .list(expiries.map(\.json))),
        ])
    }

    /// How many options, what is held, and the nearest expiry.
    var line: String {
        let format = OptionFormat(index: index)
        let open = ReportText.compactMoney(openNotional)
        var text = "\(ReportText.count(series)) series, \(open) open"
        guard let nearest = expiries.first else { return text }
        text += "; \(ReportText.shortDate(nearest.time)) \(ReportText.clock(nearest.time))"
        text += " forward \(format.price(nearest.forward))"
        guard let volatility = nearest.atTheMoney else { return text }
        return text + ", volatility \(OptionFormat.percent(volatility))"
    }
}

extension OptionExpiry {
    fileprivate var json: JSONValue {
        let future = future.map { future in
            JSONValue.object([
                ("name", .text(future.name)), ("mark", .micro(future.mark)),
                ("openInterest", .nano(future.openInterest)),
            ])
        }
        return .object([
            ("timeSeconds", .unsigned(time / TimeText.second)),
            ("secondsLeft", .unsigned(timeLeft / TimeText.second)), ("forward", .micro(forward)),
            ("fixedShare", .micro(fixedShare)),
            ("atTheMoney", atTheMoney.map { .micro($0) } ?? .null), ("future", future ?? .null),
            ("openInterest", .nano(openInterest)),
            ("options", .list(strikes.flatMap { strike in strike.lines.map { $0.json(strike) } })),
            (
                "smile",
                .list(
                    smile.map {
                        .object([
                            ("strike", .micro($0.strike)), ("volatility", .micro($0.volatility)),
                        ])
                    })
            ),
        ])
    }
}

extension OptionLine {
    fileprivate func json(_ strike: OptionStrike) -> JSONValue {
        .object([
            ("name", .text(name)), ("strike", .micro(strike.strike)),
            ("right", .text(self == strike.call ? "call" : "put")), ("mark", .micro(mark)),
            ("bid", bid.map { .micro($0) } ?? .null), ("ask", ask.map { .micro($0) } ?? .null),
            ("volatility", .micro(volatility)), ("delta", .micro(delta)),
            ("gamma", .decimal(gamma, scale: 12)), ("vega", .micro(vega)),
            ("theta", .micro(theta)), ("openInterest", .nano(openInterest)),
        ])
    }
}

extension ExpirySettlement {
    /// The row for the JSON file.
    var json: JSONValue {
        .object([
            ("underlying", .text(underlying)),
            ("expirySeconds", .unsigned(expiry / TimeText.second)),
            ("timeSeconds", .unsigned(time / TimeText.second)), ("price", .micro(price)),
            ("series", .integer(Int64(series))), ("exercised", .integer(Int64(exercised))),
            ("assigned", .integer(Int64(assigned))), ("lapsed", .integer(Int64(lapsed))),
            ("delivered", .integer(Int64(delivered))), ("payout", .micro(payout)),
            ("optionNotional", .micro(optionNotional)),
            ("futureNotional", .micro(futureNotional)),
        ])
    }
}

extension JSONValue {
    /// 10⁻⁹, written as a number with nine decimals.
    fileprivate static func nano(_ value: Int64) -> JSONValue { decimal(value, scale: 9) }

    /// 10⁻`scale`, written as a number with so many decimals.
    fileprivate static func decimal(_ value: Int64, scale: Int) -> JSONValue {
        let digits = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return .number(
            (value < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale))
    }
}
