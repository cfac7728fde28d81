// swift-tools-version: 6.2
import PackageDescription

// Warnings fail the build where nobody is looking (CI), but not on a newer compiler at a user's.
let settings: [SwiftSetting] =
    Context.environment["CI"] == nil
    ? [.enableUpcomingFeature("InternalImportsByDefault")]
    : [.enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error)]

// These need libFuzzer's instrumentation of all that they use: they are built by scripts/fuzz-library alone.
let fuzzers: [Target] =
    Context.environment["VTX_FUZZ"] == nil
    ? []
    : [.target(name: "FuzzDriver", path: "Tests/Fuzz/FuzzDriver")]
        + ["FuzzMedia", "FuzzSegments", "FuzzText"].map { name in
            .executableTarget(
                name: name,
                dependencies: ["FuzzDriver", "LibAV", "VTXPlanning", "VTXBitstream", "VTXPackaging", "VTXModel"],
                path: "Tests/Fuzz/\(name)")
        }

let package = Package(
    name: "vtx",
    products: [
        .executable(name: "vtx", targets: ["vtx"]),
        .executable(name: "vtx-server", targets: ["vtx-server"]),
        .library(name: "VTXKit", targets: ["VTXKit"]),
        // Their types are in the signatures of VTXKit.
        .library(name: "VTXModel", targets: ["VTXModel"]),
        .library(name: "VTXPlanning", targets: ["VTXPlanning"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
    ],
    targets: [
        .target(
            name: "CLibAV",
            linkerSettings: [
                .linkedLibrary("avformat"), .linkedLibrary("avcodec"), .linkedLibrary("avfilter"),
                .linkedLibrary("avutil"), .linkedLibrary("swscale"), .linkedLibrary("swresample"),
            ]),
        .target(name: "CSandbox"),
        .target(name: "CLinux"),
        .target(name: "VTXModel", swiftSettings: settings),
        .target(
            name: "VTXSystem",
            dependencies: ["CLinux", "VTXModel", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: settings),
        .target(name: "LibAV", dependencies: ["CLibAV", "VTXModel", "VTXSystem"], swiftSettings: settings),
        .target(name: "VTXBitstream", dependencies: ["VTXModel"], swiftSettings: settings),
        .target(name: "VTXPlanning", dependencies: ["VTXModel"], swiftSettings: settings),
        .target(name: "VTXPackaging", dependencies: ["VTXBitstream", "VTXModel"], swiftSettings: settings),
        .target(name: "VTXQuality", dependencies: ["VTXModel"], swiftSettings: settings),
        .target(
            name: "VTXPipeline", dependencies: ["LibAV", "VTXBitstream", "VTXModel", "VTXQuality", "VTXSystem"],
            swiftSettings: settings),
        .target(
            name: "VTXKit",
            dependencies: [
                "VTXModel", "VTXSystem", "VTXPlanning", "VTXPipeline", "VTXBitstream", "VTXPackaging", "VTXPlayer",
                "VTXQuality", "LibAV", "CSandbox",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(
            name: "VTXPlayer", dependencies: ["VTXModel"], resources: [.embedInCode("Page")], swiftSettings: settings),
        .target(
            name: "VTXServe",
            dependencies: [
                "VTXKit", "VTXModel", "VTXPlayer", "VTXSystem",
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "VTXBatch",
            dependencies: ["VTXKit", "VTXModel", "VTXSystem", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "VTXCommandLine",
            dependencies: [
                "VTXKit", "VTXModel", "VTXPlayer", "VTXSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "vtx",
            dependencies: [
                "VTXCommandLine", "VTXKit", "VTXBatch", "VTXSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        // Has all that speaks HTTP: vtx is built without it, and starts it.
        .executableTarget(
            name: "vtx-server",
            dependencies: [
                "VTXCommandLine", "VTXKit", "VTXPlayer", "VTXServe", "VTXSystem",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        .testTarget(name: "VTXModelTests", dependencies: ["VTXModel"], swiftSettings: settings),
        .testTarget(
            name: "VTXPlanningTests", dependencies: ["VTXPlanning"], swiftSettings: settings),
        .testTarget(
            name: "VTXPackagingTests", dependencies: ["VTXPackaging", "VTXBitstream", "VTXModel"],
            swiftSettings: settings),
        .testTarget(name: "VTXBitstreamTests", dependencies: ["VTXBitstream", "VTXModel"], swiftSettings: settings),
        .testTarget(name: "VTXSystemTests", dependencies: ["VTXSystem", "VTXModel"], swiftSettings: settings),
        .testTarget(name: "VTXQualityTests", dependencies: ["VTXQuality", "VTXModel"], swiftSettings: settings),
        .testTarget(name: "LibAVTests", dependencies: ["LibAV"], swiftSettings: settings),
        .testTarget(
            name: "VTXPipelineTests", dependencies: ["VTXPipeline", "LibAV", "VTXSystem"], swiftSettings: settings),
        .testTarget(
            name: "VTXBatchTests", dependencies: ["VTXBatch", "VTXKit", "VTXModel", "VTXSystem"],
            swiftSettings: settings),
        .testTarget(
            name: "VTXKitTests", dependencies: ["VTXKit", "VTXModel", "VTXPlanning", "VTXSystem"],
            swiftSettings: settings),
        .testTarget(
            name: "VTXServeTests", dependencies: ["VTXServe", "VTXModel", "VTXPlayer"], swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests", dependencies: ["vtx", "vtx-server", "VTXKit"], swiftSettings: settings),
    ] + fuzzers
)
