/// `backtest`: reads price files, tests on them what estimates margin, and says where it fails.

import Foundation
import Simulation

extension Lab {
    static func backTest(_ options: BackTestOptions) -> Int32 {
        do throws(LabFault) {
            for output in [options.html, options.json].compactMap({ $0 }) {
                try checkWritable(output)
            }
            let taken = BackTestSeries.taken(
                from: try histories(options.files), assets: options.assets)
            guard !taken.series.isEmpty else {
                throw LabFault(
                    message: "no series to test: "
                        + (taken.leftOut.isEmpty
                            ? "the files hold none of the assets"
                            : taken.leftOut.joined(separator: "; "))
                        + "; needed are \(BackTestSeries.leastCloses) closes",
                    exit: Exit.badInput)
            }
            let isTerminal = isatty(STDERR_FILENO) == 1
            let report = BackTestReport(
                taken.series, leftOut: taken.leftOut, seed: options.seed, tuning: options.tuning
            ) { progress in
                write(progress.text(isTerminal: isTerminal), to: .standardError)
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
}
