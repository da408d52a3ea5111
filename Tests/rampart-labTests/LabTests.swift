/// The shell as a whole: exit codes, and that nothing runs when something is wrong.
import Foundation
import TestKit
import Testing

@testable import rampart_lab

/// A folder for one test.
private func scratch() throws -> String {
    let path = NSTemporaryDirectory() + "rampart-lab-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}

private func write(_ text: String, _ path: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
}

private let bars = "time,open,high,low,close\n"

@Test func aWrongFlagEndsWithTwo() {
    #expect(Lab.run(arguments: ["replay", "--what"]) == 2)
    #expect(Lab.run(arguments: []) == 2)
    #expect(Lab.run(arguments: ["--help"]) == 0)
}

@Test func aMalformedPriceFileEndsWithSixtyFiveAndWritesNothing() throws {
    let folder = try scratch()
    let prices = try write(bars + "1600000000,1,1,1,x\n", folder + "/a_BTCUSD.csv")
    let page = folder + "/page.html"
    #expect(Lab.run(arguments: ["replay", "--prices", prices, "--html", page]) == 65)
    #expect(Lab.run(arguments: ["replay", "--prices", folder + "/none"]) == 65)
    #expect(Lab.run(arguments: ["replay", "--genesis", folder + "/none"]) == 65)
    #expect(!FileManager.default.fileExists(atPath: page))
}

@Test func anOutputThatCannotBeWrittenEndsWithSeventyFour() throws {
    let folder = try scratch()
    for output in [folder, folder + "/none/page.html"] {
        #expect(Lab.run(arguments: ["replay", "--html", output]) == 74)
        #expect(Lab.run(arguments: ["replay", "--json", output]) == 74)
    }
}

@Test func aReplayOfAFileWritesPageAndResults() throws {
    let folder = try scratch()
    let rows = (0..<30).map { "\(1_600_000_020 + $0 * 60),10000,10011,9990,10005\n" }.joined()
    let prices = try write(bars + rows, folder + "/a_BTCUSD.csv")
    let outputs = [folder + "/page.html", folder + "/results.json"]
    let arguments = ["replay", "--prices", prices, "--html", outputs[0], "--json", outputs[1]]
    #expect(Lab.run(arguments: arguments) == 0)
    let page = try #require(PackageFiles.text(of: outputs[0]))
    #expect(page.contains("--prices \(prices) --seed 1"))
    let json = try JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(fileURLWithPath: outputs[1])))
    #expect((json as? [String: Any])?["seed"] as? Int == 1)
}

/// From units worth a hundredth of a cent to one worth a million.
@Test(arguments: ["0.00001234", "0.1047", "4.06", "28.41", "1234567.89"])
func unitsOfAnyWorthCanBeReplayed(price: String) throws {
    let folder = try scratch()
    let rows = (0..<3).map { "\(1_600_000_020 + $0 * 60),\(price)\n" }.joined()
    let prices = try write("time,price\n" + rows, folder + "/a_XYZUSD.csv")
    #expect(Lab.run(arguments: ["replay", "--prices", prices]) == 0)
}

/// Those that the documentation shows.
@Test(arguments: ["portfolio", "butterfly"])
func anExamplePortfolioIsMargined(name: String) throws {
    let folder = try scratch()
    let example = PackageFiles.root + "/docs/examples/\(name).json"
    let outputs = [folder + "/page.html", folder + "/margin.json"]
    let arguments = ["margin", example, "--html", outputs[0], "--json", outputs[1]]
    #expect(Lab.run(arguments: arguments) == 0)
    let page = try #require(PackageFiles.text(of: outputs[0]))
    #expect(page.contains("Margin of \(name).json"))
    let json = try JSONSerialization.jsonObject(
        with: try Data(contentsOf: URL(fileURLWithPath: outputs[1])))
    #expect((json as? [String: Any])?["preset"] as? String == "rampart")
}

@Test func aMalformedPortfolioEndsWithSixtyFiveAndWritesNothing() throws {
    let folder = try scratch()
    let portfolio = try write("{}", folder + "/p.json")
    let page = folder + "/page.html"
    #expect(Lab.run(arguments: ["margin", portfolio, "--html", page]) == 65)
    #expect(Lab.run(arguments: ["margin", folder + "/none"]) == 65)
    #expect(Lab.run(arguments: ["margin", portfolio, "--html", folder]) == 74)
    #expect(Lab.run(arguments: ["margin"]) == 2)
    #expect(!FileManager.default.fileExists(atPath: page))
}
