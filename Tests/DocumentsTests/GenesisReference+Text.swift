/// The words of the reference page of genesis files that stand in no template, and the decimals
/// that its ranges are tried with.

/// A decimal with nine digits behind the point.
struct DecimalNumber {
    private static let digits = 9
    private static let one = Int128(1_000_000_000)
    /// From the finest that a genesis file can say to one.
    static let steps = (0...digits).map { place in
        DecimalNumber(units: (0..<place).reduce(Int128(1)) { result, _ in result * 10 })
    }
    /// Farther nobody tries.
    static let mostSteps: Int128 = 1 << 70

    private let units: Int128

    private init(units: Int128) { self.units = units }

    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(-?)(\d+)(?:\.(\d{1,9}))?/),
            let whole = Int128(match.2)
        else { return nil }
        let fraction = match.3.map(String.init) ?? ""
        let padded = fraction + String(repeating: "0", count: DecimalNumber.digits - fraction.count)
        let size = whole * DecimalNumber.one + (Int128(padded) ?? 0)
        units = match.1.isEmpty ? size : -size
    }

    /// As a genesis file says it.
    var text: String {
        let size = units.magnitude
        let whole = size / DecimalNumber.one.magnitude
        let rest = String(size % DecimalNumber.one.magnitude)
        var fraction = String(repeating: "0", count: DecimalNumber.digits - rest.count) + rest
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return (units < 0 ? "-" : "") + String(whole) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// As people read it: thousands apart.
    var readable: String {
        let parts = text.replacing("-", with: "").split(separator: ".")
        let whole = parts[0].reversed().enumerated().map { place, digit in
            place > 0 && place % 3 == 0 ? "\(digit)," : "\(digit)"
        }
        return (units < 0 ? "−" : "") + whole.reversed().joined()
            + (parts.count > 1 ? "." + parts[1] : "")
    }

    static func + (left: DecimalNumber, right: DecimalNumber) -> DecimalNumber {
        DecimalNumber(units: left.units + right.units)
    }

    static func - (left: DecimalNumber, right: DecimalNumber) -> DecimalNumber {
        DecimalNumber(units: left.units - right.units)
    }

    static func * (left: DecimalNumber, right: Int128) -> DecimalNumber {
        DecimalNumber(units: left.units * right)
    }
}

extension GenesisReference {
    static let introduction = """
        # Genesis files

        What a venue is: JSON with comments from `//` to the end of the line, decimals exact, \
        amounts in the collateral's units,
        shares as fractions (0.01 is 1 %). `rampart init` writes one, `rampart doctor` checks \
        it, and its hash is the chain's
        identity. A field that is missing, unknown or out of range is refused with its line.

        `template` is what `rampart init` writes. `takes` is between which values the reader \
        takes the field **with everything else
        as in the template**, found by trying: where fields bind each other, other templates \
        take others. A field without words
        goes with the one above. `[]` is every entry of a list. Written by \
        `GenesisReferenceTests`, which compares it.

        """

    static let besides = """

        ## What may be there besides

        | field | where | |
        |---|---|---|
        | `kind` | `publishers[]` | `pyth` or `chainlink` instead of a `key`: prices that others \
        attest ([pull oracles](../pull-oracles.md)) |
        | `bounds` | `oracle.aggregation` | `highest` and `lowest` that a source, by its name in \
        `source`, is able to state |
        | `expiry`, `strike`, `right` | `instruments[]` | of a future (`kind` `future`) its \
        expiry; of an option its strike and `call` or `put` too |
        | `kind` `spot` | `instruments[]` | collateral: symbol, underlying, compartment, sizes \
        and limits alone |
        | `orderFloor`, `initialHaircut`, `maintenanceHaircut` | `margin` of preset `rampart` | \
        of what lists no options ([margin rules](../margin.md)) |
        | `asset` | `margin` of presets `deribit`, `paradex` | `bitcoin`, `ether` or `other` |
        | `guardian` | `safeguards` | the key that may hold markets back |
        | `pull` | `safeguards` | `wormhole` with `set`, `guardians` and `governance` (`chain`, \
        `address`); `pyth` with `chain`, `address` and `feeds` (`feed`, `underlying`, `source`, \
        `publisher`); `chainlink` with `configurations` (`digest`, `faults`, `signers`) and \
        `feeds` |
        | `quote` | `safeguards.sources[]` | the underlying that is the price of its currency |
        | `pegged`, `quotePeg` | `safeguards.haircuts` | underlyings that should stand at one, and \
        the one that is the price of the quote asset ([protection](../protection.md)) |
        | `defencesOff` | `safeguards` | in a laboratory alone: `rampart node` refuses it |

        """
}
