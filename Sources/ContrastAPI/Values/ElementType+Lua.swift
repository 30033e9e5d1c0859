import Kernels
import LuaBridge

/// "f32", "f64", "i64", "u8" or "bool".
extension ElementType: LuaEnumeration {}
