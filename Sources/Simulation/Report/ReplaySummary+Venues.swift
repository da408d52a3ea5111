/// Indices, cut prices and breakers as JSON. Distances are in basis points with two decimals,
/// prices in whole quote units, times in seconds.

import Documents

extension IndexSummary {
    var json: JSONValue {
        .object([
            ("underlying", .text(name)), ("venues", .list(venues.map(\.json))),
            ("blocksCompared", .integer(Int64(compared))),
            ("blocksWithheld", .integer(Int64(withheld))),
            ("blocksUndecided", .integer(Int64(undecided))),
            ("medianBasisPoints", .basisPoints(median)), ("highBasisPoints", .basisPoints(high)),
            ("worstBasisPoints", .basisPoints(worst)),
            ("worstSeconds", compared == 0 ? .null : .unsigned(worstTime / TimeText.second)),
        ])
    }
}

extension VenueSummary {
    fileprivate var json: JSONValue {
        .object([
            ("venue", .text(name)), ("sound", .integer(Int64(count(of: .sound)))),
            ("absent", .integer(Int64(count(of: .absent)))),
            ("frozen", .integer(Int64(count(of: .frozen)))),
            ("off", .integer(Int64(count(of: .off)))),
        ])
    }
}

extension PriceCut {
    var json: JSONValue {
        .object([
            ("underlying", .text(underlying)), ("source", .text(source)),
            ("reason", .text(reason)), ("count", .integer(Int64(count))),
            ("firstSeconds", .unsigned(first / TimeText.second)),
            ("lastSeconds", .unsigned(last / TimeText.second)),
            ("seconds", .unsigned(time / TimeText.second)),
            ("price", price == 0 ? .null : .micro(price)),
        ])
    }
}

extension BreakerStretch {
    var json: JSONValue {
        .object([
            ("market", .text(market)), ("level", .text(level)), ("trigger", .text(trigger)),
            ("measure", .text(measure)), ("startSeconds", .unsigned(start / TimeText.second)),
            ("endSeconds", .unsigned(end / TimeText.second)),
        ])
    }
}

extension JSONValue {
    /// Of 10⁻² basis points.
    fileprivate static func basisPoints(_ value: Int64) -> JSONValue {
        .number(DecimalText.text(ofMicro: value * 10_000))
    }
}
