/// Logs and metrics.

import Synchronization
import Testing

@testable import Node

@Suite struct ObservabilityTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func line(_ format: LogFormat, _ fields: KeyValuePairs<String, String>) -> String {
        let lines = Lines()
        let log = Log(least: .info, format: format) { text in
            lines.all.withLock { $0.append(text) }
        }
        log.write(.debug, "unheard")
        log.write(.warning, "event", fields)
        return lines.all.withLock { $0.joined() }
    }

    @Test func aValueCannotPretendToBeAFieldOrALine() {
        let text = line(.text, ["a": "1 level=error", "b": "x\ny", "c": "plain"])
        #expect(text.contains("warning event a=\"1 level=error\" b=\"x\\ny\" c=plain\n"))
        #expect(text.filter { $0 == "\n" }.count == 1)
    }

    @Test func aLineOfJSONIsOneObject() {
        let text = line(.json, ["a": "\"}"])
        #expect(text.contains("\"level\":\"warning\",\"event\":\"event\",\"a\":\"\\\"}\"}\n"))
    }

    @Test func metricsAreInTheFormatOfPrometheus() {
        let metrics = Metrics()
        metrics.add(.blocks, 3)
        metrics.record(.apply, nanoseconds: 70_000)
        metrics.record(.apply, nanoseconds: 9_000_000_000)
        let text = metrics.text(gauges: [Gauge("g", "Help.", 1.5)])
        #expect(text.contains("# TYPE rampart_blocks_total counter\nrampart_blocks_total 3\n"))
        #expect(text.contains("# TYPE g gauge\ng 1.5\n"))
        #expect(text.contains("rampart_apply_seconds_bucket{le=\"5e-05\"} 0\n"))
        #expect(text.contains("rampart_apply_seconds_bucket{le=\"0.0001\"} 1\n"))
        #expect(text.contains("rampart_apply_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(text.contains("rampart_apply_seconds_count 2\n"))
    }
}
