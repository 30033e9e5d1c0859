import LuaBridge

/// Everything a script sees under `require "contrast"`.
func contrastModule(_ session: Session) -> Module {
  Module(
    "contrast", "Self-supervised and contrastive learning: tensors with gradients, networks, losses, images and runs."
  ) {
    Value("version", "the version of contrast-lua", version)
    tensorClass()
    creationFunctions(session)
    joiningFunctions()
    gradientFunctions()
    Function.scope()
    Function.keep()
    toolFunctions(session)
    networkModule(session)
    optimizerModule()
    selfSupervisionModule(session)
    dataModule(session)
    augmentationModule(session)
    runEntries(session)
  }
}

/// The version of the program and of its API.
public let version = "0.1.0"
