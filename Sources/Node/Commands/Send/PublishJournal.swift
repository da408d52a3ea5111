/// What a publishing daemon leaves for people: lines of the log, and the status file.

import Foundation
import Publishing

/// Writes log and status.
final class PublishJournal {
    private let log = Log(least: .info, format: .text)
    private let statusFile: String?
    /// Whether the status could be written last time.
    private var isKept = true

    init(statusFile: String?) { self.statusFile = statusFile }

    func started(prices: Int, feeds: Int) {
        log.write(.info, "publishing", ["prices": "\(prices)", "feeds": "\(feeds)"])
    }

    func stopped() { log.write(.info, "stopped") }

    /// Puts the status in place of the last one; whoever reads sees one or the other.
    func keep(_ status: String) {
        guard let statusFile else { return }
        do {
            try Data(status.utf8).write(to: URL(fileURLWithPath: statusFile), options: .atomic)
            isKept = true
        } catch {
            if isKept { log.write(.warning, "status not written", ["file": statusFile]) }
            isKept = false
        }
    }

    func write(_ note: PublishNote) {
        switch note {
        case .feedFaulty(let feed, let underlying, let finding):
            log.write(
                .warning, "feed faulty",
                [
                    "feed": feed, "underlying": underlying, "finding": finding.name,
                    "detail": finding.detail,
                ])
        case .feedSound(let feed, let underlying):
            log.write(.info, "feed sound", ["feed": feed, "underlying": underlying])
        case .priceWithheld(let underlying):
            log.write(.error, "price withheld", ["underlying": underlying])
        case .priceMade(let underlying, let feeds):
            log.write(
                .info, "price made",
                ["underlying": underlying, "feeds": feeds.joined(separator: ",")])
        case .lineIgnored(let pipe, let reason):
            log.write(.warning, "line ignored", ["pipe": pipe, "reason": reason])
        case .delivered(let count):
            log.write(.debug, "delivered", ["prices": "\(count)"])
        case .nodeLost(let reason):
            log.write(.error, "node lost", ["reason": reason])
        case .nodeBack(let failures):
            log.write(.info, "node back", ["failures": "\(failures)"])
        case .nodeRefuses(let reason):
            log.write(.error, "node refuses", ["reason": reason])
        }
    }
}
