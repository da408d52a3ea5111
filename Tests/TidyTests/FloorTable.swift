/// The floors of the house, read from the text of `Package.swift`, and the rule that imports go
/// down.

/// Who stands on which floor.
struct FloorTable {
    struct Room {
        let name: String
        let floor: Int
        let imports: [String]
    }

    let rooms: [Room]
    /// C libraries of the system.
    let shims: [String]

    /// Rooms below floor 7 that may touch the world all the same.
    private static let worldly = ["Replication", "Custody", "Transport", "JSON"]
    private static let highestDeterministicFloor = 6

    /// Reads the lines `Room(name: "X", floor: N, imports: [...])` and `Shim(name: "Y", ...)`.
    init(package text: String) {
        rooms = text.matches(
            of: /Room\(\s*name: "([^"]+)", floor: ([0-9]+),\s*imports: \[([^\]]*)\]/
        ).map { match in
            let imports = match.3.matches(of: /"([^"]+)"/).map { String($0.1) }
            return Room(name: String(match.1), floor: Int(match.2) ?? -1, imports: imports)
        }
        shims = text.matches(of: /Shim\(\s*name: "([^"]+)"/).map { String($0.1) }
    }

    func room(_ name: String) -> Room? {
        rooms.first { $0.name == name || $0.name.replacing("-", with: "_") == name }
    }

    func isDeterministic(_ name: String) -> Bool {
        guard let room = room(name) else { return false }
        return room.floor <= FloorTable.highestDeterministicFloor
            && !FloorTable.worldly.contains(name)
    }

    /// Faults of the table itself: an import that is unknown, not below, or a shim in a
    /// deterministic room.
    func faults() -> [String] {
        rooms.flatMap { room in
            room.imports.compactMap { fault(of: $0, in: room) }
        }
    }

    /// What is wrong with the imports of one file.
    func faults(of file: SourceFile) -> [String] {
        guard let name = file.room, let room = room(name) else { return [] }
        return file.codeLines.enumerated().compactMap { index, line in
            guard let module = FloorTable.module(importedBy: line) else { return nil }
            let isKnown = self.room(module) != nil || shims.contains(module)
            let reason: String? =
                if isKnown && !room.imports.contains(module) {
                    "\(name) does not list \(module) in Package.swift"
                } else {
                    fault(of: module, in: room)
                }
            return reason.map { "\(file.path):\(index + 1): \($0)" }
        }
    }

    /// The module that a line of code imports: the word after `import`, or after the kind of what
    /// is imported from it.
    private static func module(importedBy line: String) -> String? {
        let words = line.split { !($0.isLetter || $0.isNumber || "_@".contains($0)) }.map(
            String.init)
        let before = ["public", "package", "internal", "fileprivate", "private"]
        let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let start = words.drop { before.contains($0) || $0.hasPrefix("@") }
        guard start.first == "import" else { return nil }
        return start.dropFirst().first { !kinds.contains($0) }
    }

    private func fault(of module: String, in room: Room) -> String? {
        if let other = self.room(module) {
            return other.floor < room.floor
                ? nil
                : "\(room.name) on floor \(room.floor) imports \(module) on floor \(other.floor)"
        }
        if isDeterministic(room.name) {
            return "\(room.name) is deterministic and imports \(module), which is no room"
        }
        return room.imports.contains(module) && !shims.contains(module)
            ? "\(room.name) lists \(module), which is neither room nor shim" : nil
    }
}
