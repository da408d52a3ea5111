/// Keys of simulated traders and publishers. They come from seeds and guard nothing of value.

import Canonical
package import Custody

extension SigningKey {
    /// The key pair of a trader known by number: its seed is drawn from `seed` and `number`.
    package init(seed: UInt64, number: UInt64) {
        var generator = SimulationGenerator(seed: seed, stream: number)
        var bytes: [UInt8] = []
        for _ in 0..<4 { generator.next().appendLittleEndian(to: &bytes) }
        self.init(seed: bytes)
    }
}
