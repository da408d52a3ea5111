/// `deleveraging`: reads who was closed on a day, divides one shortfall among them by each rule,
/// and says what that costs whom.

import Documents
import Foundation
import Simulation

extension Lab {
    private static let micros: Int64 = 1_000_000

    static func deleveraging(_ options: DeleveragingOptions) -> Int32 {
        do throws(LabFault) {
            for output in [options.html, options.json].compactMap({ $0 }) {
                try checkWritable(output)
            }
            let day: DeleveragedDay
            do throws(InputFault) {
                day = try DeleveragedDay(users: options.users, coins: options.coins)
            } catch {
                throw LabFault(message: error.description, exit: Exit.badInput)
            }
            let shortfalls = options.shortfalls.map { $0 * micros }
            let reports = (shortfalls.isEmpty ? [day.lacking] : shortfalls).map {
                DeleveragingReport(day, shortfall: $0)
            }
            if let path = options.json { try save(DeleveragingReport.json(reports), at: path) }
            if let path = options.html { try save(DeleveragingReport.page(reports), at: path) }
            write(reports.map(\.text).joined(separator: "\n"), to: .standardOutput)
            return Exit.done
        } catch {
            complain(error.message)
            return error.exit
        }
    }
}
