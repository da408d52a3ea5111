/// Market data and vectors that lie beside the project. They are never part of it, so a test that
/// needs them says by name that it is skipped where the folder is absent, and fails where the
/// folder is there but the file is not.
import Foundation

/// The folder of shared files.
public enum SharedFiles {
    /// What `RAMPART_SHARED` names, or `shared` beside the root of the package.
    public static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["RAMPART_SHARED"], !named.isEmpty {
            return named
        }
        return PackageFiles.root + "/../shared"
    }()

    /// Whether the folder is there. Use as `.enabled(if: SharedFiles.exist, "no shared folder")`.
    public static var exist: Bool { FileManager.default.fileExists(atPath: folder) }

    /// The full path of a file in the folder: `path("data/SOURCE.md")`.
    public static func path(_ relative: String) -> String { folder + "/" + relative }

    /// All files below a folder in the folder, as paths relative to it, in order.
    public static func files(below relative: String) -> [String] {
        PackageFiles.files(below: path(relative)).map { relative + "/" + $0 }
    }
}

/// The files of this package, for tests that read its sources.
public enum PackageFiles {
    /// The root of the package.
    public static let root: String = {
        // This file is Sources/TestKit/SharedFiles.swift.
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// Files below `folder`, as paths relative to it, in order; none when there is no such folder.
    public static func files(below folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)
        var files: [String] = []
        while let next = all?.nextObject() as? String {
            let url = URL(fileURLWithPath: folder + "/" + next)
            if !url.hasDirectoryPath { files.append(next) }
        }
        return files.sorted()
    }

    /// Whether there is a file or folder at a full path.
    public static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// The text of a file by its full path; nil when it is not there or no UTF-8.
    public static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }
    }
}
