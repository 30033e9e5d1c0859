import LuaBridge

/// `contrast.ssl`: what self-supervised learning adds to networks.
func selfSupervisionModule(_ session: Session) -> Module {
  Module("ssl", "Momentum encoders, queues, losses, heads and measures of self-supervised learning.") {
    lossFunctions()
    headFunctions(session)
    momentumEncoderEntries(session)
    queueEntries(session)
    measureEntries()
  }
}
