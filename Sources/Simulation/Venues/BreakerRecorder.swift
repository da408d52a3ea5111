/// How the levels of markets, indices and compartments went, from the certificates of the breakers.

import Breakers
import Catalogue
import Canonical
import Documents
import FixedPoint
import Ledger

/// Turns certificates into stretches.
struct BreakerRecorder {
    private struct Open {
        let scope: BreakerScope
        let place: Int
    }

    private let underlyings: [String]
    private let compartments: [String]
    private var stretches: [BreakerStretch] = []
    private var open: [Open] = []

    /// - Parameter underlyings: their names.
    init(underlyings: [String], catalogue: Catalogue) {
        self.underlyings = underlyings
        compartments = catalogue.compartments.map(\.symbol.text)
    }

    /// Takes a certificate of a block.
    mutating func add(_ certificate: BreakerCertificate, at time: UInt64, _ catalogue: Catalogue) {
        guard certificate.to != certificate.from else { return }
        if let place = open.firstIndex(where: { $0.scope == certificate.scope }) {
            stretches[open.remove(at: place).place].end = time
        }
        guard certificate.to != .normal else { return }
        open.append(Open(scope: certificate.scope, place: stretches.count))
        stretches.append(
            BreakerStretch(
                market: name(certificate.scope, catalogue), level: "\(certificate.to)",
                severity: Int(certificate.to.rawValue),
                trigger: BreakerRecorder.words(certificate.trigger)
                    + (certificate.to < certificate.from ? " (down)" : ""),
                measure: BreakerRecorder.measure(certificate), start: time, end: time))
    }

    /// All stretches that lasted; what is open at the end ends there.
    func finished(at time: UInt64) -> [BreakerStretch] {
        var result = stretches
        for entry in open { result[entry.place].end = time }
        return result.filter { $0.end > $0.start }
    }

    private func name(_ scope: BreakerScope, _ catalogue: Catalogue) -> String {
        switch scope {
        case .instrument(let identifier):
            catalogue.instruments[Int(identifier.number)].symbol.text
        case .underlying(let identifier): underlyings[Int(identifier.number)] + " index"
        case .compartment(let identifier): compartments[Int(identifier.number)] + " (all)"
        }
    }

    private static func words(_ trigger: BreakerTrigger) -> String {
        switch trigger {
        case .minuteMove: "move within a minute"
        case .fiveMinuteMove: "move within five minutes"
        case .sourceDivergence: "sources apart"
        case .bookDivergence: "book apart from the index"
        case .staleIndex: "index stale"
        case .deadIndex: "index dead"
        case .liquidations: "liquidations"
        case .drawdown: "insurance paying out"
        case .guardian: "guardian"
        }
    }

    /// What was measured and where it trips.
    private static func measure(_ certificate: BreakerCertificate) -> String {
        guard let measured = certificate.measured, certificate.change == .tripped else { return "" }
        let values = [measured, certificate.threshold]
        let texts: [String] =
            switch certificate.trigger {
            case .minuteMove, .fiveMinuteMove, .sourceDivergence:
                values.map { ReportText.decimal($0, scale: 7, digits: 2) + " %" }
            case .bookDivergence, .staleIndex, .deadIndex:
                values.map { ReportText.duration(UInt64(clamping: $0)) }
            case .liquidations, .drawdown: values.map { ReportText.compactMoney($0) }
            case .guardian: []
            }
        guard let first = texts.first, let last = texts.last else { return "" }
        return "\(first), trips at \(last)"
    }
}
