/// Numbers as venues write them, and absurd ones: each is exact or named.
import FixedPoint
import JSON
import Testing

@testable import Publishing

private func price(_ json: String, unit: Int64 = 1) throws -> IndexPrice {
    let root = try JSONParser().parse(Array("[\(json)]".utf8))
    let value = try #require(root.elements?.first)
    return try ExactNumber.price(picos: try ExactNumber.picos(value, "price"), unit: unit)
}

@Test(arguments: [
    ("97000.5", 97_000_500_000), ("\"97000.50000\"", 97_000_500_000), ("1e5", 100_000_000_000),
    ("\"0.0000014\"", 1), ("0.0000015", 2), ("9.7E+4", 97_000_000_000), ("0", 0),
    ("0.0000000000000000001", 0),
])
func aNumberIsReadToTheMicro(_ json: String, _ micros: Int64) throws {
    #expect(try price(json) == IndexPrice(micros: micros))
}

@Test func aUnitIsTakenBeforeAnythingIsRounded() throws {
    #expect(try price("0.0000123456", unit: 1_000_000) == IndexPrice(micros: 12_345_600))
}

@Test(arguments: [
    ("\"NaN\"", "malformed"), ("\"nan\"", "malformed"), ("\"Infinity\"", "malformed"),
    ("\"\"", "malformed"), ("\"null\"", "malformed"), ("null", "malformed"),
    ("true", "malformed"), ("[1]", "malformed"), ("{}", "malformed"), ("\"1,5\"", "malformed"),
    ("\"0x10\"", "malformed"), ("\"1 \"", "malformed"), ("\"+1\"", "malformed"),
    ("1e400", "outOfRange"), ("\"1e400\"", "malformed"), ("1e13", "outOfRange"),
    ("\"1000000000001\"", "outOfRange"), ("-1", "notPositive"), ("\"-0.5\"", "notPositive"),
    ("-1e400", "outOfRange"),
])
func anAbsurdNumberIsNamed(_ json: String, _ name: String) {
    do {
        let price = try price(json)
        Issue.record("\(json) was read as \(price)")
    } catch let finding as Finding {
        #expect(finding.name == name)
    } catch {
        Issue.record("\(error)")
    }
}

@Test(
    arguments: [
        ("1760130000", 1_760_130_000_000_000_000), ("1760130000.999", 1_760_130_000_000_000_000),
        ("1760130000123", 1_760_130_000_123_000_000),
        ("1760130000123456", 1_760_130_000_123_456_000),
        ("2025-10-10T21:00:00.123456Z", 1_760_130_000_123_456_000),
    ] as [(String, UInt64)])
func timesOfEveryUnitAreRead(_ text: String, _ time: UInt64) throws {
    #expect(try ExactNumber.time(Array(text.utf8)) == time)
}

@Test(arguments: ["", "0", "-5", "99999999999999999999", "soon", "2025-13-01T00:00:00Z", "1e9"])
func whatIsNoTimeIsMalformed(_ text: String) {
    #expect(throws: Finding.self) { try ExactNumber.time(Array(text.utf8)) }
}
