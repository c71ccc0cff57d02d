// swift-tools-version: 6.2
import PackageDescription

// Arrows point one way: sluice → Export, DryRun, Control, SocketClient → the middle row → Curl, XML, YAML,
// Host → Wire, Model and the C shims. Siblings never import each other, but that profiles know the options of
// transports and the formats of feeds; this manifest is where that is enforced.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources,
        swiftSettings: settings)
}

let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "sluice",
    products: [
        .executable(name: "sluice", targets: ["sluice"]),
        .executable(name: "sluice-render", targets: ["sluice-render"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C made callable from Swift, nothing else.
        .systemLibrary(name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CXMP", pkgConfig: "exempi-2.0", providers: [.apt(["libexempi-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CLCMS", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CHost"),
        // The files of `channels/feeds`, inside the program.
        .target(name: "CFormats"),
        // Loops over pixels: optimised in debug builds too, or the tests would take minutes.
        .target(name: "CPixels", cSettings: [.unsafeFlags(["-O3"])]),

        // Values, and the ground the rest stands on.
        module("Model", ["CCrypto"]),
        module("Wire", ["Model"]),
        module("Host", ["Model", "CHost"]),
        module("YAML", ["Model", "Yams"]),
        module("Curl", ["Model", "Host", "CCurl"]),
        module("XML", ["Model", "CXML2"]),

        // The middle row.
        module("Intake", ["Model", "Host", "YAML", "XML"]),
        module(
            "Imaging",
            ["Model", "Wire", "CVips", "CPixels", "CWebP", "CXMP", "CLCMS", "CZlib"]),
        module("Transports", ["Model", "Host", "Curl", "XML", "YAML"]),
        module("Feeds", ["Model", "Host", "YAML", "XML", "CFormats", "CZlib"]),
        module("Profiles", ["Model", "YAML", "Transports", "Feeds"]),
        module("Proof", ["Model"]),
        module(
            "Bookkeeping",
            ["Model", "Wire", "Host", .product(name: "GRDB", package: "GRDB.swift")]),

        // Worker processes, for the daemon and for dry runs alike.
        module("Rendering", ["Model", "Wire", "Host"]),
        module("DryRun", ["Model", "Wire", "Host", "Profiles", "Intake", "Rendering"]),

        // The work, and who may ask about it.
        module(
            "Export",
            [
                "Model", "Wire", "Host", "Curl", "Profiles", "Intake", "Transports", "Feeds",
                "Bookkeeping", "Rendering", lifecycle, logging,
            ]),
        module(
            "Control",
            [
                "Wire", "Host", lifecycle, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),

        module("SocketClient", ["Wire", "Host", "Curl"]),

        // The one executable people run, and the sandboxed worker.
        .executableTarget(
            name: "sluice",
            dependencies: [
                "Model", "Wire", "Host", "YAML", "Profiles", "Intake", "Transports",
                "Bookkeeping", "Proof", "Rendering", "DryRun", "Export", "Control",
                "SocketClient", lifecycle, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "sluice-render", dependencies: ["Model", "Wire", "Imaging", "CHost"],
            swiftSettings: settings),

        // Real servers and drawn pictures for the tests; nothing of it is shipped.
        .target(
            name: "Support", dependencies: ["Host"], path: "Tests/Support", exclude: ["S3"],
            swiftSettings: settings),
        .target(
            name: "TransportsSupport", dependencies: ["Model", "YAML", "Curl", "Transports"],
            path: "Tests/TransportsSupport", swiftSettings: settings),
        .target(
            name: "PictureSupport", dependencies: ["CVips"], path: "Tests/PictureSupport",
            swiftSettings: settings),
        // Draws pixel by pixel, so it is optimised in debug builds too.
        .executableTarget(
            name: "draw-samples", dependencies: ["Model", "CVips"], path: "Tests/Samples",
            swiftSettings: settings + [.unsafeFlags(["-O"])]),
        .executableTarget(
            name: "delay-proxy", dependencies: ["Support"], path: "Tests/DelayProxy",
            swiftSettings: settings),

        // The library itself, as the peers of the bench read it.
        .executableTarget(
            name: "feed-bench",
            dependencies: [
                "Feeds", "Host", "Model", .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Tests/FeedBench", swiftSettings: settings),

        tests("ModelTests", ["Model"]),
        tests("WireTests", ["Model", "Wire"]),
        tests("HostTests", ["Host", "Model", "CHost"]),
        tests("YAMLTests", ["Model", "YAML", "Yams"]),
        tests("CurlTests", ["Curl", "Model", "Support"]),
        tests("XMLTests", ["XML"]),
        tests(
            "ProfilesTests", ["Model", "YAML", "Transports", "Feeds", "Profiles"],
            exclude: ["Bad"]),
        tests("IntakeTests", ["Intake", "Host", "Model", "YAML"]),
        tests("ImagingTests", ["Model", "Wire", "Imaging", "CPixels", "CLCMS", "PictureSupport"]),
        tests("ProofTests", ["Model", "Proof"]),
        tests("ProofPageTests", ["Model", "Proof", "PictureSupport"]),
        tests(
            "CorpusTests",
            ["Model", "Wire", "Host", "Rendering", "PictureSupport", "sluice-render"],
            exclude: ["Verdicts.txt", "open.sh"]),
        tests(
            "RenderWorkerTests",
            [
                "Model", "Wire", "Host", "Profiles", "Bookkeeping", "Rendering", "DryRun",
                "Export", "PictureSupport", "CHost", "sluice-render", logging,
            ], exclude: ["faults.sh"]),
        tests(
            "TransportsTests",
            ["Transports", "Curl", "Host", "Model", "YAML", "Support", "TransportsSupport"]),
        tests("FeedsTests", ["Feeds", "Host", "Model", "XML", "YAML"]),
        tests(
            "BookkeepingTests",
            ["Bookkeeping", "Host", "Model", "Wire", .product(name: "GRDB", package: "GRDB.swift")]),
        tests(
            "ExportTests",
            [
                "Export", "Bookkeeping", "Intake", "Feeds", "Profiles", "Transports",
                "TransportsSupport", "Support", "Host", "Model", "Wire", lifecycle, logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        tests(
            "ControlTests",
            [
                "Model", "Wire", "Host", "Control", "SocketClient", "CHost", "Support", "sluice",
                lifecycle, logging,
            ]),
        tests(
            "CommandTests",
            [
                "Model", "Wire", "Host", "YAML", "Intake", "Feeds", "Profiles", "Bookkeeping",
                "Control", "DryRun", "Export", "sluice", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.copy("Configurations")]),
        tests("DeployTests", ["Support"]),
        tests(
            "EndToEnd",
            [
                "Model", "Wire", "Host", "Bookkeeping", "Profiles", "XML", "Support",
                "PictureSupport", "sluice", "sluice-render", "draw-samples",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
    ]
)
