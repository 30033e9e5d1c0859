import Foundation
import Kernels
import Networks
import Tensors
import Testing

/// What one training step costs. Off unless asked for: `CONTRAST_SPEED=1 swift test -c release --filter ResNetSpeed`.
@Suite(.serialized) struct ResNetSpeedTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CONTRAST_SPEED"] != nil))
  func oneStepOfResNet18() throws {
    let clock = ContinuousClock()
    let model = try ResNet(depth: 18, stem: .small, classes: 10, using: RandomStream(seed: 1))
    let optimizer = try SGD(for: [model], momentum: 0.9, weightDecay: 5e-4)
    let images = try Tensor.normal([128, 3, 32, 32], mean: 0, standardDeviation: 1, using: RandomStream(seed: 2))
    var times: [(forward: Duration, backward: Duration, update: Duration)] = []
    for _ in 0..<6 {
      let start = clock.now
      let loss = try model(images).square().mean()
      let forward = clock.now
      try loss.backward()
      let backward = clock.now
      try optimizer.step(learningRate: 0.01)
      times.append((forward - start, backward - forward, clock.now - backward))
    }
    for time in times { print("forward \(time.forward), backward \(time.backward), update \(time.update)") }
    let best = try #require(times.map { $0.forward + $0.backward + $0.update }.min())
    print("ResNet-18, small stem, 128 images of 32 × 32, float32: best step \(best)")
  }
}
