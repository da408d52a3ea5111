/// The reference in the repository is the one that the code makes. After a change of a method it is
/// written anew by the same test: `RAMPART_WRITE_REFERENCE=1`.

import Foundation
import JSON
import TestKit
import Testing

@testable import Gateway

@Suite struct ReferenceTests {
    private static let path = PackageFiles.root + "/docs/openapi.json"

    /// The document with a line for each member, so that a change can be read.
    private func readable() throws -> String {
        let bytes = OpenAPIDocument.bytes(
            of: MethodTable.all, version: GatewayConfiguration().version)
        let object = try JSONSerialization.jsonObject(with: Data(bytes))
        let text = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: text, as: UTF8.self) + "\n"
    }

    @Test func theReferenceInTheRepositoryIsThatOfTheCode() throws {
        let text = try readable()
        if ProcessInfo.processInfo.environment["RAMPART_WRITE_REFERENCE"] != nil {
            try text.write(toFile: ReferenceTests.path, atomically: true, encoding: .utf8)
        }
        let kept = try #require(PackageFiles.text(of: ReferenceTests.path))
        let isSame = kept == text
        #expect(isSame, "docs/openapi.json is not what the code makes: write it anew")
    }

    @Test func theReferenceIsServed() throws {
        let venue = try GatewayVenue()
        let answer = try venue.http(APIRequest(verb: .get, path: Gateway.referencePath))
        #expect(answer.status == 200)
        #expect(answer.body["openapi"]?.text == "3.0.3")
        let paths = try #require(answer.body["paths"]?.members)
        #expect(paths.count == MethodTable.all.count)
        for path in paths {
            #expect(path.value["get"]?["responses"]?["200"] != nil)
            #expect(path.value["post"]?["requestBody"] != nil)
        }
    }
}
