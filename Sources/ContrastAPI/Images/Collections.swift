import Images
import LuaBridge
import Tensors

/// A data set in a script's hands.
final class CollectionObject: LuaObject {
  static var luaName: String { "Images" }
  let collection: any ImageCollection

  init(_ collection: any ImageCollection) { self.collection = collection }
}

extension Split: LuaEnumeration {}
extension Loader: LuaObject {}

/// A batch in a script's hands.
final class BatchObject: LuaObject {
  static var luaName: String { "Batch" }
  let batch: Batch

  init(_ batch: Batch) { self.batch = batch }
}

/// `contrast.data`: data sets and loaders.
func dataModule(_ session: Session) -> Module {
  Module("data", "Data sets of images, and loaders that make batches of views.") {
    collectionClass()
    batchClass()
    loaderClass()
    Function(
      "open", "Opens a data set: shapes, cifar10:FOLDER or folder:FOLDER.", Argument("name", "which"),
      Argument("split", "train or test", default: .train), returns: "the data set", named: true
    ) {
      (name: String, split: Split) in
      try permitFolder(ofDataSet: name)
      return CollectionObject(try ImageCollections.open(name, split: split))
    }
    Function(
      "loader", "Makes batches: for each image one view per recipe.", Argument("images", "a data set"),
      Argument("batch", "images per batch"), Argument("views", "a list of recipes"),
      Argument("shuffle", "in another order in every epoch", default: true),
      Argument("drop_last", "leave out the last batch where it is smaller", default: true), returns: "the loader",
      named: true
    ) {
      (images: CollectionObject, batch: Int, views: [RecipeObject], shuffle: Bool, dropLast: Bool) in
      try Loader(
        images.collection, batchSize: batch, views: views.map(\.recipe), shuffle: shuffle, dropLast: dropLast,
        seed: session.random.seed)
    }
  }
}

private func collectionClass() -> Class<CollectionObject> {
  Class(CollectionObject.self, "A data set of labelled images.") {
    Operator(.length, "How many images.", returns: "the number") { $0.collection.count }
    Operator(.text, "What it is.", returns: "the text") { $0.collection.summary }
    Property("size", "the side of the images in pixels, nil where they differ") { $0.collection.size }
    Property("classes", "the names of the classes") { $0.collection.classNames }
    Method("label", "The class of an image, counted from 1.", Argument("position", "from 1"), returns: "the class") {
      (images: CollectionObject, position: Int) in
      guard position >= 1, position <= images.collection.count else {
        throw LuaError("label: image \(position) of \(images.collection.count)")
      }
      return images.collection.labels[position - 1] + 1
    }
  }
}

private func batchClass() -> Class<BatchObject> {
  Class(BatchObject.self, "Views of some images.") {
    Operator(
      .index, "The views that one recipe made.", Argument("view", "which recipe, from 1"),
      returns: "a tensor [n, 3, h, w]"
    ) {
      (object: BatchObject, view: Int) in
      let views = object.batch.views
      guard view >= 1, view <= views.count else {
        throw LuaError("batch[\(view)]: there \(views.count == 1 ? "is 1 view" : "are \(views.count) views")")
      }
      return views[view - 1]
    }
    Operator(.length, "How many views of each image.", returns: "the number") { $0.batch.views.count }
    Property("labels", "the classes, from 1") { try $0.batch.labels + 1 }
    Property("indices", "which images, from 1") { object in
      try Tensor(object.batch.indices.map { $0 + 1 }, [object.batch.indices.count])
    }
  }
}

private func loaderClass() -> Class<Loader> {
  Class(Loader.self, "Makes batches of views.") {
    Operator(.length, "Batches in an epoch.", returns: "the number") { $0.batchCount }
    Method(
      "epoch", "The batches of one epoch: `for batch in loader:epoch(1) do`.",
      Argument("epoch", "from 1; each has its own order and views", default: 1, in: 1...),
      returns: "an iterator of batches"
    ) {
      (loader: Loader, epoch: Int) -> LuaIterator in
      let batches = loader.epoch(epoch - 1)
      return LuaIterator { () -> BatchObject? in try batches.next().map(BatchObject.init) }
    }
  }
}
