import Images
import LuaBridge

/// Writes a picture with one image a row: the image itself, then views of it by a recipe.
func writeSheet(
  _ images: CollectionObject, _ recipe: RecipeObject, _ path: String, rows: Int, views: Int, seed: UInt64
) throws {
  try LuaHost.current?.permit(path)
  let collection = images.collection
  guard collection.count > 0 else { throw LuaError("sheet: the data set has no images") }
  // Spread over the data set, so that classes that stand together are all seen.
  let samples = (0..<min(rows, collection.count)).map { $0 * collection.count / min(rows, collection.count) }
  var pictures: [Image] = []
  for sample in samples {
    let image = try collection.image(at: sample)
    pictures.append(image)
    for view in 0..<views { pictures.append(try image.view(by: recipe.recipe, seed: seed, sample: sample, view: view)) }
  }
  try ContactSheet.write(pictures, columns: views + 1, to: path)
}
