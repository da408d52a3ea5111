/// The entry of `rampart`: a node, and the commands beside it. The simulated market of
/// `rampart-lab` is never linked into it.
import Foundation
import Node

StopSignals.hold()
exit(
    RampartProgram.run(
        arguments: Array(CommandLine.arguments.dropFirst()),
        environment: ProcessInfo.processInfo.environment, node: NodeProgram.entry))
