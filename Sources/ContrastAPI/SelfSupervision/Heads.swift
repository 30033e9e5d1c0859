import LuaBridge
import Networks
import SelfSupervision

/// How a head's layers are normalised, under the name of the paper that has it so.
enum HeadStyle: String, CaseIterable, LuaEnumeration {
  case byol, simclr, mocov2, mocov3, simsiam
  case simsiamPredictor = "simsiam_predictor"

  var style: ProjectorStyle {
    switch self {
    case .byol: .byol
    case .simclr: .simclr
    case .mocov2: .mocoV2
    case .mocov3: .mocoV3
    case .simsiam: .simSiam
    case .simsiamPredictor: .simSiamPredictor
    }
  }
}

/// Projectors and predictors.
@ModuleBuilder func headFunctions(_ session: Session) -> [ModuleMember] {
  Function(
    "projector",
    """
    A projector or predictor: linear layers with ReLU between them, and batch normalisation as the paper named by \
    `style` has it. `ssl.projector { 512, 2048, 256, style = "byol" }` maps 512 features by way of 2048 to 256.
    """,
    Argument("sizes", "features in, hidden, …, out"), Argument("style", "whose head", default: .byol),
    returns: "the head", named: true
  ) {
    (sizes: [Int], style: HeadStyle) -> Layer in try projector(sizes, style: style.style, using: session.random)
  }
}
