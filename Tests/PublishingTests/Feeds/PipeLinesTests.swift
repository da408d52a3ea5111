/// Lines of a pipe as they come: in pieces, too long, and with nothing sensible in them.
import FixedPoint
import Testing

@testable import Publishing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Test func linesArePutTogetherFromPieces() {
    var lines = PipeLines()
    #expect(lines.take(bytes("BTC=9")) == [])
    #expect(lines.take(bytes("7000\r\nETH=1\n\n\nX")) == [bytes("BTC=97000"), bytes("ETH=1")])
    #expect(lines.take(bytes("=2\n")) == [bytes("X=2")])
}

@Test func aLineThatIsTooLongIsDroppedToItsEnd() {
    var lines = PipeLines()
    let longest = [UInt8](repeating: 65, count: PipeLines.longestLine)
    #expect(lines.take(longest + bytes("\n")) == [longest])
    #expect(lines.take(longest) == [])
    #expect(lines.take(longest + bytes("A\nBTC=1\n")) == [[], bytes("BTC=1")])
    #expect(PipeLines.read([]) == nil)
}

@Test func aLineSaysPriceAndDepth() throws {
    let plain = try #require(PipeLines.read(bytes("BTC=97000.5")))
    #expect(plain.underlying == "BTC")
    #expect(try plain.quote.get().price() == IndexPrice(micros: 97_000_500_000))
    let deep = try #require(PipeLines.read(bytes("BTC=97000.5 1500000 1400000.25")))
    #expect(try deep.quote.get().depthBelow == Amount(microunits: 1_500_000_000_000))
    #expect(try deep.quote.get().depthAbove == Amount(microunits: 1_400_000_250_000))
}

@Test(arguments: [
    ("BTC=0", "notPositive"), ("BTC=-1", "notPositive"), ("BTC=", "malformed"),
    ("BTC=NaN", "malformed"), ("BTC=1 2", "malformed"), ("BTC=1 2 3 4", "malformed"),
    ("BTC=1 x 3", "malformed"), ("BTC=99999999999999", "outOfRange"),
])
func aLineWithAnAbsurdPriceIsNamed(_ line: String, _ name: String) throws {
    let line = try #require(PipeLines.read(bytes(line)))
    guard case .failure(let finding) = line.quote else {
        Issue.record("\(line) was read")
        return
    }
    #expect(finding.name == name)
}

@Test(arguments: ["BTC", "=5", "", " ", "97000"])
func aLineWithoutANameIsNone(_ line: String) { #expect(PipeLines.read(bytes(line)) == nil) }
