/// What holds of the pages as text, without a browser: nothing that they name is missing, nothing
/// in them makes markup or code out of text, they are light, and their colours can be read.

import Foundation
import Testing

@testable import Dashboard

@Suite("Pages of the dashboard")
struct AssetsTests {
    private struct Asset {
        let path: String
        let text: String
        var ending: String { String(path.split(separator: ".").last ?? "") }
    }

    /// Where Debian's libjs-chart.js puts the file that a node serves unless told otherwise.
    private static let charts = "/usr/share/javascript/chart.js/chart.min.js"

    private static let assets: [Asset] = {
        let dashboard = Dashboard()
        return dashboard.paths.compactMap { path in
            dashboard.file(at: "/assets/" + path).map { file in
                Asset(path: path, text: String(bytes: file.bytes, encoding: .utf8) ?? "")
            }
        }
    }()

    @Test func `every path that a page, a script or a style names is carried`() {
        let dashboard = Dashboard()
        var named = 0
        for asset in Self.assets {
            for path in Self.references(asset) {
                named += 1
                let isThere = path == Dashboard.chartsPath || dashboard.file(at: path) != nil
                #expect(isThere, "\(asset.path) names \(path)")
            }
        }
        #expect(named > 20)
    }

    @Test func `a path that is not carried would be found`() {
        let script = Asset(path: "script/pages/a.js", text: "import { h } from '../core/none.js';")
        #expect(Self.references(script) == ["/assets/script/core/none.js"])
        let page = Asset(path: "index.html", text: "<link href=\"/assets/none.css\">")
        #expect(Self.references(page) == ["/assets/none.css"])
    }

    @Test func `no text becomes markup or code`() {
        let forbidden = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser",
            "createContextualFragment", "eval(", "new Function", "javascript:", "srcdoc",
            "setAttribute('style'",
        ]
        for asset in Self.assets {
            for word in forbidden {
                #expect(!asset.text.contains(word), "\(asset.path): \(word)")
            }
        }
    }

    @Test func `pages have no scripts, handlers or styles in their markup`() throws {
        let inside = try Regex(#"<style|\sstyle\s*=|\son[a-z]+\s*=|<script(?![^>]*\ssrc=)"#)
        for asset in Self.assets where asset.ending == "html" {
            #expect(asset.text.firstMatch(of: inside) == nil, "\(asset.path)")
        }
        for bad in ["<p style=\"x\">", "<a onclick=\"x\">", "<script>x</script>", "<style>"] {
            #expect(bad.firstMatch(of: inside) != nil, "\(bad)")
        }
        #expect("<script type=\"module\" src=\"/a.js\">".firstMatch(of: inside) == nil)
    }

    @Test func `nothing is fetched from elsewhere`() {
        for asset in Self.assets where asset.ending != "svg" {
            // The name of drawings' elements, which nobody fetches.
            let text = asset.text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("http://"), "\(asset.path)")
            #expect(!text.contains("https://"), "\(asset.path)")
        }
    }

    @Test func `all pages with the charts weigh less than a mebibyte`() {
        let own = Self.assets.reduce(0) { $0 + $1.text.utf8.count }
        let library = FileManager.default.contents(atPath: Self.charts)?.count ?? 200_000
        #expect(own + library <= 1 << 20, "\(own) of our own, \(library) of the library")
    }

    @Test func `scripts are short and say first what they are for`() {
        for asset in Self.assets where asset.ending == "js" {
            let lines = asset.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 251, "\(asset.path) has \(lines.count) lines")
            #expect(asset.text.hasPrefix("// "), "\(asset.path)")
            for line in lines where line.count > 100 {
                Issue.record("\(asset.path): longer than 100 columns: \(line)")
            }
        }
    }

    @Test func `text can be read in both themes`() throws {
        let style = try #require(Self.assets.first { $0.path == "style/base.css" })
        let colours = try Self.colours(style.text)
        for theme in 0...1 {
            for ink in ["ink", "quiet", "up", "down", "warn", "accent"] {
                for paper in ["paper", "card", "raised"] {
                    let one = try #require(colours[ink]?[theme])
                    let other = try #require(colours[paper]?[theme])
                    let contrast = Self.contrast(one, other)
                    #expect(contrast >= 4.5, "\(ink) on \(paper) in theme \(theme): \(contrast)")
                }
            }
        }
    }

    @Test func `contrast is measured as the guidelines say`() {
        #expect(Self.contrast(0x000000, 0xffffff) == 21)
        #expect(abs(Self.contrast(0x767676, 0xffffff) - 4.54) < 0.01)
        #expect(Self.contrast(0x123456, 0x123456) == 1)
    }

    /// The paths of the address that a file names, where they are whole in its text.
    private static func references(_ asset: Asset) -> [String] {
        let own = "/assets/" + asset.path
        var found: [String] = []
        for match in asset.text.matches(of: /["'(](\/assets\/[A-Za-z0-9_.\/-]+)["')]/) {
            found.append(String(match.1))
        }
        guard asset.ending == "js" else { return found }
        for match in asset.text.matches(of: /(?:from|import) '(\.[^']+)'/) {
            let base = URL(filePath: own).deletingLastPathComponent()
            found.append(base.appending(path: String(match.1)).standardized.path)
        }
        return found
    }

    /// The variables of the form `--name: light-dark(#rrggbb, #rrggbb)`.
    private static func colours(_ text: String) throws -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        let pattern = /--([a-z]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)/
        for match in text.matches(of: pattern) {
            found[String(match.1)] = [
                try #require(Int(match.2, radix: 16)), try #require(Int(match.3, radix: 16)),
            ]
        }
        return found
    }

    /// By WCAG 2.2, "contrast ratio": 1 to 21.
    private static func contrast(_ one: Int, _ other: Int) -> Double {
        let lights = [luminance(one), luminance(other)].sorted()
        return (lights[1] + 0.05) / (lights[0] + 0.05)
    }

    private static func luminance(_ colour: Int) -> Double {
        let parts = [16, 8, 0].map { shift -> Double in
            let part = Double((colour >> shift) & 0xff) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
