"""Makes written-by-python.safetensors, and checks that the Python package reads written-by-swift.safetensors.

Run:  python generate_safetensors.py        (needs torch and safetensors)
The Swift file is written by the test `thePythonPackageHasReadThisWritersBytes` where it is missing: delete it, run the
test, and run this program before committing a new one.
"""

import pathlib

import torch
from safetensors import safe_open
from safetensors.torch import save_file

folder = pathlib.Path(__file__).parent
ramp = torch.tensor([[-2.0, -1.0, 0.0], [1.0, 2.0, 3.0]])
types = dict(F64=torch.float64, F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16,
             I64=torch.int64, I32=torch.int32, I16=torch.int16, I8=torch.int8)
tensors = {name: ramp.to(kind) for name, kind in types.items()}
tensors["U8"] = torch.tensor([0, 128, 255], dtype=torch.uint8)
tensors["BOOL"] = torch.tensor([True, False, True])
tensors["scalar"] = torch.tensor(0.5)
tensors["empty"] = torch.zeros(0, 4)
# The smallest and the largest subnormal, the largest number, both infinities, negative zero.
tensors["half values"] = torch.tensor([1, 0x03FF, 0x7BFF, 0x7C00, -0x0400, -0x8000], dtype=torch.int16).view(torch.float16)
save_file(tensors, folder / "written-by-python.safetensors", metadata={"format": "pt", "note": "naïve 😀"})

swift = folder / "written-by-swift.safetensors"
if swift.exists():
    with safe_open(swift, "pt") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}
        assert file.metadata() == {"format": "pt", "epoch": "3"}, file.metadata()
    expected = {
        "layer.weight": ramp, "layer.turned": ramp.T, "F64": ramp.double(), "I64": ramp.long().flatten(),
        "U8": tensors["U8"], "BOOL": tensors["BOOL"], "scalar": tensors["scalar"], "empty": tensors["empty"],
        'name "ü" \\ 😀\n': torch.tensor(1.0),
    }
    assert found.keys() == expected.keys(), found.keys()
    for name, tensor in expected.items():
        assert found[name].dtype == tensor.dtype and torch.equal(found[name], tensor), name
    print("the Python package reads", swift.name)
