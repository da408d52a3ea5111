/// Tables at every width: what is left out, what is cut, and what never is.
import Testing

@testable import Node

private func table() -> TerminalTable {
    var table = TerminalTable([
        .words("INSTRUMENT"), .numbers("SIZE"), .numbers("ENTRY", rank: 2),
        .numbers("MARK", rank: 1), .words("NOTE", rank: 3),
    ])
    table.add([
        TableCell("BTC_USDC-27MAR26-100000-C"), TableCell("-123456.5", .bad), TableCell("97010"),
        TableCell("97000"), TableCell("the longest of all the notes that anybody wrote here"),
    ])
    table.add([
        TableCell("ETH_USDC-PERPETUAL"), TableCell("1"), TableCell("3400"), TableCell("3400.5"),
        TableCell(""),
    ])
    return table
}

@Test(arguments: [20, 40, 80, 200])
func aTableFitsItsTerminal(_ width: Int) {
    let lines = table().text(on: Screen(columns: width, rows: 24, isColoured: false))
        .split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
    // Numbers are whole at every width.
    #expect(lines[1].contains("-123456.5"))
}

@Test func theLeastImportantColumnGoesFirst() {
    func titles(_ width: Int) -> String {
        String(
            table().text(on: Screen(columns: width, rows: 24, isColoured: false))
                .split(separator: "\n")[0])
    }
    #expect(titles(200).hasSuffix("MARK  NOTE"))
    #expect(!titles(80).contains("NOTE") && titles(80).contains("ENTRY"))
    #expect(!titles(48).contains("ENTRY") && titles(48).contains("MARK"))
    #expect(!titles(40).contains("MARK") && titles(40).contains("SIZE"))
}

@Test func numbersStandToTheRight() {
    let lines = table().text(on: Screen()).split(separator: "\n")
    #expect(lines[1].contains("-123456.5"))
    #expect(lines[2].contains("        1"))
}

@Test func aPipeGetsEverythingWithoutColours() {
    let text = table().text(on: Screen())
    #expect(text.contains("the longest of all the notes"))
    #expect(!text.contains("\u{1b}"))
}

@Test func coloursAreForTerminals() {
    let coloured = table().text(on: Screen(columns: 80, rows: 24, isColoured: true))
    #expect(coloured.contains("\u{1b}[31m-123456.5\u{1b}[0m"))
    // Colours take no room.
    let plain = table().text(on: Screen(columns: 80, rows: 24, isColoured: false))
    #expect(coloured.replacing(/\u{1b}\[[0-9]+m/, with: "") == plain)
}

@Test func whatComesFromANodeMovesNoCursor() {
    var table = TerminalTable([.words("NAME")])
    table.add([TableCell("a\u{1b}[2Jb\u{202e}c\nd\u{9b}e")])
    let text = table.text(on: Screen())
    #expect(text == "NAME\na\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}e\n")
}

@Test(arguments: [
    (Int128(0), "0.00"), (9_999, "0.00"), (10_000, "0.01"), (-1, "-0.01"), (-10_000, "-0.01"),
    (1_234_567_890_123_456, "1234567890.12"), (-999_999, "-1.00"),
])
func moneyIsRoundedDown(_ units: Int128, _ text: String) {
    #expect(FigureText.money(units) == text)
}

@Test(arguments: [
    (Int128(0), Int128(100), "0.0 %"), (1, 1_000_000, "0.1 %"), (50, 100, "50.0 %"),
    (999, 1_000, "99.9 %"), (9_999, 10_000, "100.0 %"), (3, 2, "150.0 %"),
])
func sharesAreRoundedUp(_ part: Int128, _ whole: Int128, _ text: String) {
    #expect(FigureText.percent(part, of: whole) == text)
    #expect(FigureText.percent(part, of: 0) == nil)
}

@Test(arguments: [
    (Int64(0), "1970-01-01 00:00:00"), (1_800_000_000_999, "2027-01-15 08:00:00"),
    (951_782_399_000, "2000-02-28 23:59:59"), (951_782_400_000, "2000-02-29 00:00:00"),
    (4_107_542_400_000, "2100-03-01 00:00:00"), (-5, "1970-01-01 00:00:00"),
])
func timesAreInTheCalendarOfUTC(_ milliseconds: Int64, _ text: String) {
    #expect(ClockText.dayAndTime(milliseconds: milliseconds) == text)
}

@Test(arguments: [
    (Int64(0), Int64(100), "no margin in use"), (10, 100, "10.0 %"), (95, 100, "95.0 %"),
    (200, 100, "200.0 %"), (1, 0, "does not cover"), (1, -5, "does not cover"),
])
func theMarginBarSaysHowMuchIsUsed(_ needed: Int64, _ equity: Int64, _ words: String) {
    for width in [20, 40, 200] {
        let bar = AccountCommand.bar(
            ["equity": equity, "maintenance_margin": needed],
            Screen(columns: width, rows: 24, isColoured: false))
        #expect(bar.contains(words), "\(bar)")
    }
}
