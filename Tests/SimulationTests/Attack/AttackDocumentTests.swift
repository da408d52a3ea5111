/// Every way in which a scenario file is refused: the line, the field and the reason.
@testable import Documents
import Canonical
import FixedPoint
import Foundation
import Testing

@testable import Simulation

private struct Row {
    let old: String
    let new: String
    let line: Int
    let reason: String

    init(_ old: String, _ new: String, _ line: Int, _ reason: String) {
        self.old = old
        self.new = new
        self.line = line
        self.reason = reason
    }
}

private func check(_ rows: [Row]) {
    for row in rows {
        let text = AttackFixture.text(row.old, row.new)
        #expect(text != AttackFixture.text, "\(row.old) is not in the file")
        do throws(InputFault) {
            _ = try AttackFixture.scenario(text)
            Issue.record("\(row.new) is taken")
        } catch {
            #expect(error.file == "s.json")
            #expect(error.line == row.line, "\(error)")
            #expect(error.reason.hasPrefix(row.reason), "\(error.reason)")
        }
    }
}

@Test func `a scenario file is read whole`() throws {
    let scenario = try AttackFixture.scenario()
    #expect(scenario.name == "s" && scenario.title == "A rise" && scenario.length == 120)
    #expect(scenario.groups == ["traders", "others"])
    #expect(scenario.markets.map(\.isSpot) == [false, true])
    #expect(scenario.markets[0].highest == 4 * 55_000_000_000)
    #expect(scenario.accounts[2].holdings[0].cost == Amount(microunits: 6_000_000_000))
    #expect(scenario.sources[4].weight == 2 && scenario.sources[4].venue == 4)
    #expect(scenario.actions.count == 5 && scenario.makers[0].levels == 2)
    #expect(scenario.without.members.map { "\($0)" } == ["indexClamp"])
    #expect(scenario.expectations.map(\.isDefended) == [true, true, false, false])
}

@Test func `a path joins its points by lines and steps hold`() throws {
    let paths = try AttackFixture.scenario().paths
    let line = try #require(paths.first { $0.underlying == 0 && $0.source == nil })
    #expect(line.price(at: 0) == 50_000_000_000 && line.price(at: 50) == 52_500_000_000)
    #expect(line.price(at: 80) == 55_000_000_000 && line.price(at: 500) == 55_000_000_000)
    let steps = try #require(paths.first { $0.source == 4 })
    #expect(steps.price(at: 59) == 50_000_000_000 && steps.price(at: 60) == 55_000_000_000)
    let late = AttackPath(
        underlying: 0, source: nil, points: [AttackPath.Point(time: 5, price: 1)],
        isStepped: false, confidence: .zero, depthBelow: .zero, depthAbove: .zero)
    #expect(late.price(at: 4) == nil && late.price(at: 5) == 1)
}

@Test func `an action is due once, or again and again`() {
    func action(every: Int64, times: Int64) -> AttackAction {
        AttackAction(account: 0, at: 10, every: every, times: times, deed: .cancelAll)
    }
    let once = action(every: 1, times: 1)
    #expect(!once.isDue(after: 7, by: 9) && once.isDue(after: 9, by: 12))
    #expect(!once.isDue(after: 10, by: 12))
    let thrice = action(every: 5, times: 3)
    #expect(thrice.isDue(after: 14, by: 15) && !thrice.isDue(after: 15, by: 19))
    #expect(thrice.isDue(after: 19, by: 30) && !thrice.isDue(after: 20, by: 40))
}

@Test func `what is wrong with the scenario is named`() {
    check([
        Row("\"facts\"", "\"fact\"", 2, "'fact' is not a field of the scenario; known are title"),
        Row("\"A rise\"", "\"\"", 2, "'title' of the scenario is empty or more than one line"),
        Row(
            "2026-01-15T12:00:00Z", "noon", 3,
            "'start' of the scenario is 'noon', not a whole second such as"),
        Row("120,", "172801,", 3, "'seconds' of the scenario is 172801, not in 1 … 172800"),
        Row("\"blockSeconds\": 2", "\"blockSeconds\": 0", 3, "'blockSeconds' of the scenario is 0"),
        Row("[\"indexClamp\"]", "[\"clamp\"]", 28, "'without' of the scenario names a defence"),
        Row(
            "[\"indexClamp\"]", "[\"indexClamp\", \"indexClamp\"]", 28,
            "'without' of the scenario names 'indexClamp' twice"),
        Row(
            "\"without\": [\"", "\"genesis\": 1, \"without\": [\"", 28,
            "'genesis' of the scenario is a"
        ),
    ])
}

@Test func `what is wrong with the venue is named`() {
    check([
        Row("\"SIDE\" }]", "\"MAIN\" }]", 4, "'name' of compartment 2 is 'MAIN' a second time"),
        Row("1000 }", "-1 }", 4, "'insurance' of compartment 1 is negative"),
        Row("\"bitcoin\"", "\"btc\"", 6, "'parameters' of market 1 is 'btc', not one of bitcoin"),
        Row("\"price\": 50000", "\"price\": 0", 6, "'price' of market 1 is not positive"),
        Row(
            "\"price\": 50000", "\"price\": 50000, \"highest\": 1", 6,
            "'highest' of market 1 is below 'price'"),
        Row("\"spot\"", "\"future\"", 7, "'kind' of market 2 is 'future', not one of perpetual"),
        Row("{ \"name\": \"b\" }", "{ \"name\": \"a\" }", 9, "'name' of source 2 is 'a' a second"),
        Row("\"weight\": 2", "\"weight\": 0", 9, "'weight' of source 5 is 0, not in 1"),
        Row(
            "\"weight\": 2", "\"quote\": \"EUR\"", 9,
            "'quote' of source 5 is 'EUR', not one of BTC, GOLD"),
        Row("\"e\": {", "\"f\": {", 11, "'f' is not a field of the prices of BTC; known are *, a"),
        Row("[20, 50000]", "[0, 50000]", 11, "'prices' of the prices of BTC holds the second 0"),
        Row("[20, 50000]", "[20, 0]", 11, "'prices' of the prices of BTC holds no price above 0"),
        Row("[20, 50000]", "[20]", 11, "'prices' of the prices of BTC holds what is not a pair"),
        Row(
            "\"steps\": [[", "\"points\": [], \"steps\": [[", 11, "'points' of the prices of BTC at"
        ),
        Row("\"silent\"", "\"quiet\"", 27, "'kind' of fault 1 is 'quiet', not one of silent"),
        Row(
            "\"silent\",", "\"silent\", \"power\": 3,", 27,
            "'power' of fault 1 means nothing for the kind 'silent'"),
        Row("\"to\": 110", "\"to\": 100", 27, "'to' of fault 1 is not later than 'from'"),
        Row("\"silent\"", "\"shifted\"", 27, "'power' of fault 1 is missing"),
    ])
}

@Test func `what is wrong with accounts and orders is named`() {
    check([
        Row("\"name\": \"maker\"", "\"name\": \"trader\"", 16, "'name' of account 2 is 'trader' a"),
        Row(
            "\"instrument\": \"GOLD\", \"quantity\"", "\"instrument\": \"BTC-PERP\", \"quantity\"",
            17, "'instrument' of a holding is no spot market"),
        Row("\"quantity\": 2", "\"quantity\": 0", 17, "'quantity' of a holding is not positive"),
        Row("\"levels\": 2", "\"levels\": 21", 19, "'levels' of maker 1 is 21, not in 1 … 20"),
        Row(
            "\"size\": 1 }", "\"size\": \"position\" }", 19, "'size' of maker 1 is missing"),
        Row("0.0005", "1", 19, "'halfSpread' of maker 1 is not in 0 … 1"),
        Row(
            "\"levels\": 2", "\"around\": \"x\"", 19,
            "'around' of maker 1 is 'x', not one of mark, index, a, b, c, d, e"),
        Row("\"side\": \"buy\"", "\"side\": \"long\"", 21, "'side' of order 1 is 'long', not one"),
        Row(
            "\"size\": 0.5,", "\"size\": 0.5, \"worth\": 1,", 21, "'worth' of order 1 stands beside"
        ),
        Row("\"size\": 0.5,", "", 21, "'size' of order 1 is missing"),
        Row(
            "\"through\": 0.005", "\"limit\": 1, \"through\": 0.005", 21,
            "'through' of order 1 stands beside 'limit'"),
        Row("\"through\": 0.005, ", "", 21, "'limit' of order 1 is missing"),
        Row(
            "\"size\": 0.5, \"through\": 0.005, \"type\": \"immediate\"",
            "\"size\": 0.5, \"limit\": 1, \"type\": \"market\"", 21,
            "'limit' of order 1 means nothing for a market order"),
        Row("\"every\": 2, ", "", 22, "'times' of order 2 stands without 'every'"),
        Row("\"at\": 100", "\"at\": 121", 22, "'at' of order 2 is 121, not in 0 … 120"),
        Row("\"amount\": 500", "\"amount\": \"all\"", 24, "'amount' of deposit 1 is 'all', not a"),
        Row("\"to\": \"trader\"", "\"to\": \"you\"", 26, "'to' of transfer 1 is 'you', not one of"),
    ])
}

@Test func `what is wrong with the expectations is named`() {
    check([
        Row(
            "{ \"untouched\": \"SIDE\" }", "{ \"untouched\": \"SIDE\", \"profit\": \"maker\" }", 30,
            "expectation 2 with names 2 measures, not one of profit, withdrawn"),
        Row("{ \"untouched\": \"SIDE\" }", "{ \"least\": 1 }", 30, "expectation 2 with names 0"),
        Row(
            "\"profit\": \"traders\"", "\"profit\": \"nobody\"", 30,
            "'profit' of expectation 1 with is 'nobody', not one of trader, maker, holder"),
        Row(
            "\"profit\": \"traders\"", "\"gain\": \"traders\"", 30,
            "'gain' is not a field of expectation 1 with; known are profit"),
        Row(
            "\"insufficientFunds\"", "\"tooPoor\"", 31,
            "'refused' of expectation 1 without is 'tooPoor', not one of the refusals"),
        Row(", \"most\": 0 }", " }", 31, "'refused' of expectation 1 without has neither 'least'"),
        Row("\"most\": 6000", "\"most\": 999", 30, "'most' of expectation 1 with is below 'least'"),
        Row(
            "{ \"untouched\": \"SIDE\" }", "{ \"event\": \"badDebts\", \"most\": 0 }", 30,
            "'event' is 'badDebts', which neither run expects to happen once"),
        Row(
            "[{ \"profit\"", "[], \"x\": [{ \"profit\"", 30,
            "'x' is not a field of the expectations"),
    ])
}

@Test func `what the engine refuses is named with the line of the file`() throws {
    let quorum = "{ \"BTC\": { \"oracle\": { \"quorum\": 0.4 } } }"
    let own = "\"genesis\": { \"underlyings\": \(quorum) },\n\"without\""
    let text = AttackFixture.text("\"without\": [\"", own + ": [\"")
    do throws(InputFault) {
        _ = try AttackFixture.report(text)
        Issue.record("a quorum of a minority is taken")
    } catch {
        #expect(error.file == "s.json" && error.line == 28)
        #expect(error.reason == "'quorum' of oracles 1 is out of range")
    }
    let wrong = own.replacingOccurrences(of: "\"BTC\"", with: "\"XRP\"")
    #expect(
        throws: InputFault(
            file: "s.json", line: 28,
            reason: "'XRP' is no entry of the list; its entries are BTC, GOLD")
    ) { try AttackFixture.report(AttackFixture.text("\"without\": [\"", wrong + ": [\"")) }
}
