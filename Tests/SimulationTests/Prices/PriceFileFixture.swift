/// Files for the tests of price reading, written to a folder that goes when the test ends.
import Foundation
import Simulation

/// A folder that is removed with its contents when the last reference goes.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "rampart-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // A folder left behind in the temporary directory harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// `bytes` as gzip, made by the system's `gzip`, so not by the library under test.
    func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let plain = try write(bytes, to: "plain-" + UUID().uuidString)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-n", "-f", plain]
        try process.run()
        process.waitUntilExit()
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: plain + ".gz")))
    }
}

/// The histories of one file with `text`.
func histories(_ text: String, named name: String = "venue_BTCUSD_1m.csv") throws -> [PriceHistory]
{
    let folder = try ScratchFolder()
    return try PriceFiles.histories(of: [try folder.write(text, to: name)])
}

/// How one file with `bytes` is refused, with the folder cut from the message; nil if it is not.
func refusal(_ bytes: [UInt8], named name: String = "venue_BTCUSD_1m.csv") throws -> String? {
    let folder = try ScratchFolder()
    let file = try folder.write(bytes, to: name)
    do throws(PriceFileFault) {
        _ = try PriceFiles.histories(of: [file])
        return nil
    } catch {
        return error.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
}
