/// The commands about a backstop as words: what a provider takes of each market is one word,
/// `UNDERLYING:NOTIONAL:LOSS`.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation

extension CommandParser {
    /// By an account's master key; nil where the verb is another's.
    func backstopCommand(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "set-backstop": return .setBackstop(try limits(&words))
        case "give-backstop-notice": return .giveBackstopNotice
        case "leave-backstop": return .leaveBackstop
        default: return nil
        }
    }

    private func limits(_ words: inout CommandWords) throws(CommandFault) -> BackstopLimits {
        let share = try percent(try words.next("SLICE"), named: "SLICE")
        let discount = try percent(try words.next("DISCOUNT"), named: "DISCOUNT")
        let left = try amount(try words.next("MARGIN"), named: "MARGIN")
        var markets: [BackstopMarket] = []
        while let word = words.optional() { markets.append(try market(word)) }
        markets.sort { $0.underlying < $1.underlying }
        let limits = BackstopLimits(
            markets: markets, sliceShare: share, leastDiscount: discount, marginLeft: left)
        guard
            limits.areInRange(
                underlyings: directory.genesis?.catalogue.underlyings.count ?? 1 << 16)
        else {
            throw .usage(
                "SLICE is above 0 and up to 100 percent, DISCOUNT 0 to 100, MARGIN not negative; "
                    + "at least one MARKET, each once, with a notional and a loss above 0")
        }
        return limits
    }

    private func market(_ word: String) throws(CommandFault) -> BackstopMarket {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
            throw .usage("'\(word)' is no market; write UNDERLYING:NOTIONAL:LOSS")
        }
        return BackstopMarket(
            underlying: try directory.underlying(parts[0]),
            notional: try amount(parts[1], named: "NOTIONAL"),
            loss: try amount(parts[2], named: "LOSS"))
    }

    private func percent(_ text: String, named name: String) throws(CommandFault) -> Ratio {
        Ratio(
            billionths: try ExactDecimal.units(
                text, named: name, digits: ExactDecimal.percentDigits))
    }

    private func amount(_ text: String, named name: String) throws(CommandFault) -> Amount {
        Amount(
            microunits: try ExactDecimal.units(
                text, named: name, digits: ExactDecimal.priceDigits))
    }
}
