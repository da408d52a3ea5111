/// What a block's cancels void, against the obvious list that is searched from end to end.

import Canonical
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Ledger

@Suite struct CancelFencesTests {
    private struct Cancel {
        let account: UInt32
        /// Of an order, or of all.
        let name: UInt64?
        /// Nil is every instrument.
        let instrument: UInt16?
        let nonce: UInt64
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a placement is void exactly where a later cancel fits it`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var fences = CancelFences()
        for _ in 0..<200 {
            fences.clear()
            var cancels: [Cancel] = []
            for _ in 0..<40 {
                let account = AccountIdentifier(.random(in: 0...5, using: &random))
                let nonce = UInt64.random(in: 1...9, using: &random)
                let number = UInt64.random(in: 1...3, using: &random)
                switch Int.random(in: 0..<20, using: &random) {
                case 0:
                    cancels.append(
                        Cancel(account: account.number, name: nil, instrument: nil, nonce: nonce))
                    fences.cancelAll(in: nil, of: account, NonceStamp(signer: 0, nonce: nonce))
                case 1...2:
                    cancels.append(
                        Cancel(
                            account: account.number, name: nil, instrument: UInt16(number),
                            nonce: nonce))
                    fences.cancelAll(
                        in: InstrumentIdentifier(UInt16(number)), of: account,
                        NonceStamp(signer: 0, nonce: nonce))
                case 3...6:
                    cancels.append(
                        Cancel(
                            account: account.number, name: number, instrument: nil, nonce: nonce))
                    fences.cancel(
                        ClientOrderIdentifier(number), of: account,
                        NonceStamp(signer: 0, nonce: nonce))
                default:
                    let request = OrderRequest(
                        instrument: InstrumentIdentifier(UInt16(number)), side: .buy, limit: nil,
                        quantity: .zero,
                        clientIdentifier: ClientOrderIdentifier(
                            .random(in: 0...3, using: &random)))
                    let expected = cancels.contains { cancel in
                        let fits =
                            cancel.name.map { $0 == request.clientIdentifier.number }
                            ?? cancel.instrument.map { $0 == request.instrument.number } ?? true
                        return cancel.account == account.number && fits && nonce < cancel.nonce
                    }
                    #expect(
                        fences.voids(request, of: account, NonceStamp(signer: 0, nonce: nonce))
                            == expected,
                        "seed \(seed)")
                }
            }
        }
    }
}
