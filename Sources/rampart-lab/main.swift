/// The entry of `rampart-lab`, the laboratory beside the node: it replays prices through the
/// engine, and is never linked into `rampart`.
import Foundation
import Node

StopSignals.hold()
exit(Lab.run(arguments: Array(CommandLine.arguments.dropFirst())))
