/// A pipe on disk whose writers come and go.
import Foundation
import Glibc
import Testing

@testable import Publishing

private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/rampart-pipe-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}

private func write(_ text: String, to path: String) {
    let descriptor = unsafe open(path, O_WRONLY | O_NONBLOCK)
    #expect(descriptor >= 0)
    let bytes = Array(text.utf8)
    #expect(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    close(descriptor)
}

@Test func aPipeOutlivesItsWriters() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pipe = try Publishing.Pipe(folder + "/prices")
    #expect(pipe.read() == [])
    for round in 0..<3 {
        write("BTC=\(round)\nETH=", to: folder + "/prices")
        write("\(round)\n", to: folder + "/prices")
        #expect(pipe.read() == [Array("BTC=\(round)".utf8), Array("ETH=\(round)".utf8)])
        #expect(pipe.read() == [])
    }
}

@Test func aPipeThatIsThereIsTakenAndOneThatIsMadeIsTheOwners() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try Publishing.Pipe(folder + "/prices") }
    var status = stat()
    #expect(unsafe stat(folder + "/prices", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    _ = try Publishing.Pipe(folder + "/prices")
}

@Test func whatIsNoPipeIsRefused() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data().write(to: URL(fileURLWithPath: folder + "/file"))
    #expect(throws: PipeFault(path: folder + "/file", reason: "is there, but no pipe")) {
        _ = try Publishing.Pipe(folder + "/file")
    }
    #expect(throws: PipeFault.self) { _ = try Publishing.Pipe(folder + "/none/pipe") }
}
