import Foundation

extension PlainKernels {
  public func sgd(_ entries: [SGDEntry], _ settings: SGDSettings) {
    for entry in entries {
      switch entry.parameter.type {
      case .float32: sgd(Float.self, entry, settings)
      case .float64: sgd(Double.self, entry, settings)
      default: preconditionFailure("sgd of \(entry.parameter.type)")
      }
    }
  }

  private func sgd<E: PlainElement>(_ type: E.Type, _ entry: SGDEntry, _ settings: SGDSettings)
  where E.Wide == Double {
    let (parameter, gradient) = (entry.parameter.elements(E.self), entry.gradient.elements(E.self))
    let velocities = entry.velocity ?? entry.parameter
    let velocity = velocities.elements(E.self)
    walk(entry.parameter.shape, entry.parameter.strides, entry.gradient.strides, velocities.strides) {
      let weight = parameter[$0.x].wide
      let decayed = (gradient[$0.y].wide + entry.weightDecay * weight) * entry.trust
      var step = decayed
      if entry.velocity != nil {
        let next =
          settings.isFirstStep
          ? decayed : settings.momentum * velocity[$0.z].wide + (1 - settings.dampening) * decayed
        velocity[$0.z] = E(next)
        step = settings.nesterov ? decayed + settings.momentum * next : next
      }
      parameter[$0.x] = E(weight - entry.learningRate * step)
    }
  }

  public func adamW(_ entries: [AdamWEntry], _ settings: AdamWSettings) {
    for entry in entries {
      switch entry.parameter.type {
      case .float32: adamW(Float.self, entry, settings)
      case .float64: adamW(Double.self, entry, settings)
      default: preconditionFailure("adamW of \(entry.parameter.type)")
      }
    }
  }

  private func adamW<E: PlainElement>(_ type: E.Type, _ entry: AdamWEntry, _ settings: AdamWSettings)
  where E.Wide == Double {
    let (parameter, gradient) = (entry.parameter.elements(E.self), entry.gradient.elements(E.self))
    let (first, second) = (entry.firstMoment.elements(E.self), entry.secondMoment.elements(E.self))
    let firstCorrection = 1 - pow(settings.beta1, Double(settings.step))
    let secondCorrection = 1 - pow(settings.beta2, Double(settings.step))
    walk(
      entry.parameter.shape, entry.parameter.strides, entry.gradient.strides, entry.firstMoment.strides,
      entry.secondMoment.strides
    ) {
      let g = gradient[$0.y].wide
      let m = settings.beta1 * first[$0.z].wide + (1 - settings.beta1) * g
      let v = settings.beta2 * second[$0.w].wide + (1 - settings.beta2) * g * g
      let step = (m / firstCorrection) / ((v / secondCorrection).squareRoot() + settings.epsilon)
      let decayed = parameter[$0.x].wide * (1 - entry.learningRate * entry.weightDecay)
      parameter[$0.x] = E(decayed - entry.learningRate * step)
      (first[$0.z], second[$0.w]) = (E(m), E(v))
    }
  }

  public func movingAverage(_ averages: [Buffer], following values: [Buffer], decay: Double) {
    precondition(averages.count == values.count, "movingAverage: \(averages.count) averages of \(values.count) values")
    for (average, value) in Swift.zip(averages, values) {
      switch average.type {
      case .float32: movingAverage(Float.self, average, value, decay)
      case .float64: movingAverage(Double.self, average, value, decay)
      default: preconditionFailure("movingAverage of \(average.type)")
      }
    }
  }

  private func movingAverage<E: PlainElement>(_ type: E.Type, _ average: Buffer, _ value: Buffer, _ decay: Double)
  where E.Wide == Double {
    let (target, source) = (average.elements(E.self), value.elements(E.self))
    walk(average.shape, average.strides, value.strides) {
      target[$0.x] = E(decay * target[$0.x].wide + (1 - decay) * source[$0.y].wide)
    }
  }

  public func sumOfSquares(_ input: Buffer) -> Double {
    switch input.type {
    case .float32: sumOfSquares(Float.self, input)
    case .float64: sumOfSquares(Double.self, input)
    default: preconditionFailure("sumOfSquares of \(input.type)")
    }
  }

  private func sumOfSquares<E: PlainElement>(_ type: E.Type, _ input: Buffer) -> Double where E.Wide == Double {
    let source = input.elements(E.self)
    var sum = 0.0
    walk(input.shape, input.strides) { sum += source[$0.x].wide * source[$0.x].wide }
    return sum
  }
}
