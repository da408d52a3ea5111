/// Numbers keep what was written, and become integers exactly or not at all.

import Testing

@testable import JSON

@Suite struct JSONNumberTests {
    @Test(arguments: [
        ("0", 0, 0), ("-0", 0, 0), ("0.0", 0, 0), ("1", 6, 1_000_000), ("0.1", 6, 100_000),
        ("0.000001", 6, 1), ("-12.5", 1, -125), ("1e3", 0, 1_000), ("1.5E1", 0, 15),
        ("100e-2", 0, 1), ("1000000e-6", 6, 1_000_000), ("0.10000000000", 1, 1),
        ("9223372036854775807", 0, .max), ("-9223372036854775808", 0, .min),
        ("10.20", 2, 1_020), ("1002003", 0, 1_002_003), ("0e999", 3, 0), ("100", 0, 100),
        ("0.00100", 3, 1), ("10e0", 1, 100),
    ])
    func exactValues(text: String, decimals: Int, expected: Int64) throws {
        #expect(try #require(JSON.Number(text)).scaled(by: decimals) == expected)
    }

    @Test(arguments: [
        ("0.5", 0), ("0.0000001", 6), ("9223372036854775808", 0), ("1e19", 0), ("1e400", 0),
        ("1e-400", 18), ("9223372036854775807", 1), ("1e99999999999999999999", 0),
        ("1.0000000000000000000000000000000000000000000000001", 6),
    ])
    func whatDoesNotFitIsNil(text: String, decimals: Int) throws {
        #expect(try #require(JSON.Number(text)).scaled(by: decimals) == nil)
    }

    @Test(arguments: ["", "-", "+1", "01", "1.", ".1", "1e", "1e+", "0x1", "NaN", "1 ", " 1", "1a"])
    func whatIsNoNumberIsNil(text: String) {
        #expect(JSON.Number(text) == nil)
    }
}
