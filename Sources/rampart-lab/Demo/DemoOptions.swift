/// The options of `demo`: where in the built-in day it begins, how fast time runs, and every
/// setting of a node.

import Node

/// A command line of `demo` that cannot be wrong.
struct DemoOptions {
    /// Minutes of the built-in day that have passed when the venue opens its API.
    private(set) var minute = DemoOptions.standardMinute
    /// How many times as fast as the world time runs.
    private(set) var speed: UInt64 = 1
    private(set) var seed = ReplayOptions.defaultSeed
    let configuration: NodeConfiguration

    /// An hour before the crash.
    private static let standardMinute = 13 * 60 + 40
    private static let mostSpeed: UInt64 = 1_000
    /// Where a demonstration keeps its chain; made anew each time.
    static let standardFolder = ".build/demo"

    /// Reads the arguments after `demo`.
    ///
    /// - Throws: for an unknown flag, or a value that is none or out of range.
    init(arguments: [String], environment: [String: String]) throws(UsageFault) {
        var source = ConfigurationSource()
        var rest: ArraySlice<String>
        do throws(ConfigurationFault) {
            source.set(.data, DemoOptions.standardFolder)
            try source.read(environment: environment)
            rest = try source.read(arguments: arguments)[...]
            configuration = try NodeConfiguration(source)
        } catch {
            throw UsageFault(error.description)
        }
        while let flag = rest.popFirst() {
            guard ["--from", "--speed", "--seed"].contains(flag) else {
                throw UsageFault(
                    "unknown flag '\(flag)'; known are --from, --speed, --seed, and the settings "
                        + "of a node such as --api.listen")
            }
            guard let value = rest.popFirst() else { throw UsageFault("\(flag) needs a value") }
            try take(value, for: flag)
        }
    }

    private mutating func take(_ value: String, for flag: String) throws(UsageFault) {
        switch flag {
        case "--from":
            let parts = value.split(separator: ":").map { Int($0) }
            guard parts.count == 2, let hour = parts[0], let minute = parts[1],
                (0..<24).contains(hour), (0..<60).contains(minute)
            else { throw UsageFault("--from is '\(value)', not a time of day such as 13:40") }
            self.minute = hour * 60 + minute
        case "--speed":
            guard let number = UInt64(value), (1...DemoOptions.mostSpeed).contains(number) else {
                throw UsageFault(
                    "--speed is '\(value)', not a whole number from 1 to \(DemoOptions.mostSpeed)")
            }
            speed = number
        default:
            guard let number = UInt64(value) else {
                throw UsageFault("--seed is '\(value)', not a whole number")
            }
            seed = number
        }
    }
}
