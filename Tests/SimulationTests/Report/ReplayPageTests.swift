import Foundation
import Simulation
import TestKit
import Testing

/// A page of the sample, left in the build folder to be looked at.
@Test func theSamplePageIsWrittenToTheBuildFolder() throws {
    let sample = SampleReplay.make()
    let page = ReplayPage(summary: sample.summary, series: sample.series).html()
    let url = URL(fileURLWithPath: PackageFiles.root + "/.build/sample-page.html")
    try Data(page.utf8).write(to: url)
    #expect(page.hasSuffix("</html>\n"))
}
