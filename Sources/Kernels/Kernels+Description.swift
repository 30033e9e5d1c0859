internal import CKernels
internal import COneDNN

extension Kernels {
  /// What results depend on to the last bit besides the thread count: such as `avx2, oneDNN 2.6.3 (isa 7)`.
  public static var description: String {
    let levels = ["baseline", "avx2", "avx512"]
    let level = Int(contrast_level())
    let version = Int(contrast_onednn_version())
    let numbers = "\(version / 10000).\(version / 100 % 100).\(version % 100)"
    return "\(levels.indices.contains(level) ? levels[level] : "level \(level)"), oneDNN \(numbers) (isa \(contrast_onednn_isa()))"
  }
}
