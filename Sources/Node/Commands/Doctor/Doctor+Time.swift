/// What the doctor looks at of the machine as it runs: whether its clock is kept right, how fast
/// its disk is and when it is full, and whether it swaps.

import Documents
import Foundation
import Glibc
import Replication

extension Doctor {
    /// Milliseconds of a synced write above which blocks are felt to wait. Ours: the median of a
    /// disk with a safe cache is below one, of one without about ten.
    private static let slowWrite = 5.0
    /// Milliseconds above which a venue cannot be run. Ours.
    private static let hopelessWrite = 100.0
    private static let writes = 15
    private static let writeBytes = 4_096
    /// Days of room below which something must be done. Ours.
    private static let leastDays: UInt64 = 14
    /// Seconds of a store's life from which a pace can be told.
    private static let leastLife: UInt64 = 86_400

    /// Whether the clock is kept right, as the system says.
    mutating func examineTime() {
        switch context.tool("timedatectl", ["show", "--property=NTPSynchronized", "--value"]) {
        case "yes"?: report.ok(.time, "the clock is kept right")
        case "no"?:
            report.warn(
                .time, "nothing keeps the clock right",
                "install chrony, or 'timedatectl set-ntp true'")
        default:
            report.warn(
                .time, "the system does not say whether the clock is kept right",
                "look with 'timedatectl' or 'chronyc tracking'; in a container, on its host")
        }
    }

    /// The time of a synced write, and the days until the disk is full.
    mutating func examineDisk(_ configuration: NodeConfiguration) {
        var folder = FileAccess.absolute(configuration.data)
        while !FileAccess.exists(folder), folder != "/" { folder = FileAccess.folder(of: folder) }
        guard FileAccess.isFolder(folder), let time = Doctor.syncedWrite(in: folder) else {
            report.warn(.disk, "\(folder) could not be measured", "run this as the node's user")
            return
        }
        let text =
            "a synced write takes \(time.formatted(.number.precision(.fractionLength(2)))) ms"
        if time > Doctor.hopelessWrite {
            report.blame(.disk, text, "take another disk, or find out who else writes to it")
        } else if time > Doctor.slowWrite {
            report.warn(
                .disk, text, "every block waits for one; an SSD with a safe cache takes under 1 ms")
        } else {
            report.ok(.disk, text)
        }
        examineForecast(configuration)
    }

    /// The median of a few synced writes, in milliseconds; nil where none can be made.
    static func syncedWrite(in folder: String) -> Double? {
        let path = FileAccess.path(".doctor-\(getpid())", in: folder)
        let descriptor = unsafe open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FileAccess.Mode.ownerOnly)
        guard descriptor >= 0 else { return nil }
        defer {
            close(descriptor)
            unsafe unlink(path)
        }
        let bytes = [UInt8](repeating: 1, count: writeBytes)
        var times: [UInt64] = []
        for _ in 0..<writes {
            let began = MonotonicTime.now
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe write(descriptor, raw.baseAddress, raw.count)
            }
            guard count == bytes.count, fdatasync(descriptor) == 0 else { return nil }
            times.append(MonotonicTime.now - began)
        }
        return Double(times.sorted()[writes / 2]) / 1e6
    }

    /// How long the room lasts at the pace since the store was made.
    private mutating func examineForecast(_ configuration: NodeConfiguration) {
        var status = stat()
        var space = statvfs()
        let data = configuration.data
        guard BlockStore.exists(at: data),
            unsafe stat(FileAccess.path("LOCK", in: data), &status) == 0,
            unsafe statvfs(data, &space) == 0
        else { return }
        let now = context.now() / TimeText.second
        let made = UInt64(max(0, status.st_mtim.tv_sec))
        let free = UInt64(space.f_bavail) * UInt64(space.f_frsize)
        guard
            let days = Doctor.daysOfRoom(
                used: UInt64(DiskUse.bytes(of: data)), free: free, life: now > made ? now - made : 0
            )
        else { return }
        let text = "at the pace since the store was made, the disk is full in \(days) days"
        if days < Doctor.leastDays {
            report.warn(.disk, text, "give it more, or prune with store.keep-blocks")
        } else {
            report.ok(.disk, text)
        }
    }

    /// Days until `free` bytes are used at the pace at which `used` were in `life` seconds; nil
    /// where that is too short to tell, or nothing was used.
    static func daysOfRoom(used: UInt64, free: UInt64, life: UInt64) -> UInt64? {
        guard life >= leastLife, used > 0 else { return nil }
        let days = Double(free) / Double(used) * Double(life) / Double(leastLife)
        return days < Double(UInt32.max) ? UInt64(days) : UInt64(UInt32.max)
    }

    /// Whether memory moves to the disk.
    mutating func examineSwap() {
        guard let data = FileManager.default.contents(atPath: "/proc/meminfo"),
            let swap = Doctor.swap(String(decoding: data, as: UTF8.self))
        else {
            report.warn(.swap, "/proc/meminfo cannot be read", "look with 'free'")
            return
        }
        if swap.total == 0 {
            report.ok(.swap, "there is none")
        } else if swap.used == 0 {
            report.ok(.swap, "\(swap.total >> 10) MiB, none of it used")
        } else {
            report.warn(
                .swap, "\(swap.used >> 10) of \(swap.total >> 10) MiB are used",
                "give the machine more memory, or set vm.swappiness = 1")
        }
    }

    /// KiB of swap by the text of `/proc/meminfo`; nil where it does not say.
    static func swap(_ text: String) -> (total: UInt64, used: UInt64)? {
        func number(_ name: String) -> UInt64? {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
        }
        guard let total = number("SwapTotal"), let free = number("SwapFree"), free <= total else {
            return nil
        }
        return (total, total - free)
    }
}
