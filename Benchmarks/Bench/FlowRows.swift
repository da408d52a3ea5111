/// Order-by-order replay of real files.

enum FlowRows {
    static func all() -> [Result] { [] }
}
