extension Layer {
  /// The structure, one layer per line, as PyTorch prints a model; cut after 200 lines.
  public final var description: String {
    var lines: [String] = []
    describe(prefix: "", indent: 0, into: &lines)
    let limit = 200
    guard lines.count > limit else { return lines.joined(separator: "\n") }
    return (lines.prefix(limit) + ["… and \(lines.count - limit) more lines"]).joined(separator: "\n")
  }

  private func describe(prefix: String, indent: Int, into lines: inout [String]) {
    let margin = String(repeating: "  ", count: indent)
    if children.isEmpty {
      lines.append("\(margin)\(prefix)\(typeName)(\(details))")
      return
    }
    lines.append("\(margin)\(prefix)\(typeName)(\(details)")
    for (name, child) in children { child.describe(prefix: "(\(name)): ", indent: indent + 1, into: &lines) }
    lines.append("\(margin))")
  }
}
