/// Things under names, in order: what a layer lists as its parameters, state or children.
///
/// Written as a dictionary literal; an absent (nil) value drops its entry, so that an optional bias needs no branch:
/// ```swift
/// override var parameters: Named<Tensor> { ["weight": weight, "bias": bias] }
/// ```
public struct Named<Value>: RandomAccessCollection, ExpressibleByDictionaryLiteral {
  public typealias Element = (name: String, value: Value)
  private var entries: [Element]

  public init(dictionaryLiteral elements: (String, Value?)...) {
    entries = elements.compactMap { name, value in value.map { (name, $0) } }
  }

  /// From a list made at run time.
  public init(_ entries: [(name: String, value: Value)]) { self.entries = entries }

  public var startIndex: Int { 0 }
  public var endIndex: Int { entries.count }
  public subscript(position: Int) -> Element { entries[position] }

  /// The thing of that name, if there is one.
  public subscript(name: String) -> Value? { entries.first { $0.name == name }?.value }
}
