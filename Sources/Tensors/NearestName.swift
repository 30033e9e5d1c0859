/// The closest of `candidates` by edit distance, or by what remains when a leading path such as `module.` is dropped;
/// nil where none is close.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  if let suffix = candidates.filter({ name.hasSuffix("." + $0) || $0.hasSuffix("." + name) }).max(by: {
    $0.count < $1.count
  }) {
    return suffix
  }
  // The distance costs the product of the lengths: names are cut and the candidates bounded, since files are untrusted.
  let wanted = Array(name.utf8.prefix(100))
  let ranked = candidates.prefix(2000).map { (name: $0, distance: editDistance(wanted, Array($0.utf8.prefix(100)))) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(2, wanted.count / 4) else {
    return nil
  }
  return best.name
}

/// The least number of insertions, deletions and replacements that turn one into the other (Levenshtein).
package func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
  var row = Array(0...second.count)
  for (i, byte) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in second.enumerated() {
      let replaced = diagonal + (byte == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[second.count]
}
