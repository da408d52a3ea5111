/// Words into commands of the ledger. `then` stands between the commands of one transaction.

import Canonical
import Catalogue
import Documents
import FixedPoint
import Ledger
import Markets

/// Reads the commands of a transaction.
struct CommandParser {
    let directory: VenueDirectory
    /// Nanoseconds since 1970.
    let now: UInt64

    private static let separator = "then"

    /// The commands that `words` say, in their order.
    ///
    /// - Throws: `CommandFault` for the first that says none.
    func commands(_ words: [String]) throws(CommandFault) -> [Command] {
        var commands: [Command] = []
        for part in words.split(
            separator: CommandParser.separator, omittingEmptySubsequences: false)
        {
            guard let verb = part.first else {
                throw .usage("a command is missing: name one of 'rampart help send'")
            }
            var words = CommandWords(verb, part.dropFirst(), directory)
            commands.append(try command(verb, &words))
            try words.finish()
        }
        guard commands.count <= Transaction.commandLimit else {
            throw .usage("a transaction holds at most \(Transaction.commandLimit) commands")
        }
        return commands
    }

    private func command(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command {
        if let command = try venueCommand(verb, &words) { return command }
        if let command = try orderCommand(verb, &words) { return command }
        if let command = try fundsCommand(verb, &words) { return command }
        if let command = try keyCommand(verb, &words) { return command }
        if let command = try backstopCommand(verb, &words) { return command }
        throw .usage(
            "unknown command '\(verb)'" + NearestWord.hint(CommandSyntax.verbs, for: verb))
    }

    /// By the custodian, the operator or the guardian; nil where the verb is another's.
    private func venueCommand(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "open-account":
            let owner = try words.key()
            return .openAccount(owner: owner, compartment: try words.compartment())
        case "deposit":
            let amount = try words.amount()
            let account = try words.account()
            return .deposit(amount, to: account, reference: try words.reference())
        case "deposit-insurance":
            let amount = try words.amount()
            return .depositInsurance(amount, to: try words.compartment())
        case "deposit-asset":
            let asset = try words.instrument()
            let lots = try words.lots(of: asset)
            let account = try words.account()
            return .depositAsset(
                asset.identifier, lots, to: account, reference: try words.reference())
        case "set-fee-tier":
            let tier = UInt16(try words.number("TIER", in: 0...UInt64(UInt16.max)))
            return .setFeeTier(tier, of: try words.account())
        case "start-auction":
            let instrument = try words.instrument()
            return .startAuction(instrument.identifier, length: try words.seconds("SECONDS"))
        case "halt": return .halt(try words.instrument().identifier)
        case "list-contract": return try listing(&words)
        case "set-maker":
            let account = try words.account()
            return .setMaker(try words.flag("yes or no"), of: account)
        case "raise-level":
            let level = try words.level()
            let scope = try words.scope()
            return .raiseLevel(scope, level, for: try words.seconds("SECONDS"))
        default: return nil
        }
    }

    /// A contract under the terms of its listing rule, which only the genesis has.
    private func listing(_ words: inout CommandWords) throws(CommandFault) -> Command {
        guard let catalogue = directory.genesis?.catalogue else {
            throw .usage("list-contract takes its terms from the genesis; name it with --genesis")
        }
        let underlying = try words.underlying()
        let kind = try words.next("future or pair")
        guard ["future", "pair"].contains(kind) else {
            throw .usage("'\(kind)' is not future or pair (a call and its put)")
        }
        let expiry = try words.expiry()
        let contract: DatedContract =
            if kind == "future" {
                .future(expiry: expiry)
            } else {
                .pair(
                    expiry: expiry,
                    strike: IndexPrice(
                        micros: try ExactDecimal.units(
                            try words.next("STRIKE"), named: "STRIKE",
                            digits: ExactDecimal.priceDigits)))
            }
        let rule = catalogue.listingRules.first { $0.underlying == underlying }
        guard let terms = rule?.terms(of: contract) else {
            throw .usage("the genesis has no listing rule for a \(kind) on that underlying")
        }
        return .listContract(contract, on: underlying, terms)
    }

    /// What moves money; nil where the verb is another's.
    private func fundsCommand(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "transfer":
            let amount = try words.amount()
            return .transfer(amount, to: try words.account())
        case "transfer-asset":
            let asset = try words.instrument()
            let lots = try words.lots(of: asset)
            return .transferAsset(asset.identifier, lots, to: try words.account())
        case "withdraw":
            let amount = try words.amount()
            return .withdraw(amount, destination: try words.destination())
        case "cancel-withdrawal": return .cancelWithdrawal
        case "withdraw-asset":
            let asset = try words.instrument()
            let lots = try words.lots(of: asset)
            return .withdrawAsset(
                asset.identifier, lots, destination: try words.destination())
        default: return nil
        }
    }

    /// What the master key alone may ask for; nil where the verb is another's.
    private func keyCommand(
        _ verb: String, _ words: inout CommandWords
    ) throws(CommandFault) -> Command? {
        switch verb {
        case "set-agent":
            let slot = try slot(&words)
            let key = try words.key()
            let scope = try scope(try words.next("SCOPE"))
            let days = try words.number("DAYS", in: 1...365)
            let expiry = Timestamp(nanoseconds: now + days * TimeText.day)
            let limits = try limits(&words)
            return .setAgent(
                slot, AgentGrant(key: key, scope: scope, expiry: expiry, limits: limits))
        case "revoke-agent": return .setAgent(try slot(&words), nil)
        case "rotate-master": return .rotateMaster(try words.key())
        case "allow-destination": return .allowDestination(try words.destination())
        case "remove-destination": return .removeDestination(try words.destination())
        case "set-rescue": return .setRescue(try rescue(&words))
        case "clear-rescue": return .setRescue(nil)
        case "open-subaccount": return .openSubaccount(try words.compartment())
        default: return nil
        }
    }

    private func slot(_ words: inout CommandWords) throws(CommandFault) -> UInt8 {
        let slots = AccountKeys.slots
        return UInt8(
            try words.number("SLOT", in: UInt64(slots.lowerBound)...UInt64(slots.upperBound)))
    }

    /// What binds an agent's orders: `band=PERCENT` around the mark, `loss=AMOUNT` a day.
    private func limits(_ words: inout CommandWords) throws(CommandFault) -> AgentLimits {
        var limits = AgentLimits.standard
        while let word = words.optional() {
            if word.hasPrefix("band=") {
                let units = try ExactDecimal.units(
                    String(word.dropFirst("band=".count)), named: "band",
                    digits: ExactDecimal.percentDigits)
                limits.priceBand = Ratio(billionths: units)
            } else if word.hasPrefix("loss=") {
                let units = try ExactDecimal.units(
                    String(word.dropFirst("loss=".count)), named: "loss",
                    digits: ExactDecimal.priceDigits)
                limits.dailyLoss = Amount(microunits: units)
            } else {
                throw .usage(
                    "'\(word)' is no limit of an agent; known are band=PERCENT, loss=AMOUNT")
            }
        }
        guard limits.areInRange else {
            throw .usage("band is 0.01 to 5 percent of the mark, loss 1 to 1000000 a day")
        }
        return limits
    }

    private func scope(_ word: String) throws(CommandFault) -> AgentScope {
        switch word {
        case "trade": return .trade
        case "cancel": return .cancel
        case "withdraw": return .withdraw
        default: throw .usage("'\(word)' is no scope; known are trade, cancel, withdraw")
        }
    }
}
