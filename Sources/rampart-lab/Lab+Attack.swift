/// `attack`: reads scenarios, runs each with and without the defences that the historic venue
/// lacked, and says whether everything came as the file expects.

import Canonical
import Documents
import Foundation
import Simulation

extension Lab {
    static func attack(_ options: AttackOptions) -> Int32 {
        do throws(LabFault) {
            let folder = AttackLibrary.folder(
                environment: ProcessInfo.processInfo.environment,
                program: Bundle.main.executablePath ?? CommandLine.arguments[0],
                workingFolder: FileManager.default.currentDirectoryPath)
            switch options.task {
            case .list: return try list(shipped(folder))
            case .all: return try runAll(shipped(folder))
            case .run(let word):
                return try run(AttackLibrary.path(of: word, folder: folder), options)
            }
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func shipped(_ folder: String?) throws(LabFault) -> [String] {
        guard let folder else {
            throw LabFault(
                message: "no folder 'Scenarios' above the program or the working folder, and "
                    + "\(AttackLibrary.variable) names none", exit: Exit.badInput)
        }
        return AttackLibrary.files(in: folder)
    }

    private static func scenario(_ path: String) throws(LabFault) -> AttackScenario {
        let source = try file(path)
        do throws(InputFault) {
            return try AttackScenario.read(source)
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
    }

    private static func list(_ files: [String]) throws(LabFault) -> Int32 {
        for path in files {
            let scenario = try scenario(path)
            write("\(scenario.name): \(scenario.title)\n", to: .standardOutput)
        }
        return Exit.done
    }

    private static func runAll(_ files: [String]) throws(LabFault) -> Int32 {
        var isMet = true
        for path in files {
            let report = try report(try scenario(path), without: nil)
            isMet = isMet && report.isMet
            write((report.isMet ? "✓ " : "✗ ") + report.line + "\n", to: .standardOutput)
        }
        return isMet ? Exit.done : Exit.notAsExpected
    }

    private static func report(
        _ scenario: AttackScenario, without: DefenceSet?
    ) throws(LabFault) -> AttackReport {
        do throws(InputFault) {
            return try AttackReport(scenario, without: without)
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
    }

    private static func run(_ path: String, _ options: AttackOptions) throws(LabFault) -> Int32 {
        for output in [options.html, options.json].compactMap({ $0 }) { try checkWritable(output) }
        let report = try report(try scenario(path), without: options.without)
        if let path = options.json { try save(report.json, at: path) }
        if let path = options.html { try save(report.page, at: path) }
        write(report.text, to: .standardOutput)
        return report.isMet ? Exit.done : Exit.notAsExpected
    }
}
