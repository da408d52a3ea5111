/// Every way in which a portfolio file is refused: the line, the field and the reason.
@testable import Documents
import Foundation
import Testing

@testable import Simulation

private struct Row {
    let old: String
    let new: String
    let line: Int?
    let reason: String

    init(_ old: String, _ new: String, _ line: Int?, _ reason: String) {
        self.old = old
        self.new = new
        self.line = line
        self.reason = reason
    }
}

private func check(_ rows: [Row]) {
    for row in rows {
        let text = PortfolioFixture.text(row.old, row.new)
        #expect(text != PortfolioFixture.text, "\(row.old) is not in the file")
        let fault = InputFault(file: "p.json", line: row.line, reason: row.reason)
        #expect(throws: fault) { try PortfolioFixture.report(text) }
    }
}

@Test func theFileOfTheTestsIsTaken() throws { _ = try PortfolioFixture.report() }

@Test func whatIsWrongWithThePortfolioIsNamed() {
    let known = "known are time, cash, collateralPrice, underlyings, positions"
    check([
        Row("\"cash\"", "\"money\"", 3, "'money' is not a field of the portfolio; \(known)"),
        Row(
            "2026-01-15T12:00:00Z", "yesterday", 2,
            "'time' of the portfolio is 'yesterday', not a time such as 2026-01-15T12:00:00Z or "
                + "seconds since 1970"),
        Row("\"time\": \"2026-01-15T12:00:00Z\",", "", 1, "'time' of the portfolio is missing"),
        Row(
            "100000,\n  \"coll", "10000000000.000001,\n  \"coll", 3,
            "'cash' of the portfolio is 10000000000.000001, not in -10000000000 … 10000000000"),
        Row(
            "Price\": 1,", "Price\": 2.1,", 4,
            "'collateralPrice' of the portfolio is 2.1, not in 0.01 … 2"),
    ])
    let head = PortfolioFixture.text.components(separatedBy: "\"positions\"")[0]
    #expect(
        throws: InputFault(
            file: "p.json", line: 18,
            reason: "'positions' of the portfolio holds 0 items, not 1 … 1000")
    ) { try PortfolioFixture.report(head + "\"positions\": []}") }
}

@Test func whatIsWrongWithAnUnderlyingIsNamed() {
    check([
        Row(
            "\"symbol\": \"BTC\"", "\"symbol\": \"B-C\"", 7,
            "'symbol' of underlying 1 is 'B-C', which holds the '-' that ends it in names"),
        Row(
            "\"index\": 100000", "\"index\": 0", 8,
            "'index' of underlying 1 is 0, not in 0.000001 … 1000000000"),
        Row(
            "\"index\": 100000", "\"index\": true", 8,
            "'index' of underlying 1 is true or false, not a number"),
        Row(
            "\"stable\": 100000", "\"stable\": 9999.999999", 9,
            "'stable' of underlying 1 is 9999.999999, not in 10000 … 1000000"),
        Row(
            "\"lot\": 0.0001", "\"lot\": 0", 10,
            "'lot' of underlying 1 is 0, not in 0.000000001 … 1000000000"),
        Row(
            "\"move\": 0.12", "\"haircut\": 1.1", 11,
            "'haircut' of underlying 1 is 1.1, not in 0 … 1"),
        Row(
            "\"move\": 0.12", "\"maintenanceHaircut\": -0.1", 11,
            "'maintenanceHaircut' of underlying 1 is -0.1, not in 0 … 1"),
        Row(
            "\"move\": 0.12", "\"move\": 0.31", 11,
            "'move' of underlying 1 is 0.31, not in 0.01 … 0.3"),
        Row(
            "\"move\": 0.12", "\"funding\": -0.05", 11,
            "'funding' of underlying 1 is -0.05, not in -0.04 … 0.04"),
        Row(
            "\"move\": 0.12", "\"dailyVolume\": 1000000", 11,
            "'dailyVolume' of underlying 1 stands without 'dailyVolatility'"),
        Row(
            "\"move\": 0.12", "\"dailyVolatility\": 2, \"dailyVolume\": 1000000", 11,
            "'dailyVolatility' of underlying 1 is 2, not in 0.0001 … 1"),
        Row(
            "    }\n  ],", "    },\n{\"symbol\": \"BTC\", \"index\": 1}\n  ],", 17,
            "'symbol' of underlying 2 is 'BTC', which stands twice"),
    ])
}

@Test func whatIsWrongWithAnExpiryIsNamed() {
    let name = "of expiry 1 of BTC"
    check([
        Row(
            "\"expiry\": \"27MAR26\"", "\"expiry\": \"27.3.26\"", 13,
            "'expiry' \(name) is '27.3.26', not a date such as 27MAR26"),
        Row(
            "\"expiry\": \"27MAR26\"", "\"expiry\": \"15JAN26\"", 13,
            "'expiry' \(name) is '15JAN26', which has expired at 08:00 UTC"),
        Row(
            "\"expiry\": \"27MAR26\"", "\"expiry\": \"18JAN29\"", 13,
            "'expiry' \(name) is '18JAN29', more than three years ahead"),
        Row(
            "\"26JUN26\"", "\"27MAR26\"", 14,
            "'expiry' of expiry 2 of BTC is '27MAR26', which stands twice"),
        Row("\"forward\": 101000, ", "", 13, "'forward' \(name) is missing"),
        Row(
            "\"forward\": 101000", "\"forward\": 1000000.000001", 13,
            "'forward' \(name) is 1000000.000001, not in 10000 … 1000000"),
        Row(
            "\"forward\": 101000", "\"forward\": 101000, \"rate\": -0.1", 13,
            "'rate' \(name) is -0.1, not in 0 … 1"),
        Row(
            "\"forward\": 101000", "\"forward\": 101000, \"average\": 100000", 13,
            "'average' \(name) stands before the settlement window: it opens 30 minutes ahead"),
        Row(
            "\"forward\": 101000", "\"forward\": 101000, \"volatility\": 0.5", 13,
            "'smile' \(name) stands beside 'volatility'"),
        Row("0.6]", "0.009]", 13, "'smile' \(name) is 0.009, not in 0.01 … 10"),
        Row("0.6]", "10.1]", 13, "'smile' \(name) is 10.1, not in 0.01 … 10"),
        Row("[80000, 0.6]", "[100000, 0.6]", 13, "'smile' \(name) is not ascending by strike"),
        Row("[80000, 0.6]", "[999, 0.6]", 13, "'smile' \(name) is 999, not in 1000 … 10000000"),
        Row(
            "[80000, 0.6]", "80000", 13,
            "'smile' \(name) holds what is not a pair of a strike and a volatility"),
        Row(
            "[[80000, 0.6], [100000, 0.5]]", "[]", 13,
            "'smile' \(name) holds 0 items, not 1 … 256"),
    ])
}

@Test func whatIsWrongWithAPositionIsNamed() {
    let name = "BTC-27MAR26-100000-C"
    func instrument(_ text: String, _ reason: String) -> Row {
        Row(name, text, 20, "'instrument' of position 2 \(reason)")
    }
    check([
        instrument(
            "BTC-CALL",
            "is 'BTC-CALL', not a name such as BTC-PERP, BTC-27MAR26, "
                + "BTC-27MAR26-100000-C or BTC-SPOT"),
        instrument("ETH-PERP", "is on 'ETH', no underlying of the file"),
        instrument("BTC-15JAN26", "has expired on 15JAN26 at 08:00 UTC"),
        instrument("BTC-25DEC26", "expires on 25DEC26, no expiry of BTC"),
        instrument("BTC-26JUN26-100000-C", "is an option, and 26JUN26 has no volatility"),
        instrument("BTC-PERP", "is 'BTC-PERP', which stands twice"),
        instrument(
            "BTC-27MAR26-999-C",
            "has a strike that is not between a hundredth and a hundred times the index"),
        instrument(
            "BTC-27MAR26-10000000.1-C",
            "has a strike that is not between a hundredth and a hundred times the index"),
        Row("-0.5", "0", 20, "'quantity' of position 2 is zero"),
        Row(
            "-0.5", "0.00015", 20,
            "'quantity' of position 2 is not a whole number of lots of 0.0001"),
        Row("-0.5", "200000000", 20, "'quantity' of position 2 is more than 1099511627776 lots"),
        Row(
            "-0.5, \"mark\": 9000", "-0.5, \"mark\": 1000000.1", 20,
            "'mark' of position 2 is 1000000.1, not in 0 … 1000000"),
        Row(
            "\"price\": 99000", "\"price\": 9999", 19,
            "'price' of position 1 is 9999, not in 10000 … 1000000"),
        Row(
            "BTC-PERP\", \"quantity\": 1,", "BTC-SPOT\", \"quantity\": -1,", 19,
            "'quantity' of position 1 is negative, and a holding never is"),
        Row(
            "\"mark\": 9000", "\"iv\": 1", 20,
            "'iv' is not a field of position 2; known are instrument, quantity, price, mark"),
    ])
}

@Test func sizesBeyondTheEngineAreRefused() {
    check([
        Row(
            "\"lot\": 0.0001", "\"lot\": 0.1", 6,
            "BTC: a lot is worth more than $1,073 at its highest price; state a smaller 'lot'"),
        Row(
            "\"lot\": 0.0001", "\"lot\": 0.00000001", 6,
            "BTC: a lot is worth less than $0.003906; state a larger 'lot'"),
        Row(
            "-0.5", "-100000", 6,
            "BTC: the positions are too large: more than the engine is proven for"),
    ])
    #expect(
        throws: InputFault(
            file: "p.json", line: nil,
            reason: "there is no preset 'x'; known are rampart, deribit, "
                + "paradex, derive-pmrm-2, span")
    ) { try PortfolioReport(PortfolioFixture.file(PortfolioFixture.text), preset: "x") }
}
