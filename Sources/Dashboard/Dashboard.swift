/// The files of the dashboard by their path: from the program itself, or from a folder of the
/// operator's, file by file, for a venue that shows its own face and for work on the pages.

import Foundation

/// A file as the node serves it.
package struct DashboardFile: Sendable {
    package let contentType: String
    package let bytes: [UInt8]
}

/// What is served to people.
package struct Dashboard: Sendable {
    /// Where the page of charts asks for Debian's `libjs-chart.js`.
    package static let chartsPath = "/assets/library/chart.js"

    private let folder: String?
    private let embedded: [String: DashboardFile]
    private let charts: DashboardFile?

    /// - Parameters:
    ///   - folder: files that go before those of the program, read whenever they are asked for; nil
    ///     for the program's own.
    ///   - charts: the file of Chart.js; a page without it shows tables only.
    package init(folder: String? = nil, charts: String? = nil) {
        self.folder = folder
        var files: [String: DashboardFile] = [:]
        for asset in EmbeddedAssets.all {
            guard let type = Dashboard.contentType(of: asset.path) else { continue }
            files[asset.path] = DashboardFile(
                contentType: type, bytes: Array("\(asset.text)".utf8))
        }
        embedded = files
        self.charts = charts.flatMap { path in
            FileManager.default.contents(atPath: path).map {
                DashboardFile(contentType: Dashboard.script, bytes: Array($0))
            }
        }
    }

    /// Whether the file of Chart.js was found.
    package var hasCharts: Bool { charts != nil }

    /// The file at a path of the address; nil where there is none.
    package func file(at path: String) -> DashboardFile? {
        if path == "/" { return asset("index.html") }
        if path == Dashboard.chartsPath { return charts }
        guard path.hasPrefix(Dashboard.prefix) else { return nil }
        return asset(String(path.dropFirst(Dashboard.prefix.count)))
    }

    /// The paths of the files that the program carries, below `/assets/`.
    package var paths: [String] { embedded.keys.sorted() }

    private static let prefix = "/assets/"
    private static let script = "text/javascript; charset=utf-8"

    private func asset(_ path: String) -> DashboardFile? {
        if let folder, Dashboard.isPlain(path), let type = Dashboard.contentType(of: path),
            let data = FileManager.default.contents(atPath: folder + "/" + path)
        {
            return DashboardFile(contentType: type, bytes: Array(data))
        }
        return embedded[path]
    }

    /// Whether a path has only names of letters, digits, `-`, `_` and dots that do not begin them,
    /// so that it cannot lead out of a folder.
    private static func isPlain(_ path: String) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { name in
            name.first != "." && !name.isEmpty
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                        UInt8(ascii: "_"), UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
        }
    }

    private static func contentType(of path: String) -> String? {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": script
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}
