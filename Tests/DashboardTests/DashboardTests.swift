import Foundation
import Testing

@testable import Dashboard

@Suite("Files of the dashboard")
struct DashboardTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Dashboard/Assets")

    @Test func `the program carries every file of the folder as it is`() throws {
        let found = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)
            .filter { $0.contains(".") }.sorted()
        let dashboard = Dashboard()
        #expect(dashboard.paths == found)
        for path in found {
            let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: path)))
            #expect(dashboard.file(at: "/assets/" + path)?.bytes == bytes, "\(path)")
        }
    }

    @Test func `the root is the page, and what is not carried is not served`() {
        let dashboard = Dashboard()
        #expect(dashboard.file(at: "/")?.contentType == "text/html; charset=utf-8")
        for path in ["/assets/", "/assets/../README.md", "/assets/x.js", "/x", ""] {
            #expect(dashboard.file(at: path) == nil, "\(path)")
        }
        #expect(dashboard.file(at: Dashboard.chartsPath) == nil)
    }

    @Test func `a folder of the operator's goes before the program, and nothing leads out of it`()
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "dashboard-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = FileManager.default
        try files.createDirectory(
            at: folder.appending(path: "face/.git"), withIntermediateDirectories: true)
        for name in ["face/index.html", "face/logo.svg", "face/keys.txt", "face/.git/a.js", "a.js"]
        {
            try Data("own".utf8).write(to: folder.appending(path: name))
        }
        let dashboard = Dashboard(folder: folder.appending(path: "face").path)
        #expect(dashboard.file(at: "/")?.bytes == Array("own".utf8))
        #expect(dashboard.file(at: "/assets/logo.svg")?.contentType == "image/svg+xml")
        for path in ["keys.txt", "../a.js", ".git/a.js", "/a.js", "x\0.js", ".", "logo.svg/"] {
            #expect(dashboard.file(at: "/assets/" + path) == nil, "\(path)")
        }
        #expect(dashboard.file(at: "/assets/script/app.js") != nil)
    }
}
