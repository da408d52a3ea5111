/// Two books: the ledger and the obvious venue (`Twin/ReferenceVenue`) run the same random commands
/// by accounts too rich for margin to matter, and must agree event for event, receipt for receipt,
/// and on every open order.
///
/// `make test` runs 200,000 commands; RAMPART_TWIN_COMMANDS and RAMPART_TWIN_FIRST_SEED say
/// otherwise (`make fuzz`: 2 million).

import Foundation
import Ledger
import Testing

@Suite struct MatchingTwinTests {
    private static func setting(_ name: String, _ standard: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? standard
    }

    #if DEBUG
        private static let commands = Int(setting("RAMPART_TWIN_COMMANDS", 2_000))
    #else
        private static let commands = Int(setting("RAMPART_TWIN_COMMANDS", 200_000))
    #endif
    /// Commands of one life.
    private static let life = 10_000
    /// Commands after which every rule should have come up.
    private static let longRun = 100_000

    /// The command that lives one seed again.
    private static func command(_ seed: UInt64) -> String {
        "RAMPART_TWIN_FIRST_SEED=\(seed) RAMPART_TWIN_COMMANDS=\(life) "
            + "swift test -c release -Xswiftc -enable-testing "
            + "--filter LedgerTests.MatchingTwinTests"
    }

    @Test func `the ledger does what the obvious venue does`() throws {
        var seed = Self.setting("RAMPART_TWIN_FIRST_SEED", 1)
        var left = Self.commands
        var tally = TwinTally()
        while left > 0 {
            let run = try TwinRun(seed: seed)
            var difference = try run.open()
            while difference == nil, run.commands < min(Self.life, left) {
                difference = try run.step()
            }
            try #require(difference == nil, "\(difference ?? "")\n\(Self.command(seed))")
            tally.add(run.tally)
            left -= run.commands
            seed += 1
        }
        if ProcessInfo.processInfo.environment["RAMPART_TWIN_TALLY"] != nil {
            print(tally.lines.joined(separator: "\n"))
        }
        // Chance that no longer meets a rule does not test it.
        if Self.commands >= Self.longRun { #expect(tally.missing == []) }
    }

    /// A comparison that cannot fail shows nothing: each rule that the reference gets wrong on
    /// purpose must be noticed.
    @Test(arguments: ReferenceMistake.allCases)
    func `a reference with a mistake is found out`(mistake: ReferenceMistake) throws {
        var commands = 0
        for seed in UInt64(1)... where commands < Self.longRun {
            let run = try TwinRun(seed: seed, mistake: mistake)
            var difference = try run.open()
            while difference == nil, run.commands < Self.life { difference = try run.step() }
            commands += run.commands
            if difference != nil { return }
        }
        Issue.record("\(mistake) stays unnoticed for \(commands) commands")
    }
}
