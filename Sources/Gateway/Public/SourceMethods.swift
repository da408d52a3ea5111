/// What every publisher last said of every index, whether it counts, and what the index is good
/// for: the table behind a price (docs/oracle.md).

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Oracle

enum SourceMethods {
    static let all: [Method] = [sources]

    private static let observation = Schema.object([
        .required("publisher", .integer(), "Its number in the genesis."),
        .required("kind", .oneOf(["signer", "pyth", "chainlink"])),
        .required("source", .text()),
        .required(
            "quote_index", .nullable(.text()),
            "The index by which the price is converted; null where it is not."),
        .required("price", MarketShapes.decimal, "As it was said, sound or not."),
        .required("age_ms", .integer(), "At the last block."),
        .required("weight", .integer(), "Of the publisher."),
        .required("used", .boolean),
        .required(
            "fault", .nullable(.oneOf(PriceFault.allCases.map(\.text))), "Why it does not count."),
    ])

    private static let index = Schema.object([
        .required("index_name", .text()),
        .required("price", MarketShapes.price, "Null before the first quorum."),
        .required("confidence", MarketShapes.decimal, "Half the width of a band that holds it."),
        .required("age_ms", .integer(), "Of a quorum of it, at the last block."),
        .required(
            "condition", .text(),
            "`sound`, or what is wrong: lacks_weight, lacks_venues, clamped, wide."),
        .required("uses", .map(.boolean), "What the price is good enough for now."),
        .required("quorum", MarketShapes.decimal, "The share of weight that must be fresh."),
        .required("minimum_venues", .integer()), .required("observations", .list(observation)),
    ])

    static let sources = Method(
        "public/get_sources",
        "What every publisher last said of every index, and what each index is good for.",
        result: .object([
            .required("timestamp", .integer()), .required("height", .integer()),
            .required("indexes", .list(index)),
        ])
    ) { gateway, call, writer throws(APIError) in
        var fields = Fields()
        fields.add("timestamp", .instant(call.ledger.time))
        fields.add("height", .integer(Int64(clamping: call.ledger.height)))
        fields.add(
            "indexes",
            .array(
                call.ledger.feeds.enumerated().map { place, feed in
                    gateway.sources(of: feed, gateway.names.indexes[place], call.ledger)
                }))
        writer.value(fields.value)
        return .done
    }
}

extension PriceFault {
    /// As the API writes it.
    var text: String {
        switch self {
        case .unknownSource: "unknown_source"
        case .stale: "stale"
        case .zero: "zero"
        case .negative: "negative"
        case .atBound: "at_bound"
        case .noConversion: "no_conversion"
        case .outOfRange: "out_of_range"
        case .frozen: "frozen"
        case .unitShifted: "unit_shifted"
        case .outlier: "outlier"
        }
    }
}

extension IndexCondition {
    /// As the API writes it.
    var text: String {
        let wrong = [
            ("lacks_weight", lacksWeight), ("lacks_venues", lacksVenues), ("clamped", isClamped),
            ("wide", isWide),
        ]
        let names = wrong.filter { $0.1 }.map { $0.0 }
        return names.isEmpty ? "sound" : names.joined(separator: ", ")
    }
}

extension Gateway {
    fileprivate func sources(
        of feed: IndexFeed, _ name: String, _ ledger: Ledger
    ) -> JSON.Value {
        var uses = Fields()
        for use in PriceUse.allCases {
            uses.add("\(use)", .boolean(feed.isValid(for: use, at: ledger.time)))
        }
        var fields = Fields()
        fields.add("index_name", name)
        fields.add("price", feed.isPriced ? feed.index.value : .null)
        fields.add("confidence", feed.confidence.value)
        fields.add("age_ms", age(of: feed.isPriced ? feed.indexTime : ledger.time, ledger))
        fields.add("condition", feed.condition.text)
        fields.add("uses", uses.value)
        fields.add("quorum", feed.parameters.quorum.value)
        fields.add(
            "minimum_venues", .integer(Int64(feed.parameters.aggregation.minimumVenues)))
        fields.add(
            "observations", .array(feed.publisherWords.map { observation($0, ledger) }))
        return fields.value
    }

    private func observation(_ word: PublisherWord, _ ledger: Ledger) -> JSON.Value {
        let publisher = ledger.genesis.publishers[Int(word.publisher.number)]
        let sources = ledger.genesis.safeguards.sources
        let place = Int(word.source.number)
        let source = place < sources.count ? sources[place] : nil
        var fields = Fields()
        fields.add("publisher", .integer(Int64(word.publisher.number)))
        fields.add("kind", "\(publisher.kind)")
        fields.add("source", source?.name.text ?? "unknown_\(place)")
        fields.add(
            "quote_index",
            source?.quote.map { .string(names.indexes[Int($0.number)]) } ?? .null)
        fields.add("price", word.price.value)
        fields.add("age_ms", age(of: word.time, ledger))
        fields.add("weight", .integer(Int64(publisher.weight)))
        fields.add("used", .boolean(word.fault == nil))
        fields.add("fault", word.fault.map { .string($0.text) } ?? .null)
        return fields.value
    }

    private func age(of time: Timestamp, _ ledger: Ledger) -> JSON.Value {
        let age = ledger.time >= time ? ledger.time.elapsed(since: time) : .zero
        return .integer(Int64(clamping: age.milliseconds))
    }
}
