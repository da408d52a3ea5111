/// Inputs to start from: a valid encoding of everything that is decoded, and scripts by chance for
/// the venue, since almost any bytes are plausible there.

import Canonical
import Foundation
import Ledger

enum Seeds {
    /// Writes every seed into a folder, a file each.
    static func write(to folder: String) {
        for (name, bytes) in all() {
            do {
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
            } catch {
                fail("\(folder)/\(name): \(error)")
            }
        }
    }

    /// Bytes by chance (Knuth's linear congruential generator, its high bits).
    static func script(_ seed: UInt64, count: Int) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// Messages to the API: three of a WebSocket, a query, and the same as a body.
    private static func messages() -> [(name: String, bytes: [UInt8])] {
        let calls = [
            "public/get_instruments", "public/ticker", "public/get_order_book",
            "public/subscribe", "public/auth", "public/get_leaf", "private/buy",
            "private/mass_quote", "public/submit_transaction", "public/submit_observation",
            "public/submit_attested",
            "public/get_tradingview_chart_data", "public/set_heartbeat",
        ]
        let parameters =
            "{\"instrument_name\":\"BTC_USDC-PERPETUAL\",\"currency\":\"any\",\"depth\":10,"
            + "\"channels\":[\"book.BTC_USDC-PERPETUAL.raw\"],\"kind\":\"chain\","
            + "\"grant_type\":\"client_credentials\",\"client_id\":\"a\",\"amount\":0.1,"
            + "\"transaction\":\"00ff\",\"observation\":\"00ff\",\"attested\":\"01ff\","
            + "\"interval\":10,"
            + "\"start_timestamp\":0,\"end_timestamp\":1e12,\"resolution\":\"1\"}"
        var seeds: [(name: String, bytes: [UInt8])] = []
        for (place, name) in calls.enumerated() {
            let body =
                "{\"jsonrpc\":\"2.0\",\"id\":\(place),\"method\":\"\(name)\","
                + "\"params\":\(parameters)}"
            let query = name + "?instrument_name=BTC_USDC-PERPETUAL&currency=any&depth=10"
            for (mode, text) in [body, body, query, body].enumerated() {
                seeds.append(
                    (
                        "message-\(place)-\(mode)",
                        [Input.messageMode + UInt8(mode)] + Array(text.utf8)
                    ))
            }
        }
        return seeds
    }

    private static func all() -> [(name: String, bytes: [UInt8])] {
        var seeds: [(name: String, bytes: [UInt8])] = []
        for number in UInt64(1)...24 {
            let count = number % 3 == 0 ? 1_500 : 300
            seeds.append(("venue-\(number)", venue(script(number, count: count))))
        }
        let genesis = FuzzGenesis.standard.canonicalBytes
        seeds.append(("genesis", decoder(9, genesis)))
        for number in UInt64(31)...34 {
            seeds.append(
                ("genesis-\(number)", decoder(17, genesis + script(number, count: 200))))
        }
        seeds.append(("catalogue", decoder(6, FuzzGenesis.standard.catalogue.canonicalBytes)))
        for number in UInt64(41)...46 {
            seeds.append(("leaves-\(number)", decoder(18, script(number, count: 12))))
        }
        for (place, payload) in AttestedSeeds.all.enumerated() {
            seeds.append(("attested-\(place)", decoder(16, payload)))
        }
        seeds += messages()
        let venue = FuzzVenue()
        var bytes = ByteReader(script(5, count: 600))
        venue.run(&bytes)
        for (place, block) in venue.blocks.prefix(12).enumerated() {
            seeds.append(("block-\(place)", decoder(1, block.canonicalBytes)))
            seeds.append(("next-\(place)", decoder(22, block.canonicalBytes)))
            if let bundle = block.observations.first {
                seeds.append(("bundle-\(place)", decoder(2, bundle.canonicalBytes)))
            }
            seeds += block.transactions.prefix(3).enumerated().flatMap { number, transaction in
                transactionSeeds(transaction, "\(place)-\(number)")
            }
        }
        for (place, cook) in Menu.commands.enumerated() {
            for number in UInt64(1)...3 {
                var bytes = ByteReader(script(number, count: 64))
                let command = cook(&bytes, venue, AccountIdentifier(0))
                seeds.append(("menu-\(place)-\(number)", decoder(3, command.canonicalBytes)))
            }
        }
        for leaf in venue.ledger.leaves() {
            switch leaf.key {
            case .account(let account):
                seeds.append(("account-\(account.number)", decoder(7, leaf.value)))
            case .order(let order):
                seeds.append(("order-\(order.number)", decoder(8, leaf.value)))
            default: seeds.append(("key-\(seeds.count)", decoder(5, leaf.key.canonicalBytes)))
            }
        }
        return seeds
    }

    private static func transactionSeeds(
        _ bytes: [UInt8], _ name: String
    ) -> [(name: String, bytes: [UInt8])] {
        let length = [UInt8(truncatingIfNeeded: bytes.count), UInt8(bytes.count >> 8)]
        var seeds = [
            ("transaction-\(name)", decoder(0, bytes)),
            ("sent-\(name)", decoder(20, length + bytes)),
        ]
        do {
            for (place, command) in try Transaction(canonicalBytes: bytes).commands.enumerated() {
                seeds.append(("command-\(name)-\(place)", decoder(3, command.canonicalBytes)))
            }
        } catch {
            return seeds
        }
        return seeds
    }

    private static func venue(_ bytes: [UInt8]) -> [UInt8] { [Input.venueMode] + bytes }

    private static func decoder(_ place: UInt8, _ bytes: [UInt8]) -> [UInt8] { [place] + bytes }
}
