/// `collusion`: searches for accounts that gain together what they should not.

import Documents
import Foundation
import Simulation

extension Lab {
    static func collusion(_ options: CollusionOptions) -> Int32 {
        do throws(LabFault) {
            if let output = options.save { try checkWritable(output) }
            let report = try report(options)
            if let path = options.save, let text = report.worst?.scenarioText {
                try save(text, at: path)
            }
            write(report.text, to: .standardOutput)
            return report.isSound ? Exit.done : Exit.notAsExpected
        } catch {
            complain(error.message)
            return error.exit
        }
    }

    private static func report(
        _ options: CollusionOptions
    ) throws(LabFault) -> CollusionReport {
        let isTerminal = isatty(STDERR_FILENO) == 1
        do throws(InputFault) {
            return try CollusionReport(
                starts: options.starts, steps: options.steps, seed: options.seed,
                isAblating: options.isAblating
            ) { done, count in
                guard done == count || done % max(1, count / 100) == 0 else { return }
                let line = "searched \(done) of \(count) starts"
                let end = isTerminal && done < count ? "\r" : "\n"
                if isTerminal || done == count || done % max(1, count / 10) == 0 {
                    write(line + end, to: .standardError)
                }
            }
        } catch {
            throw LabFault(message: error.description, exit: Exit.badInput)
        }
    }
}
