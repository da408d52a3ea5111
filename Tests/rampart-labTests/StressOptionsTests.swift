/// The command line of `stress`: what is read, and each refusal with its reason.
import Canonical
import Simulation
import Testing

@testable import rampart_lab

@Suite struct StressOptionsTests {
    @Test func `without arguments all crashes run on twenty seeds with every defence`() throws {
        let options = try StressOptions(arguments: [])
        #expect(options.scenarios == StressScenario.allCases && options.seeds == 1...20)
        #expect(options.variants.map(\.name) == ["every defence on"])
        #expect(options.leverage == .eager && options.depth == nil && options.jobs >= 1)
    }

    @Test func `crashes, seeds and variants are as asked`() throws {
        let options = try StressOptions(arguments: [
            "gap", "--seeds", "3", "--first=7", "--without", "depthThrottle", "closingBand",
            "--without", "exitLevel", "--leverage", "calibrated", "--depth", "17", "--jobs", "2",
            "--reverse", "bleed",
        ])
        #expect(options.scenarios == [.gap, .bleed] && options.seeds == 7...9)
        #expect(
            options.variants.map(\.name) == [
                "every defence on", "without depthThrottle, closingBand", "without exitLevel",
            ])
        #expect(options.leverage == .calibrated && options.depth == 170_000)
        #expect(options.jobs == 2 && options.reverse)
    }

    @Test func `each defence is a variant of its own`() throws {
        let variants = try StressOptions(arguments: ["--each"]).variants
        #expect(variants.count == Defence.allCases.count + 1)
    }

    @Test func `files alone run alone`() throws {
        let options = try StressOptions(arguments: ["--prices", "a.csv", "b.csv"])
        #expect(options.scenarios.isEmpty && options.prices == ["a.csv", "b.csv"])
    }

    @Test(arguments: [
        (["storm"], "unknown crash 'storm'"), (["gap", "gap"], "'gap' is named twice"),
        (["--fast"], "unknown flag '--fast'"), (["--seeds"], "--seeds needs a value"),
        (["--seeds", "0"], "--seeds is '0'"), (["--seeds", "+1"], "--seeds is '+1'"),
        (["--depth", "101"], "--depth is '101'"), (["--depth", "0"], "--depth is '0'"),
        (["--jobs", "0"], "--jobs is '0'"), (["--leverage", "all"], "--leverage is 'all'"),
        (["--without", "luck"], "--without is 'luck'"), (["--each=1"], "--each takes no value"),
        (["--each", "--each"], "--each is given twice"),
        (["--prices", "a", "--html", "a"], "--html would overwrite the input 'a'"),
        (["--html", "a", "--json", "a"], "two outputs name the same file 'a'"),
    ])
    func `what cannot be meant is refused with its reason`(
        arguments: [String], reason: String
    ) {
        do throws(UsageFault) {
            _ = try StressOptions(arguments: arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            #expect(error.message.contains(reason), "\(error.message)")
        }
    }
}
