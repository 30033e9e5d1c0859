import Glibc

/// Shows how a run goes, on standard error: one line that is redrawn on a terminal, plain lines elsewhere.
struct Progress {
  /// Seconds between two redraws on a terminal.
  private static let redrawInterval = 0.1
  /// Seconds between two plain lines.
  private static let plainInterval = 15.0

  private let isTerminal: Bool
  private let isQuiet: Bool
  private var lastShown = -Double.infinity
  private var drawnWidth = 0

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// Whether the next call of `show` will print something: lets the caller spare itself the text.
  func isDue(at time: Double) -> Bool {
    !isQuiet && time - lastShown >= (isTerminal ? Self.redrawInterval : Self.plainInterval)
  }

  /// Shows the state of a running epoch.
  mutating func show(_ line: String, at time: Double) {
    guard isDue(at: time) else { return }
    lastShown = time
    if isTerminal { redraw(line) } else { write(line + "\n") }
  }

  /// Shows a line that stays: the end of an epoch, a note.
  mutating func finish(_ line: String) {
    guard !isQuiet else { return }
    erase()
    write(line + "\n")
  }

  /// Shows a line even when progress is not wanted.
  mutating func announce(_ line: String) {
    if isTerminal, drawnWidth > 0 { write("\n") }
    write(line + "\n")
    drawnWidth = 0
  }

  /// Makes room for a line that stays, which is shown whole however narrow the terminal.
  private mutating func erase() {
    if drawnWidth > 0 { write("\r" + String(repeating: " ", count: drawnWidth) + "\r") }
    drawnWidth = 0
  }

  private mutating func redraw(_ line: String) {
    let columns = Self.terminalWidth
    let visible = line.count < columns ? line : String(line.prefix(max(columns - 2, 1))) + "…"
    write("\r" + visible + String(repeating: " ", count: max(0, drawnWidth - visible.count)))
    drawnWidth = visible.count
  }

  private func write(_ text: String) { Self.write(text) }

  /// Writes to standard error, after what the script has printed so far.
  static func write(_ text: String) {
    fflush(nil)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static var terminalWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
