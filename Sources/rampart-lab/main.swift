/// The entry of `rampart-lab`.
import Simulation

for history in BuiltInDay.histories() {
  for (i, bar) in history.sources[0].bars.enumerated() { print(history.base, i, bar.open, bar.high, bar.low, bar.close, bar.volume ?? 0) }
}
