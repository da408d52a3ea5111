/// Structured logs: one line an event, with its time, level, a short name and fields. Secrets never
/// get here: nothing that holds one can be turned into a text.

import Documents
import Foundation
import Synchronization

/// How much a line matters.
package enum LogLevel: String, CaseIterable, Sendable, Comparable {
    case debug, info, warning, error

    private var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}

/// How a line is written.
package enum LogFormat: String, Sendable {
    case text, json
}

/// Writes log lines to standard error or a file, from any thread.
package final class Log: Sendable {
    private let least: LogLevel
    private let format: LogFormat
    private let sink: @Sendable (String) -> Void
    /// Nil where lines go elsewhere.
    let file: LogFile?

    /// The log of a configuration.
    ///
    /// - Throws: `CommandFault` where its file cannot be written.
    init(_ configuration: NodeConfiguration) throws(CommandFault) {
        least = configuration.logLevel
        format = configuration.logFormat
        var file: LogFile?
        if let path = configuration.logFile { file = try LogFile(path) }
        self.file = file
        if let file = self.file {
            sink = { line in file.write(line) }
        } else {
            sink = Log.toStandardError
        }
    }

    package init(
        least: LogLevel, format: LogFormat,
        sink: @escaping @Sendable (String) -> Void = Log.toStandardError
    ) {
        self.least = least
        self.format = format
        self.sink = sink
        file = nil
    }

    /// Writes one line, if its level is logged.
    package func write(
        _ level: LogLevel, _ event: String, _ fields: KeyValuePairs<String, String> = [:]
    ) {
        guard level >= least else { return }
        let now = Log.time()
        switch format {
        case .text:
            let tail = fields.map { " \($0.key)=\(Log.plain($0.value))" }.joined()
            sink("\(now) \(level.rawValue) \(event)\(tail)\n")
        case .json:
            var members = [("time", now), ("level", level.rawValue), ("event", event)]
            members += fields.map { ($0.key, $0.value) }
            let body = members.map { "\"\($0.0)\":\(Log.quoted($0.1))" }.joined(separator: ",")
            sink("{\(body)}\n")
        }
    }

    /// Writes a text to standard error in one piece.
    @Sendable
    package static func toStandardError(_ line: String) {
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// `2026-01-15T14:32:00.123Z`.
    private static func time() -> String {
        Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
            + "Z"
    }

    /// A value without spaces as it is, others in quotes, so that no value looks like two fields.
    private static func plain(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "="
        }
        return isPlain && !value.isEmpty ? value : quoted(value)
    }

    private static func quoted(_ value: String) -> String { JSONWriter.quoted(value) }
}
