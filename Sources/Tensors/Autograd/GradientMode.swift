import Glibc

/// Whether the current thread records operations. One flag per thread: a graph never leaves its thread.
enum GradientMode {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "GradientMode: pthread_key_create failed with \(status)")
    return key
  }()

  static var isEnabled: Bool {
    get { pthread_getspecific(key) == nil }
    set { pthread_setspecific(key, newValue ? nil : UnsafeRawPointer(bitPattern: 1)) }
  }
}

extension Tensor {
  /// Runs `body` without recording: nothing computed in it has a gradient. Restores the mode on errors too.
  public static func withoutGradient<Result>(_ body: () throws -> Result) rethrows -> Result {
    let previous = GradientMode.isEnabled
    GradientMode.isEnabled = false
    defer { GradientMode.isEnabled = previous }
    return try body()
  }

  /// Whether operations on this thread are recorded. For hosts, whose scopes do not nest as Swift's do;
  /// Swift code uses `withoutGradient`.
  public static var isGradientEnabled: Bool {
    get { GradientMode.isEnabled }
    set { GradientMode.isEnabled = newValue }
  }
}
