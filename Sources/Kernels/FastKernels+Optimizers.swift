internal import CKernels

extension FastKernels {
  public func sgd(_ entries: [SGDEntry], _ settings: SGDSettings) {
    let isFast = entries.map { $0.parameter.isAlike([$0.gradient] + ($0.velocity.map { [$0] } ?? [])) }
    let slow = entries.indices.filter { !isFast[$0] }.map { entries[$0] }
    if !slow.isEmpty { PlainKernels.shared.sgd(slow, settings) }
    let fast = entries.indices.filter { isFast[$0] }.map { index in
      let entry = entries[index]
      return contrast_sgd_entry(
        count: entry.parameter.elementCount, parameter: entry.parameter.floats, gradient: entry.gradient.floats,
        velocity: entry.velocity?.floats, learning_rate: Float(entry.learningRate),
        weight_decay: Float(entry.weightDecay), trust: Float(entry.trust))
    }
    withExtendedLifetime(entries) {
      contrast_sgd(
        fast, fast.count, Float(settings.momentum), Float(settings.dampening), settings.nesterov ? 1 : 0,
        settings.isFirstStep ? 1 : 0)
    }
  }

  public func adamW(_ entries: [AdamWEntry], _ settings: AdamWSettings) {
    let isFast = entries.map { $0.parameter.isAlike([$0.gradient, $0.firstMoment, $0.secondMoment]) }
    let slow = entries.indices.filter { !isFast[$0] }.map { entries[$0] }
    if !slow.isEmpty { PlainKernels.shared.adamW(slow, settings) }
    let fast = entries.indices.filter { isFast[$0] }.map { index in
      let entry = entries[index]
      return contrast_adamw_entry(
        count: entry.parameter.elementCount, parameter: entry.parameter.floats, gradient: entry.gradient.floats,
        first_moment: entry.firstMoment.floats, second_moment: entry.secondMoment.floats,
        learning_rate: Float(entry.learningRate), weight_decay: Float(entry.weightDecay))
    }
    withExtendedLifetime(entries) {
      contrast_adamw(fast, fast.count, settings.beta1, settings.beta2, settings.epsilon, settings.step)
    }
  }

  public func movingAverage(_ averages: [Buffer], following values: [Buffer], decay: Double) {
    precondition(averages.count == values.count, "movingAverage: \(averages.count) averages of \(values.count) values")
    var fast: [contrast_average_entry] = []
    fast.reserveCapacity(averages.count)
    for (average, value) in Swift.zip(averages, values) {
      if average.isAlike([value]) {
        fast.append(
          contrast_average_entry(count: average.elementCount, average: average.floats, value: value.floats))
      } else {
        PlainKernels.shared.movingAverage([average], following: [value], decay: decay)
      }
    }
    withExtendedLifetime((averages, values)) { contrast_moving_average(fast, fast.count, decay) }
  }
}

extension Buffer {
  /// Whether this is dense float32, and the others are laid out in the same way: then all can be walked as flat arrays.
  fileprivate func isAlike(_ others: [Buffer]) -> Bool {
    type == .float32 && isDense
      && others.allSatisfy { other in
        guard other.type == .float32, other.shape == shape else { return false }
        return shape.indices.allSatisfy { shape[$0] == 1 || other.strides[$0] == strides[$0] }
      }
  }
}
