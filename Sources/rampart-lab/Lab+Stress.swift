/// `stress`: runs crashes over seeds and defences, shows how far it is, and writes what came of it.

import Documents
import Foundation
import Simulation

extension Lab {
    static func stress(_ options: StressOptions) -> Int32 {
        do throws(LabFault) {
            for output in [options.html, options.json].compactMap({ $0 }) {
                try checkWritable(output)
            }
            if !options.calibrate.isEmpty { return try calibrate(options) }
            let courses = try courses(options)
            var batch = StressBatch(
                courses: courses, variants: options.variants, seeds: options.seeds)
            batch.leverage = options.leverage
            batch.depth = options.depth
            batch.jobs = options.jobs
            var report = batch.run(progress: progressLine())
            if options.reverse {
                report.reverse = ReverseStress.search(
                    seeds: options.seeds, leverage: options.leverage, depth: options.depth,
                    jobs: options.jobs, progress: progressLine())
            }
            if let path = options.json { try save(report.json, at: path) }
            if let path = options.html { try save(report.page, at: path) }
            write(report.text, to: .standardOutput)
            return report.isSound ? Exit.done : Exit.notAsExpected
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func progressLine() -> @Sendable (StressBatch.Progress) -> Void {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let start = Date()
        return { progress in
            let seconds = Date().timeIntervalSince(start)
            if let text = progress.text(isTerminal: isTerminal, seconds: seconds) {
                write(text, to: .standardError)
            }
        }
    }

    private static func courses(_ options: StressOptions) throws(LabFault) -> [StressCourse] {
        var courses = options.scenarios.map { StressCourse.shipped($0) }
        for path in options.prices {
            let histories: [PriceHistory]
            do throws(PriceFileFault) {
                histories = try PriceFiles.histories(of: [path])
            } catch {
                throw LabFault(message: error.description, exit: Exit.badInput)
            }
            let file = URL(fileURLWithPath: path).lastPathComponent
            let name = String(file.split(separator: ".").first ?? "prices")
            guard let history = histories.first(where: { $0.base == "BTC" }) ?? histories.first,
                let course = StressCourse.recorded(history, name: name)
            else {
                throw LabFault(
                    message: "\(path): less than ten minutes of prices", exit: Exit.badInput)
            }
            courses.append(course)
        }
        return courses
    }

    private static func calibrate(_ options: StressOptions) throws(LabFault) -> Int32 {
        do throws(PriceFileFault) {
            let fit = try StressCalibration(
                files: options.calibrate, seeds: options.seeds, jobs: options.jobs,
                progress: progressLine())
            write(fit.text, to: .standardOutput)
            return Exit.done
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
    }
}
