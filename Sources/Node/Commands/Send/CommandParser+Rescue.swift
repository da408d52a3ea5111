/// The terms of `set-rescue`: what the engine may do for an account before it is liquidated
/// (docs/protection.md). Levels, shares and bands are percent, amounts units of the quote asset.

import Canonical
import Documents
import FixedPoint
import Ledger

extension CommandParser {
    private static let names = [
        "trigger", "target", "from", "daily", "hedge", "share", "band", "notional", "keeps",
        "gives",
    ]

    /// What all words of a command say together.
    func rescue(_ words: inout CommandWords) throws(CommandFault) -> RescueTerms {
        var given: [(name: String, value: String)] = []
        while let word = words.optional() {
            let parts = word.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2, CommandParser.names.contains(parts[0]) else {
                throw .usage(
                    "'\(word)' is no term of a rescue; known are "
                        + CommandParser.names.map { $0 + "=" }.joined(separator: ", "))
            }
            guard !given.contains(where: { $0.name == parts[0] }) else {
                throw .usage("\(parts[0]) stands twice")
            }
            given.append((parts[0], parts[1]))
        }
        let values = RescueWords(given: given)
        var terms = RescueTerms()
        if values.has(["trigger", "target", "from", "daily"]) {
            terms.rebalancing = RebalancingTerms(
                trigger: try values.percent("trigger"), target: try values.percent("target"),
                sources: try values.accounts("from"), dailyMost: try values.amount("daily"))
        }
        if values.has(["hedge", "share", "band", "notional"]) {
            terms.hedge = HedgeTerms(
                level: try values.percent("hedge"), share: try values.percent("share"),
                band: try values.percent("band"), dailyMost: try values.amount("notional"))
        }
        if values.has(["keeps", "gives"]) {
            terms.giving = GivingTerms(
                keeps: try values.amount("keeps"), dailyMost: try values.amount("gives"))
        }
        guard terms != RescueTerms() else {
            throw .usage("name what the engine may do: trigger=…, hedge=… or keeps=…")
        }
        return terms
    }
}

/// Terms by name.
private struct RescueWords {
    let given: [(name: String, value: String)]

    /// Whether any of some terms is there.
    func has(_ names: [String]) -> Bool { given.contains { names.contains($0.name) } }

    private func value(_ name: String) throws(CommandFault) -> String {
        guard let entry = given.first(where: { $0.name == name }) else {
            throw .usage("\(name)= is missing beside the terms that belong to it")
        }
        return entry.value
    }

    func percent(_ name: String) throws(CommandFault) -> Ratio {
        Ratio(
            billionths: try ExactDecimal.units(
                try value(name), named: name, digits: ExactDecimal.percentDigits))
    }

    func amount(_ name: String) throws(CommandFault) -> Amount {
        Amount(
            microunits: try ExactDecimal.units(
                try value(name), named: name, digits: ExactDecimal.priceDigits))
    }

    /// Numbers with commas between them.
    func accounts(_ name: String) throws(CommandFault) -> [AccountIdentifier] {
        var result: [AccountIdentifier] = []
        for part in try value(name).split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = UInt32(part) else {
                throw .usage("\(name)= wants account numbers with commas between, not '\(part)'")
            }
            result.append(AccountIdentifier(number))
        }
        return result
    }
}
