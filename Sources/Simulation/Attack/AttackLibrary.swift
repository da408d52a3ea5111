/// The scenarios that are shipped, and how a name on the command line finds one: they are files in
/// the folder `Scenarios` of the package, or in the one that `RAMPART_SCENARIOS` names.

package import Canonical
import Foundation

package enum AttackLibrary {
    /// The variable that names another folder.
    package static let variable = "RAMPART_SCENARIOS"
    private static let folderName = "Scenarios"
    private static let ending = ".json"

    /// The folder of shipped scenarios: the one that the environment names, else the nearest above
    /// the program, else above the working folder; nil where there is none.
    package static func folder(
        environment: [String: String], program: String, workingFolder: String
    ) -> String? {
        if let named = environment[variable] { return isFolder(named) ? named : nil }
        for start in [URL(fileURLWithPath: program), URL(fileURLWithPath: workingFolder)] {
            var place = start.resolvingSymlinksInPath()
            while place.path != "/" {
                let candidate = place.appendingPathComponent(folderName).path
                if isFolder(candidate) { return candidate }
                place = place.deletingLastPathComponent()
            }
        }
        return nil
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
    }

    /// The scenario files of a folder, by name.
    package static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted().map { folder + "/" + $0 }
    }

    /// A file without folder and ending.
    package static func name(ofFile path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file
    }

    /// The file that a word means: a path, or the name of a shipped scenario.
    package static func path(of word: String, folder: String?) -> String {
        guard !word.contains("/"), !word.hasSuffix(ending), let folder else { return word }
        return folder + "/" + word + ending
    }

    /// The defence of a name.
    package static func defence(named name: String) -> Defence? {
        Defence.allCases.first { "\($0)" == name }
    }

    /// The names of all defences, for messages.
    package static var defenceNames: String {
        Defence.allCases.map { "\($0)" }.joined(separator: ", ")
    }
}
