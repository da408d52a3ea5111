/// Which market trades on which prices: the genesis of a replay, and for each of its underlyings
/// the history behind it.

import Documents
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Oracle

/// What is fixed before the first block of a replay.
struct ReplayPlan {
    let genesis: Genesis
    /// By underlying.
    let histories: [PriceHistory]
    /// Nanoseconds since 1970.
    let start: UInt64
    let end: UInt64

    /// The plan of a replay, with the file's genesis or one that fits the prices.
    ///
    /// - Throws: `InputFault` where the genesis is refused, or does not fit the prices.
    init(_ inputs: ReplayInputs, keys: LabKeys) throws(InputFault) {
        start = inputs.histories.map(\.start).min() ?? 0
        end = inputs.histories.map(\.end).max() ?? 0
        guard let source = inputs.genesis else {
            genesis = try LabGenesis.genesis(
                for: inputs.histories, start: start, keys: keys, without: inputs.without,
                interval: Replay.Run.interval(of: inputs.histories))
            histories = inputs.histories
            return
        }
        let stated = try GenesisDocument.genesis(source)
        histories = try ReplayPlan.match(inputs.histories, to: stated, file: source.path)
        guard stated.time.nanoseconds < start else {
            throw InputFault(
                file: source.path, line: nil,
                reason: "'time' is not before the first price, "
                    + ReportText.dateTime(start) + " UTC")
        }
        genesis = try ReplayPlan.signable(
            stated, keys: keys, without: inputs.without, file: source.path)
    }

    /// The histories in the order of the genesis' underlyings.
    private static func match(
        _ histories: [PriceHistory], to genesis: Genesis, file: String
    ) throws(InputFault) -> [PriceHistory] {
        var matched: [PriceHistory] = []
        for underlying in genesis.catalogue.underlyings {
            guard let history = histories.first(where: { isPrice($0, of: underlying) }) else {
                throw InputFault(
                    file: file, line: nil,
                    reason: "the prices hold no underlying '\(underlying.symbol.text)'; they hold "
                        + histories.map { name($0).text }.joined(separator: ", "))
            }
            matched.append(history)
        }
        for history in histories where !matched.contains(history) {
            throw InputFault(
                file: file, line: nil,
                reason:
                    "no underlying has the symbol '\(name(history).text)', which the prices hold")
        }
        return matched
    }

    /// Whether a genesis means these prices: by the name of the pair, or by base and quote.
    private static func isPrice(_ history: PriceHistory, of underlying: Underlying) -> Bool {
        name(history) == underlying.symbol
            || history.unitMultiplier == 1
                && LabGenesis.symbol(history.base) == underlying.symbol
                && LabGenesis.symbol(history.quote) == underlying.quoteCurrency
    }

    private static func name(_ history: PriceHistory) -> Symbol { LabGenesis.symbol(history.name) }

    /// The same genesis with the keys that a replay can sign with.
    private static func signable(
        _ genesis: Genesis, keys: LabKeys, without: [Defence], file: String
    ) throws(InputFault) -> Genesis {
        var safeguards = genesis.safeguards
        for defence in without { safeguards.off.insert(defence) }
        do {
            return try Genesis(
                name: genesis.name, time: genesis.time, custodian: keys.custodianKey,
                operator: keys.operatorKey,
                publishers: genesis.publishers.enumerated().map { place, publisher in
                    Publisher(key: keys.publisherKey(place), weight: publisher.weight)
                },
                catalogue: genesis.catalogue, oracles: genesis.oracles, margins: genesis.margins,
                perpetuals: genesis.perpetuals, liquidation: genesis.liquidation,
                pricingStep: genesis.pricingStep, orderLimit: genesis.orderLimit,
                openingAuction: genesis.openingAuction, safeguards: safeguards)
        } catch {
            throw InputFault(file: file, line: nil, reason: "\(error)")
        }
    }
}
