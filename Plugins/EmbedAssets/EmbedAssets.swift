/// Turns the files of a room's folder `Assets` into one Swift file of raw strings, so that the
/// program carries its pages with it. Raw strings compile in a moment, where lists of bytes take a
/// minute for as much text as this.

import Foundation
import PackagePlugin

@main
struct EmbedAssets: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else { return [] }
        let root = target.directoryURL.appending(path: "Assets")
        let files = target.sourceFiles.map(\.url).filter { $0.path.hasPrefix(root.path + "/") }
            .sorted { $0.path < $1.path }
        let script = context.package.directoryURL.appending(path: "Plugins/EmbedAssets/embed.sh")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedAssets.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) assets of \(target.name)",
                executable: URL(filePath: "/bin/sh"),
                arguments: [script.path, output.path, root.path] + files.map(\.path),
                inputFiles: files + [script], outputFiles: [output])
        ]
    }
}
