import Tensors

extension Layer {
  /// Copies the given tensors into the parameters and state of the same dotted names: all of them or, when it throws,
  /// none. Floating-point types are converted.
  ///
  /// - Parameter strict: whether every name must be found on both sides. Without it, names on one side only are
  ///   passed over, but a shape that differs is still an error, and so is a file of which nothing fits.
  /// - Returns: the layer's names that were not given, and the given names that the layer does not have; both empty
  ///   when strict.
  /// - Throws: `TensorError` naming the missing, unexpected and mis-shaped tensors, with the nearest names.
  @discardableResult
  public final func load(_ tensors: [String: Tensor], strict: Bool = true) throws
    -> (missing: [String], unexpected: [String])
  {
    let expected = stateDictionary()
    let comparison = StateComparison(given: tensors, expected: expected)
    try comparison.check(strict: strict)
    try Tensor.withoutGradient {
      for (name, tensor) in expected {
        if let value = tensors[name] { try tensor.copyIn(value) }
      }
    }
    return (comparison.missing, comparison.unexpected)
  }

  /// The same for a list, such as another layer's `stateDictionary()`.
  @discardableResult
  public final func load(_ tensors: [(name: String, tensor: Tensor)], strict: Bool = true) throws
    -> (missing: [String], unexpected: [String])
  {
    try load(Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 }), strict: strict)
  }
}

/// What does not fit between given tensors and the ones they are to be copied into.
struct StateComparison {
  var missing: [String] = []
  var unexpected: [String] = []
  /// Whole phrases: `'fc.weight' is [10, 512], expected [5, 512]`.
  var different: [String] = []
  private let known: [String]
  private let matches: Int

  init(given: [String: Tensor], expected: [(name: String, tensor: Tensor)]) {
    known = expected.map(\.name)
    let names = Set(known)
    unexpected = given.keys.filter { !names.contains($0) }.sorted()
    matches = given.count - unexpected.count
    for (name, tensor) in expected {
      guard let value = given[name] else {
        missing.append(name)
        continue
      }
      if value.shape != tensor.shape {
        different.append("'\(name)' is \(value.shape), expected \(tensor.shape)")
      } else if value.type != tensor.type && !(value.type.isFloatingPoint && tensor.type.isFloatingPoint) {
        different.append("'\(name)' is \(value.type.rawValue), expected \(tensor.type.rawValue)")
      }
    }
  }

  /// - Throws: one sentence with everything that is wrong.
  func check(strict: Bool, operation: String = "load_state") throws {
    var faults: [String] = []
    if strict, !missing.isEmpty { faults.append("missing \(list(missing.map { "'\($0)'" }))") }
    if strict, !unexpected.isEmpty {
      faults.append("unexpected \(list(unexpected.prefix(3).map(withNearest), of: unexpected.count))")
    }
    faults += different.isEmpty ? [] : [list(different)]
    if !strict, matches == 0, !known.isEmpty {
      faults.append(
        "none of the \(unexpected.count) given names is known, such as \(list(unexpected.prefix(1).map(withNearest)))")
    }
    guard faults.isEmpty else {
      throw TensorError("\(operation): \(faults.joined(separator: "; ")); nothing was changed")
    }
  }

  private func withNearest(_ name: String) -> String {
    // Only a name that is still wanted is worth suggesting.
    guard let nearest = nearestName(to: name, among: missing.isEmpty ? known : missing) else { return "'\(name)'" }
    return "'\(name)' (did you mean '\(nearest)'?)"
  }

  private func list(_ items: [String], of count: Int? = nil) -> String {
    let rest = (count ?? items.count) - min(items.count, 3)
    return items.prefix(3).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
