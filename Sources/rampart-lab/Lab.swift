/// The shell of `rampart-lab`: reads files, runs the replay, prints and writes what came of it. All
/// inputs are read and all outputs tried before anything runs.
import Documents
import Foundation
import Simulation

/// Runs one command line.
enum Lab {
    /// Exit codes, after BSD's `sysexits.h` where it has one.
    enum Exit {
        static let done: Int32 = 0
        /// An expectation of a scenario is not met.
        static let notAsExpected: Int32 = 1
        static let usage: Int32 = 2
        static let badInput: Int32 = 65
        static let cannotWrite: Int32 = 74
    }

    /// Runs the arguments after the program's name; returns the exit code.
    static func run(arguments: [String]) -> Int32 {
        do throws(UsageFault) {
            switch try LabCommand(arguments: arguments) {
            case .help:
                write(LabCommand.helpText, to: .standardOutput)
                return Exit.done
            case .demo(let arguments):
                return demo(
                    try DemoOptions(
                        arguments: arguments,
                        environment: ProcessInfo.processInfo.environment))
            case .replay(let options):
                return replay(options)
            case .genesis(let prices):
                return printGenesis(prices)
            case .surface(let options):
                return surface(options)
            case .margin(let options):
                return margin(options)
            case .blindSpots(let options):
                return blindSpots(options)
            case .attack(let options):
                return attack(options)
            case .deleveraging(let options):
                return deleveraging(options)
            case .stress(let options):
                return stress(options)
            case .backTest(let options):
                return backTest(options)
            case .collusion(let options):
                return collusion(options)
            }
        } catch {
            complain("\(error.message)\nSee: rampart-lab --help")
            return Exit.usage
        }
    }

    private static func demo(_ options: DemoOptions) -> Int32 {
        do throws(LabFault) {
            return try Demo.run(options)
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func replay(_ options: ReplayOptions) -> Int32 {
        do throws(LabFault) {
            if let orders = options.orders { return try replayOrders(orders, options) }
            let inputs = try inputs(options)
            for output in [options.html, options.json, options.blocks].compactMap({ $0 }) {
                try checkWritable(output)
            }
            var result = try run(inputs, options)
            if let genesis = options.genesis {
                complain("signed with keys of the seed in place of those that \(genesis) names")
            }
            result.summary.arguments = options.repeatingArguments
            if let path = options.json { try save(result.summary.json, at: path) }
            if let path = options.html {
                let page = ReplayPage(summary: result.summary, series: result.series)
                try save(page.html(), at: path)
            }
            write(ReplayConsole.report(result.summary), to: .standardOutput)
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func replayOrders(
        _ path: String, _ options: ReplayOptions
    ) throws(LabFault) -> Int32 {
        if let output = options.json { try checkWritable(output) }
        let flow: OrderFlow
        do throws(OrderFlowFault) {
            flow = try OrderFlowFile.read(path)
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
        let report: OrderFlowReport
        var line = ReplayProgressLine(
            isTerminal: isatty(STDERR_FILENO) == 1, counting: "messages")
        do throws(InputFault) {
            report = try OrderFlowReplay.run(flow, seed: options.seed) { progress in
                if let text = line.text(for: progress) { write(text, to: .standardError) }
            }
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
        if let output = options.json { try save(report.json, at: output) }
        write(report.text, to: .standardOutput)
        return Exit.done
    }

    private static func surface(_ options: SurfaceOptions) -> Int32 {
        do throws(LabFault) {
            if let output = options.html { try checkWritable(output) }
            let isTerminal = isatty(STDERR_FILENO) == 1
            var summaries: [SurfaceSummary] = []
            for file in options.files {
                let result: SurfaceFileResult
                do throws(OrderFlowFault) {
                    result = try SurfaceRun.run(file, seed: options.seed) { progress in
                        if let text = SurfaceConsole.progress(progress, isTerminal: isTerminal) {
                            write(text, to: .standardError)
                        }
                    }
                } catch {
                    throw LabFault(message: error.description, exit: Exit.badInput)
                }
                let summary = SurfaceSummary(result)
                write(SurfaceConsole.report(summary), to: .standardOutput)
                summaries.append(summary)
            }
            if let path = options.html {
                try save(SurfacePage(summaries: summaries, seed: options.seed).html(), at: path)
            }
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func printGenesis(_ prices: [String]) -> Int32 {
        do throws(LabFault) {
            let histories = try histories(prices)
            do throws(InputFault) {
                write(try LabGenesis.text(for: histories), to: .standardOutput)
            } catch {
                throw LabFault(message: error.description, exit: Exit.badInput)
            }
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func margin(_ options: MarginOptions) -> Int32 {
        do throws(LabFault) {
            for output in [options.html, options.json].compactMap({ $0 }) {
                try checkWritable(output)
            }
            let source = try file(options.portfolio)
            let report: PortfolioReport
            do throws(InputFault) {
                report = try PortfolioReport(source, preset: options.preset)
            } catch {
                throw LabFault(message: error.description, exit: Exit.badInput)
            }
            if let path = options.json { try save(report.json, at: path) }
            if let path = options.html { try save(report.page, at: path) }
            write(report.text, to: .standardOutput)
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func blindSpots(_ options: BlindSpotOptions) -> Int32 {
        do throws(LabFault) {
            if let output = options.html { try checkWritable(output) }
            let isTerminal = isatty(STDERR_FILENO) == 1
            let report: BlindSpotReport
            do throws(InputFault) {
                report = try BlindSpotReport(
                    preset: options.preset, portfolios: options.portfolios, seed: options.seed
                ) { progress in
                    if let text = progress.text(isTerminal: isTerminal) {
                        write(text, to: .standardError)
                    }
                }
            } catch {
                throw LabFault(message: error.description, exit: Exit.badInput)
            }
            if let path = options.html { try save(report.page, at: path) }
            write(report.text, to: .standardOutput)
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    // MARK: Inputs

    private static func inputs(_ options: ReplayOptions) throws(LabFault) -> ReplayInputs {
        let genesis: GenesisFile? = try options.genesis.map { path throws(LabFault) in
            try file(path)
        }
        let histories = try histories(options.prices)
        return ReplayInputs(
            histories: options.quote.map { QuoteConversion.joined(histories, in: $0) } ?? histories,
            genesis: genesis, seed: options.seed, without: options.without)
    }

    static func file(_ path: String) throws(LabFault) -> GenesisFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw LabFault(
                message: "\(path): cannot be read: there is no such file, or no permission",
                exit: Exit.badInput)
        }
        return GenesisFile(path: path, bytes: [UInt8](data))
    }

    /// The histories of price files, or the built-in day.
    static func histories(_ prices: [String]) throws(LabFault) -> [PriceHistory] {
        do throws(PriceFileFault) {
            return prices.isEmpty ? BuiltInDay.histories() : try PriceFiles.histories(of: prices)
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
    }

    private static func run(
        _ inputs: ReplayInputs, _ options: ReplayOptions
    ) throws(LabFault) -> ReplayResult {
        let blocks = try options.blocks.map { path throws(LabFault) in try BlockLog(path) }
        let certificates = options.certificates.map { CertificateOutput($0) }
        var line = ReplayProgressLine(isTerminal: isatty(STDERR_FILENO) == 1)
        let result: ReplayResult
        do throws(InputFault) {
            result = try Replay.run(
                inputs, audit: options.audit, log: { blocks?.append($0) },
                certify: certificates.map { $0.take }
            ) { progress in
                if let text = line.text(for: progress) { write(text, to: .standardError) }
            }
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
        if let certificates { complain(try certificates.finish()) }
        return result
    }

    // MARK: Outputs

    /// Refuses a path that cannot be written, before the replay rather than after it.
    static func checkWritable(_ path: String) throws(LabFault) {
        let url = URL(fileURLWithPath: path)
        let files = FileManager.default
        let folder = url.deletingLastPathComponent().path
        let reason: String? =
            if url.hasDirectoryPath {
                "it is a folder"
            } else if !files.fileExists(atPath: folder) {
                "there is no folder '\(folder)'"
            } else if !files.isWritableFile(atPath: files.fileExists(atPath: path) ? path : folder)
            {
                "no permission"
            } else {
                nil
            }
        guard let reason else { return }
        throw LabFault(message: "\(path): cannot be written: \(reason)", exit: Exit.cannotWrite)
    }

    /// The log of a chain: each piece behind its length in four bytes, lowest first.
    private struct BlockLog {
        private let handle: FileHandle

        init(_ path: String) throws(LabFault) {
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let handle = FileHandle(forWritingAtPath: path)
            else {
                throw LabFault(message: "\(path): cannot be written", exit: Exit.cannotWrite)
            }
            self.handle = handle
        }

        func append(_ piece: [UInt8]) {
            let length = (0..<4).map { UInt8(truncatingIfNeeded: piece.count >> ($0 * 8)) }
            handle.write(Data(length + piece))
        }
    }

    static func save(_ text: String, at path: String) throws(LabFault) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw LabFault(
                message: "\(path): cannot be written: \(error.localizedDescription)",
                exit: Exit.cannotWrite)
        }
    }

    static func complain(_ message: String) {
        write("rampart-lab: \(message)\n", to: .standardError)
    }

    static func write(_ text: String, to handle: FileHandle) {
        handle.write(Data(text.utf8))
    }
}
