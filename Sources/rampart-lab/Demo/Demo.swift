/// `rampart-lab demo`: starts the venue, says how to reach it, and runs until it is told to stop.

import Canonical
import Foundation
import Gateway
import Node
import Simulation

/// Runs the demonstration.
enum Demo {
    /// - Returns: the exit code.
    static func run(_ options: DemoOptions) throws(LabFault) -> Int32 {
        try makeFolder(options.configuration.data)
        let log = Log(
            least: options.configuration.logLevel, format: options.configuration.logFormat)
        let venue = try DemoVenue(options, log: log)
        let isTerminal = isatty(STDERR_FILENO) == 1
        do throws(NodeFault) {
            var shown = -1
            try venue.warmUp { share in
                let percent = Int(share * 100)
                guard percent / 10 > shown / 10 || shown < 0, isTerminal || percent == 100 else {
                    return
                }
                shown = percent
                Lab.write(
                    "\(isTerminal ? "\r" : "")two hours of the day: \(percent) %"
                        + (percent == 100 ? "\n" : ""), to: .standardError)
            }
        } catch {
            throw LabFault(message: error.description, exit: Lab.Exit.badInput)
        }
        venue.node.start()
        let trading = Thread { venue.trade() }
        trading.name = "traders"
        trading.start()
        Lab.write(welcome(venue, options), to: .standardOutput)
        StopSignals.wait()
        Lab.write("stopping\n", to: .standardError)
        venue.node.stop()
        do throws(NodeFault) {
            try venue.node.wait()
        } catch {
            throw LabFault(message: error.description, exit: Lab.Exit.cannotWrite)
        }
        return Lab.Exit.done
    }

    /// The chain of the last demonstration goes, and nothing else: a folder that is not one of ours
    /// is left alone.
    private static func makeFolder(_ path: String) throws(LabFault) {
        let files = FileManager.default
        if path == DemoOptions.standardFolder { try? files.removeItem(atPath: path) }
        guard !files.fileExists(atPath: path) else {
            throw LabFault(
                message: "\(path) exists; a demonstration starts with a new folder",
                exit: Lab.Exit.cannotWrite)
        }
        do {
            let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
            try files.createDirectory(at: parent, withIntermediateDirectories: true)
        } catch {
            throw LabFault(
                message: "\(path): \(error.localizedDescription)", exit: Lab.Exit.cannotWrite)
        }
    }

    private static func welcome(_ venue: DemoVenue, _ options: DemoOptions) -> String {
        let host = options.configuration.listen.host
        let address = "\(host):\(venue.node.port)"
        return """

            A venue runs on http://\(address)  (open it in a browser; Ctrl-C stops it)

              JSON-RPC    http://\(address)/api/v2/public/get_instruments?currency=any
              WebSocket   ws://\(address)/ws/api/v2
              reference   http://\(address)/api/v2/openapi.json

            Account \(venue.visitor.account.number) is yours, with 1,000,000 USDC:

              client_id       \(venue.visitor.identifier)
              client_secret   \(venue.visitor.secret)
              its page        \(page(address, venue.visitor.identifier, venue.visitor.secret))

            \(portfolio(venue, address))
            With CCXT:

              import ccxt
              venue = ccxt.deribit({'apiKey': '\(venue.visitor.identifier)',
                                    'secret': '\(venue.visitor.secret)'})
              venue.urls['api']['rest'] = 'http://\(address)'
              print(venue.fetch_balance()['USDC'])

            """ + "\n"
    }

    /// A link that logs in; what follows `#` is not sent to any server, and the page removes it.
    private static func page(_ address: String, _ identifier: String, _ secret: String) -> String {
        "http://\(address)/#/account?client_id=\(identifier)&client_secret=\(secret)"
    }

    private static func portfolio(_ venue: DemoVenue, _ address: String) -> String {
        guard let shown = venue.portfolio else { return "" }
        return """
            Look at a portfolio: account \(shown.account.number) of a simulated trader, read only.

              its page        \(page(address, shown.identifier, shown.secret))

            """
    }
}
