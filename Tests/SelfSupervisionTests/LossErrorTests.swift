import SelfSupervision
import Tensors
import TestSupport
import Testing

/// What a person reads who has passed something that does not fit.
struct LossErrorTests {
  @Test func infoNCESaysWhatDoesNotFit() throws {
    let rows = try fixedNumbers([4, 8], type: .float32)
    try expect("info_nce: queries [4, 8] and keys [5, 8] differ in rows") {
      try infoNCE(queries: rows, keys: fixedNumbers([5, 8], type: .float32), temperature: 0.1)
    }
    try expect("info_nce: queries [4, 8] and keys [4, 6] differ in features") {
      try infoNCE(queries: rows, keys: fixedNumbers([4, 6], type: .float32), temperature: 0.1)
    }
    try expect("info_nce: queries [4, 8] and negatives [9, 6] differ in features") {
      try infoNCE(queries: rows, keys: rows, negatives: fixedNumbers([9, 6], type: .float32), temperature: 0.1)
    }
    try expect("info_nce: queries are f32 and keys f64, expected one type") {
      try infoNCE(queries: rows, keys: fixedNumbers([4, 8]), temperature: 0.1)
    }
    try expect("info_nce: queries [4] have 1 dimension, expected [rows, features]") {
      try infoNCE(queries: fixedNumbers([4]), keys: rows, temperature: 0.1)
    }
    try expect("info_nce: keys are i64, expected f32 or f64") {
      try infoNCE(queries: rows, keys: Tensor.zeros([4, 8], type: .int64), temperature: 0.1)
    }
    try expect("info_nce: negatives [0, 8] are empty, expected at least 1 row and 1 feature") {
      try infoNCE(queries: rows, keys: rows, negatives: Tensor.zeros([0, 8]), temperature: 0.1)
    }
    try expect("info_nce: temperature is 0.0, expected a positive number") {
      try infoNCE(queries: rows, keys: rows, temperature: 0)
    }
    try expect("info_nce: a batch of 1 has no negatives in it; give negatives or at least 2 rows") {
      try infoNCE(queries: Tensor.ones([1, 8]), keys: Tensor.ones([1, 8]), temperature: 0.1)
    }
  }

  @Test func otherLossesSayWhatDoesNotFit() throws {
    let (four, five) = (try fixedNumbers([4, 8]), try fixedNumbers([5, 8]))
    try expect("nt_xent: first [4, 8] and second [5, 8] differ in rows") {
      try ntXent(first: four, second: five, temperature: 0.5)
    }
    try expect("nt_xent: temperature is nan, expected a positive number") {
      try ntXent(first: four, second: four, temperature: .nan)
    }
    try expect("nt_xent: a batch of 1 pair has no negatives; give at least 2") {
      try ntXent(first: Tensor.ones([1, 2]), second: Tensor.ones([1, 2]), temperature: 0.5)
    }
    try expect("byol: predictions [4, 8] and targets [5, 8] differ in rows") {
      try byol(predictions: four, targets: five)
    }
    try expect("simsiam: targets [2, 2, 2] have 3 dimensions, expected [rows, features]") {
      try simSiam(predictions: four, targets: fixedNumbers([2, 2, 2]))
    }
  }
}

/// Expects `body` to throw exactly this sentence.
func expect(_ sentence: String, from body: () throws -> Tensor) throws {
  try expectError(sentence) { _ = try body() }
}

func expectError(_ sentence: String, from body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as TensorError {
    #expect(error.description == sentence)
    return
  }
  Issue.record("nothing was thrown, expected: \(sentence)")
}
