import Testing

@testable import History

@Suite("Where a history is kept")
struct HistoryLocationTests {
    @Test(arguments: [
        ("", HistoryLocation.sqlite(path: "data/history.sqlite")),
        ("none", .nowhere),
        ("/var/lib/rampart/past.db", .sqlite(path: "/var/lib/rampart/past.db")),
        ("postgres://harbour@db/past", .postgres(url: "postgres://harbour@db/past")),
        ("postgresql:///past", .postgres(url: "postgresql:///past")),
    ])
    func `the setting is a path, a URL or none`(text: String, location: HistoryLocation) {
        #expect(HistoryLocation(text, folder: "data") == location)
    }
}
