/// The entry of `rampart-lab`, the laboratory beside the node: it replays prices through the engine,
/// and is never linked into `rampart`.
import Foundation

exit(Lab.run(arguments: Array(CommandLine.arguments.dropFirst())))
