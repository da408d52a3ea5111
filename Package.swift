// swift-tools-version: 6.2
// The house of Rampart. Imports go strictly down: `floors` is the one table of who stands where,
// read by the build here and compared with every `import` by Tests/TidyTests.
import PackageDescription

#if arch(x86_64)
    // AVX2 for the scenario lanes and the many-at-once SHA-256.
    let processor: [SwiftSetting] = [
        .unsafeFlags(["-Xcc", "-march=haswell", "-target-cpu", "haswell"])
    ]
    let yardstickFlags = ["-O3", "-march=haswell"]
    let wrapperFlags = ["-march=haswell"]
#else
    let processor: [SwiftSetting] = []
    let yardstickFlags = ["-O3"]
    let wrapperFlags: [String] = []
#endif

let strict: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ImmutableWeakCaptures"),
        .enableExperimentalFeature("RawLayout"),
        .unsafeFlags(["-cross-module-optimization"]),
    ] + processor

/// Of tests: not optimised, which halves the time that a build of them takes; what they call is.
let testing = strict + [.unsafeFlags(["-Onone"])]

/// A room: its name, its floor, and the rooms it may import (all on lower floors).
struct Room {
    let name: String
    let floor: Int
    let imports: [String]
    /// Whether the files of its folder `Assets` go into the program as text.
    var assets = false
}

let floors = [
    Room(name: "FixedPoint", floor: 0, imports: []),
    Room(name: "Canonical", floor: 1, imports: ["FixedPoint"]),
    Room(name: "Catalogue", floor: 2, imports: ["Canonical", "FixedPoint"]),
    Room(name: "Cryptography", floor: 2, imports: ["Canonical"]),
    Room(name: "JSON", floor: 3, imports: ["CSimdJSON"]),
    Room(name: "Transport", floor: 3, imports: ["CWebSockets"]),
    Room(
        name: "Replication", floor: 3,
        imports: ["Cryptography", "Canonical", "FixedPoint", "CRocksDB"]),
    Room(name: "Accounts", floor: 3, imports: ["Catalogue", "Canonical", "FixedPoint"]),
    Room(name: "Markets", floor: 3, imports: ["Canonical", "FixedPoint"]),
    Room(name: "Oracle", floor: 3, imports: ["Canonical", "FixedPoint"]),
    Room(
        name: "PullOracle", floor: 3, imports: ["Cryptography", "Canonical", "FixedPoint"]),
    Room(name: "Breakers", floor: 3, imports: ["Canonical", "FixedPoint"]),
    Room(name: "Economics", floor: 3, imports: ["Canonical", "FixedPoint"]),
    Room(name: "Estimation", floor: 3, imports: ["Canonical", "FixedPoint"]),
    Room(
        name: "Custody", floor: 4,
        imports: ["Cryptography", "Canonical", "FixedPoint", "CSodium", "CSecp256k1"]),
    Room(
        name: "Risk", floor: 4,
        imports: [
            "Accounts", "Markets", "Estimation", "Catalogue", "Canonical", "FixedPoint",
        ]),
    Room(
        name: "Liquidation", floor: 5,
        imports: ["Risk", "Catalogue", "Canonical", "FixedPoint"]),
    Room(
        name: "Ledger", floor: 6,
        imports: [
            "Liquidation", "Risk", "Accounts", "Markets", "Oracle", "PullOracle", "Breakers",
            "Economics", "Estimation", "Cryptography", "Catalogue", "Canonical", "FixedPoint",
        ]),
    Room(
        name: "Documents", floor: 7,
        imports: [
            "Ledger", "Liquidation", "Risk", "Accounts", "Markets", "Oracle", "PullOracle",
            "Breakers", "Economics", "Estimation", "Cryptography", "Catalogue", "Canonical",
            "FixedPoint",
        ]),
    Room(
        name: "Certificates", floor: 7,
        imports: [
            "Ledger", "Liquidation", "Risk", "Accounts", "Markets", "Oracle", "Cryptography",
            "Catalogue", "Canonical", "FixedPoint",
        ]),
    Room(
        name: "History", floor: 7,
        imports: [
            "Ledger", "Liquidation", "Risk", "Accounts", "Markets", "Oracle", "Breakers",
            "Catalogue", "Canonical", "FixedPoint", "CSQLite", "CPostgres",
        ]),
    Room(name: "Dashboard", floor: 8, imports: [], assets: true),
    Room(
        name: "Gateway", floor: 8,
        imports: [
            "History", "Custody", "JSON", "Ledger", "Liquidation", "Risk", "Accounts", "Markets",
            "Oracle",
            "PullOracle", "Breakers", "Economics", "Estimation", "Cryptography",
            "Catalogue", "Canonical", "FixedPoint",
        ]),
    Room(
        name: "Simulation", floor: 8,
        imports: [
            "Certificates", "Documents", "Custody", "Ledger", "Liquidation", "Risk", "Accounts",
            "Markets", "Oracle", "PullOracle", "Breakers", "Economics", "Estimation",
            "Cryptography",
            "Catalogue", "Canonical", "FixedPoint",
            "CZlib",
        ]),
    Room(
        name: "Publishing", floor: 8,
        imports: [
            "Documents", "JSON", "Ledger", "Oracle", "Catalogue", "Canonical", "FixedPoint",
            "CCurl",
        ]),
    Room(
        name: "Node", floor: 9,
        imports: [
            "Dashboard", "Certificates", "Gateway", "Publishing", "Documents", "History",
            "Custody", "Replication", "Transport", "JSON",
            "Ledger", "Liquidation", "Risk", "Accounts", "Markets", "Oracle", "PullOracle",
            "Breakers", "Economics", "Cryptography", "Catalogue", "Canonical", "FixedPoint",
        ]),
    Room(name: "rampart", floor: 10, imports: ["Node"]),
    Room(
        name: "rampart-lab", floor: 10,
        imports: [
            "Simulation", "Documents", "Gateway", "Node", "Ledger", "Accounts", "Oracle",
            "Estimation", "Catalogue", "Canonical", "FixedPoint",
        ]),
]

/// A C library of the system: its module, its pkg-config name and its Debian package.
struct Shim {
    let name: String
    let pkgConfig: String
    let debian: String
}

let shims = [
    Shim(name: "CSodium", pkgConfig: "libsodium", debian: "libsodium-dev"),
    Shim(name: "CSecp256k1", pkgConfig: "libsecp256k1", debian: "libsecp256k1-dev"),
    Shim(name: "CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
    Shim(name: "CRocksDB", pkgConfig: "rocksdb", debian: "librocksdb-dev"),
    Shim(name: "CWebSockets", pkgConfig: "libwebsockets", debian: "libwebsockets-dev"),
    Shim(name: "CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
    Shim(name: "CPostgres", pkgConfig: "libpq", debian: "libpq-dev"),
    Shim(name: "CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
]

/// A C++ library of the system behind a few C functions of ours.
let wrappers = [
    Shim(name: "CSimdJSON", pkgConfig: "simdjson", debian: "libsimdjson-dev")
]

/// Rooms on the top floor are programs, the others are libraries.
let programFloor = 10
let programs = floors.filter { $0.floor == programFloor }

let shimTargets: [Target] = shims.map { shim in
    .systemLibrary(
        name: shim.name, pkgConfig: shim.pkgConfig, providers: [.apt([shim.debian])])
}

let wrapperTargets: [Target] = wrappers.map { wrapper in
    .target(
        name: wrapper.name, cxxSettings: [.unsafeFlags(wrapperFlags)],
        linkerSettings: [.linkedLibrary(wrapper.pkgConfig)])
}

let roomTargets: [Target] = floors.map { room in
    room.floor == programFloor
        ? .executableTarget(
            name: room.name,
            dependencies: room.imports.map { .byName(name: $0) },
            exclude: ["README.md"],
            swiftSettings: strict)
        : .target(
            name: room.name,
            dependencies: room.imports.map { .byName(name: $0) },
            exclude: ["README.md"],
            swiftSettings: strict,
            plugins: room.assets ? ["EmbedAssets"] : [])
}

let roomTests: [Target] = floors.map { room in
    .testTarget(
        name: room.name + "Tests",
        dependencies: ([room.name, "TestKit", "CatalogueKit"] + room.imports).map {
            .byName(name: $0)
        },
        exclude: room.assets ? ["script"] : [],
        swiftSettings: testing)
}

/// Beside the rooms: what tests share, the rules of the house as tests, and what the build needs.
let houseTargets: [Target] = [
    .plugin(name: "EmbedAssets", capability: .buildTool()),
    .target(name: "TestKit", exclude: ["README.md"], swiftSettings: strict),
    .target(
        name: "CatalogueKit", dependencies: ["Catalogue", "Canonical", "FixedPoint"],
        exclude: ["README.md"], swiftSettings: strict),
    .testTarget(name: "TestKitTests", dependencies: ["TestKit"], swiftSettings: testing),
    .testTarget(name: "TidyTests", dependencies: ["TestKit"], swiftSettings: testing),
]

/// What `make bench` runs, and the C++ that it measures against.
let benchTargets: [Target] = [
    .target(
        name: "Yardstick", path: "Benchmarks/Yardstick",
        cxxSettings: [.unsafeFlags(yardstickFlags)],
        linkerSettings: [.linkedLibrary("m"), .linkedLibrary("sqlite3")]),
    .executableTarget(
        name: "rampart-bench",
        dependencies: (["Yardstick", "CSodium"]
            + floors.filter { $0.floor < programFloor }.map(\.name))
            .map { .byName(name: $0) },
        path: "Benchmarks/Bench", swiftSettings: strict),
]

/// What `make fuzz-bytes` runs. Only there, since it links with nothing but the fuzzer
/// (`scripts/fuzz.sh`).
let fuzzTargets: [Target] =
    Context.environment["RAMPART_FUZZER"] == nil
    ? []
    : [
        .executableTarget(
            name: "rampart-fuzz",
            dependencies: (["CatalogueKit", "Gateway"]
                + floors.filter { $0.floor < 7 }.map(\.name))
                .map { .byName(name: $0) },
            path: "Fuzz", exclude: ["README.md"],
            swiftSettings: strict + [.enableExperimentalFeature("Extern")])
    ]

let package = Package(
    name: "rampart",
    products: (programs.map(\.name) + ["rampart-bench"] + fuzzTargets.map(\.name)).map {
        .executable(name: $0, targets: [$0])
    },
    targets: shimTargets + wrapperTargets + roomTargets + roomTests + houseTargets + benchTargets
        + fuzzTargets,
    cxxLanguageStandard: .cxx17
)
