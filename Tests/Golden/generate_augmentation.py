"""Golden files for the image augmentations: torchvision's uint8 tensor path, with every parameter given.

Run with PyTorch, torchvision, Pillow and safetensors installed:  python generate_augmentation.py
Writes augmentation.safetensors beside itself: for each case its input and output image [height, width, 3], u8, and
what was done as JSON in the metadata, each operation a list of its name and parameters.
"""
import io
import json
import pathlib

import numpy
import torch

# torchvision built for another PyTorch lacks its compiled operators, which its transforms do not need.
try:
    import torchvision
except RuntimeError:
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
import torchvision.transforms.functional as F
from PIL import Image
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode

generator = torch.Generator().manual_seed(20)


def noise(height, width):
    return torch.randint(0, 256, (3, height, width), generator=generator, dtype=torch.uint8)


def photograph(height, width):
    """Smooth areas with edges, some grey, as pictures have them."""
    y, x = torch.meshgrid(torch.arange(height) / height, torch.arange(width) / width, indexing="ij")
    planes = [
        (torch.sin(4 * x + 2 * y) * 0.5 + 0.5) * 255,
        (torch.cos(3 * y - x) * 0.5 + 0.5) * 255,
        ((x * 7).floor() % 2) * 180 + y * 60,
    ]
    image = torch.stack(planes).clamp(0, 255).to(torch.uint8)
    image[:, : height // 4, : width // 4] = 77
    return image


def apply(image, operation):
    name, *values = operation
    if name == "crop_resize":
        top, left, height, width, out_height, out_width, mode = values
        return F.resized_crop(
            image, top, left, height, width, [out_height, out_width], InterpolationMode(mode), antialias=True)
    if name == "flip":
        return F.hflip(image)
    if name == "brightness":
        return F.adjust_brightness(image, values[0])
    if name == "contrast":
        return F.adjust_contrast(image, values[0])
    if name == "saturation":
        return F.adjust_saturation(image, values[0])
    if name == "hue":
        return F.adjust_hue(image, values[0])
    if name == "grayscale":
        return F.rgb_to_grayscale(image, 3)
    if name == "blur":
        return F.gaussian_blur(image, [values[0]] * 2, [values[1]] * 2)
    if name == "solarize":
        return F.solarize(image, values[0])
    raise ValueError(name)


crop = ["crop_resize", 3, 5, 17, 21, 32, 32, "bilinear"]
cases = {
    "up_bilinear": (noise(32, 32), [crop]),
    "up_bicubic": (photograph(32, 32), [["crop_resize", 3, 5, 17, 21, 32, 32, "bicubic"]]),
    "up_twice": (noise(24, 24), [["crop_resize", 4, 4, 16, 16, 32, 32, "bilinear"]]),
    "down_bilinear": (noise(70, 61), [["crop_resize", 2, 1, 66, 57, 24, 24, "bilinear"]]),
    "down_bicubic": (noise(70, 61), [["crop_resize", 2, 1, 66, 57, 24, 24, "bicubic"]]),
    "far_down": (noise(90, 120), [["crop_resize", 0, 0, 90, 120, 5, 7, "bicubic"]]),
    "tall_to_wide": (photograph(64, 20), [["crop_resize", 0, 0, 64, 20, 19, 37, "bilinear"]]),
    "one_pixel": (noise(9, 9), [["crop_resize", 4, 4, 1, 1, 6, 6, "bicubic"]]),
    "same_size": (noise(20, 30), [["crop_resize", 2, 3, 16, 16, 16, 16, "bicubic"]]),
    "twice_resized": (noise(40, 50), [
        ["crop_resize", 0, 0, 40, 50, 36, 45, "bilinear"], ["crop_resize", 2, 6, 32, 32, 32, 32, "bilinear"]]),
    "flip": (noise(5, 7), [["flip"]]),
    "darker": (noise(33, 31), [["brightness", 0.613]]),
    "brighter": (noise(33, 31), [["brightness", 1.391]]),
    "less_contrast": (noise(33, 31), [["contrast", 0.62]]),
    "more_contrast": (photograph(33, 31), [["contrast", 1.7]]),
    "less_saturation": (noise(33, 31), [["saturation", 0.214]]),
    "more_saturation": (photograph(33, 31), [["saturation", 1.8]]),
    "hue_up": (noise(33, 31), [["hue", 0.1]]),
    "hue_down": (photograph(33, 31), [["hue", -0.0731]]),
    "hue_half": (noise(33, 31), [["hue", 0.5]]),
    "hue_minus_half": (noise(33, 31), [["hue", -0.5]]),
    "grayscale": (noise(33, 31), [["grayscale"]]),
    "blur_small": (noise(32, 32), [["blur", 3, 0.7]]),
    "blur_wide": (noise(48, 37), [["blur", 23, 1.93]]),
    "blur_whole": (noise(6, 9), [["blur", 11, 2.0]]),
    "solarize": (noise(16, 17), [["solarize", 128]]),
    "simclr": (photograph(32, 32), [
        crop, ["flip"], ["saturation", 1.3], ["hue", 0.08], ["contrast", 0.7], ["brightness", 1.25]]),
    "simclr_gray": (noise(40, 36), [
        ["crop_resize", 9, 0, 25, 30, 32, 32, "bicubic"], ["hue", -0.2], ["brightness", 0.4], ["saturation", 1.6],
        ["contrast", 1.4], ["grayscale"], ["blur", 3, 1.1]]),
    "byol": (photograph(56, 56), [
        ["crop_resize", 10, 4, 40, 44, 48, 48, "bicubic"], ["flip"], ["brightness", 1.2], ["contrast", 0.9],
        ["hue", 0.05], ["saturation", 0.85], ["blur", 5, 1.4], ["solarize", 128]]),
    "grey_colours": (torch.full((3, 8, 8), 77, dtype=torch.uint8), [
        ["saturation", 1.37], ["hue", 0.3], ["contrast", 0.4], ["brightness", 1.1]]),
}

tensors, metadata = {}, {}
for name, (image, operations) in cases.items():
    tensors[f"{name}.input"] = image.permute(1, 2, 0).contiguous()
    for operation in operations:
        image = apply(image, operation)
    tensors[f"{name}.output"] = image.permute(1, 2, 0).contiguous()
    metadata[name] = json.dumps(operations)

# What to_tensor and normalize make of a picture: [3, height, width], f32.
image = noise(6, 5)
tensors["normalize.input"] = image.permute(1, 2, 0).contiguous()
tensors["normalize.floats"] = F.normalize(image.float() / 255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

# What Pillow makes of files of every kind. The files' bytes, and their pixels after convert("RGB").
picture = Image.fromarray(photograph(24, 31).permute(1, 2, 0).numpy())
alpha = numpy.linspace(0, 255, 24 * 31).reshape(24, 31).astype("uint8")
transparent = picture.convert("RGBA")
transparent.putalpha(Image.fromarray(alpha))
files = {
    "rgb.jpg": (picture, {"quality": 90}),
    "progressive.jpg": (picture, {"quality": 70, "progressive": True}),
    "full_chroma.jpg": (picture, {"quality": 95, "subsampling": 0}),
    "gray.jpg": (picture.convert("L"), {}),
    "cmyk.jpg": (picture.convert("CMYK"), {"quality": 95}),
    "rgb.png": (picture, {}),
    "rgba.png": (transparent, {}),
    "gray.png": (picture.convert("L"), {}),
    "gray_alpha.png": (transparent.convert("LA"), {}),
    "palette.png": (picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=16), {}),
    "one_bit.png": (picture.convert("1"), {}),
}
for name, (pixels, options) in files.items():
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG" if name.endswith("jpg") else "PNG", **options)
    tensors[f"file.{name}"] = torch.tensor(list(buffer.getvalue()), dtype=torch.uint8)
    decoded = numpy.array(Image.open(buffer).convert("RGB"))
    tensors[f"pixels.{name}"] = torch.from_numpy(decoded)

save_file(tensors, pathlib.Path(__file__).with_name("augmentation.safetensors"), metadata)
