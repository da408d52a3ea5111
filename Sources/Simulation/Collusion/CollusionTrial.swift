/// What is searched: how many accounts, on how deep a market, with which defences off. With every
/// defence on the search should find nothing; with one off that stands between an attacker and a
/// gain it should find that gain, or its finding nothing means nothing. Most rules are the second
/// line behind the caps on open interest, which alone make most attacks worthless: so they are
/// switched off with the caps, and compared with the caps alone.

package import Canonical

/// One row of a report.
package struct CollusionTrial: Equatable, Sendable {
    package let accounts: Int
    package let off: [Defence]
    /// Whether moving the index costs a fiftieth.
    package let isThin: Bool

    package init(accounts: Int, off: [Defence] = [], isThin: Bool = false) {
        self.accounts = accounts
        self.off = off
        self.isThin = isThin
    }

    /// With every defence on, on either market: two to five accounts.
    package static let guarded = [false, true].flatMap { isThin in
        (2...5).map { CollusionTrial(accounts: $0, isThin: isThin) }
    }

    /// What bounds positions by what moving the index costs.
    package static let caps: [Defence] = [.interestCap, .ownerShare]

    /// With defences off: three accounts.
    package static let ablations: [CollusionTrial] =
        [.interestCap, .ownerShare, .closingBand, .fundCap, .fairDeleveraging].map {
            CollusionTrial(accounts: 3, off: [$0], isThin: true)
        } + [CollusionTrial(accounts: 3, off: caps)]
        + [CollusionTrial(accounts: 3, off: caps, isThin: true)]
        + [
            [.marginRamp], [.stablePrice], [.marginRamp, .stablePrice], [.profitHold], [.fundCap],
            [.reduceCheck], [.priceBand], [.reduceCheck, .priceBand], [.indexClamp],
            [.moveBreaker], [.closingBand], [.exitLevel], [.discountCap], [.fairDeleveraging],
            [.fundCap, .fairDeleveraging],
        ].map { CollusionTrial(accounts: 3, off: caps + $0, isThin: true) }

    package var isGuarded: Bool { off.isEmpty }

    /// Of a row: what is off, and on which market.
    package var name: String {
        let isUncapped = off.starts(with: CollusionTrial.caps)
        let rest = (isUncapped ? Array(off.dropFirst(CollusionTrial.caps.count)) : off)
            .map { "\($0)" }
        let names = (isUncapped ? ["caps"] : []) + rest
        return (names.isEmpty ? "–" : names.joined(separator: " ")) + (isThin ? " (thin)" : "")
    }
}
