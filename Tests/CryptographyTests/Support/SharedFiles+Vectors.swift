/// Vectors of the shared folder, decoded. A machine without the folder skips the tests that need
/// it, by name and reason; with the folder, a missing file is a failure.

import Foundation
import TestKit
import Testing

extension SharedFiles {
    static func json<T: Decodable>(_ type: T.Type, _ path: String) throws -> T {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFiles.path(path)))
        return try JSONDecoder().decode(type, from: data)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where the shared vectors are.
    static var sharedFiles: Self {
        .enabled(if: SharedFiles.exist, "needs the shared vectors: set RAMPART_SHARED")
    }
}
