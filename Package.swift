// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "contrast-lua",
  products: [
    // The engine alone: tensors, networks, images and self-supervised losses for Swift programs.
    .library(name: "Contrast", targets: ["Tensors", "Networks", "Images", "SelfSupervision"]),
    // The engine and the Lua host, for programs that run scripts inside themselves.
    .library(name: "ContrastHost", targets: ["ContrastAPI"]),
    .executable(name: "contrast-lua", targets: ["contrast-lua"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // System libraries, each a module map and nothing else.
    .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),

    // C: what Swift cannot say (SIMD kernels), or must not see (oneDNN's types, Lua calls that raise).
    .target(name: "COneDNN", dependencies: ["CDNNL"], linkerSettings: [.linkedLibrary("dnnl")]),
    .target(
      name: "CKernels", cSettings: [.headerSearchPath(".")],
      linkerSettings: [.linkedLibrary("m"), .linkedLibrary("gomp")]),
    .target(name: "CLuaHost", dependencies: ["CLua"]),
    .target(name: "CLaunch"),

    // The engine.
    .target(name: "Kernels", dependencies: ["CKernels", "COneDNN"]),
    .target(name: "Tensors", dependencies: ["Kernels"]),
    .target(name: "Networks", dependencies: ["Tensors"]),
    .target(name: "Images", dependencies: ["Tensors", "CKernels", "CJPEG", "CPNG"]),
    .target(name: "SelfSupervision", dependencies: ["Networks"]),

    // The host.
    .target(name: "LuaBridge", dependencies: ["CLuaHost"]),
    .target(name: "ContrastAPI", dependencies: ["LuaBridge", "SelfSupervision", "Images"]),
    .executableTarget(
      name: "contrast-lua",
      dependencies: [
        "CLaunch", "ContrastAPI", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // A Swift program with the host inside; the tests build and run it.
    .executableTarget(name: "embedding", dependencies: ["ContrastAPI"], path: "examples/embedding"),

    // Tests. Swift Testing everywhere but in ScriptTests, which is XCTest; never both in one target.
    .target(name: "TestSupport", dependencies: ["Tensors", "Networks"], path: "Tests/TestSupport"),
    .testTarget(name: "KernelTests", dependencies: ["CKernels", "Kernels", "TestSupport"]),
    .testTarget(name: "TensorTests", dependencies: ["Tensors", "TestSupport"]),
    .testTarget(name: "NetworkTests", dependencies: ["Networks", "TestSupport"]),
    .testTarget(name: "ImageTests", dependencies: ["Images", "TestSupport"]),
    .testTarget(name: "SelfSupervisionTests", dependencies: ["SelfSupervision", "TestSupport"]),
    .testTarget(name: "LuaBridgeTests", dependencies: ["LuaBridge"], exclude: ["Golden", "Hostile"]),
    .testTarget(
      name: "ScriptTests", dependencies: ["ContrastAPI", "contrast-lua", "embedding"],
      exclude: ["Specs", "Support"]),
  ],
  swiftLanguageModes: [.v6]
)
