"""Picture files, sheets of pictures, and how computing time is booked."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

FORMATS = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
MOST_PIXELS = 200_000_000  # of a picture file; a larger one would fill the memory
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice this


def files_of(folder):
    """Picture files of a folder, sorted by name."""
    files = sorted(f for f in Path(folder).iterdir() if f.suffix.lower() in FORMATS)
    if not files:
        raise SystemExit(f"{folder} holds no pictures ({', '.join(sorted(FORMATS))})")
    return files


def read(file):
    """A picture file as RGB, upright, on white where it is transparent.

    Raises ValueError with a sentence where it cannot be read."""
    try:
        picture = Image.open(file)
        picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(f"{file} cannot be read: {error}") from error
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey, which a plain conversion would clip
        grey = np.asarray(picture, np.float32)
        picture = Image.fromarray((grey * (255 / max(65535 if grey.max() > 255 else 255, grey.max()))).astype(np.uint8))
    if "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA", "RGBa", "La"):
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def squares(files, side):
    """Whole pictures squashed to a square: uint8 [N, 3, side, side]."""
    stack = [np.asarray(read(f).resize((side, side), Image.BILINEAR)) for f in files]
    return torch.from_numpy(np.stack(stack)).permute(0, 3, 1, 2).contiguous()


def saturation(x):
    """Mean HSV-like chroma (max - min over RGB, 0 to 1) of pictures in [-1, 1]."""
    return ((x.amax(1) - x.amin(1)) / 2).mean()


def grid(x, columns):
    """Pictures [N, 3, R, R] in [-1, 1] side by side, as a PIL image."""
    x = ((x + 1) * 127.5).round().clamp(0, 255).byte().cpu().permute(0, 2, 3, 1).numpy()
    rows = (len(x) + columns - 1) // columns
    side = x.shape[1]
    sheet = Image.new("RGB", (columns * side, rows * side))
    for k, picture in enumerate(x):
        sheet.paste(Image.fromarray(picture), (k % columns * side, k // columns * side))
    return sheet


def device_name(device):
    """By what name computing time is booked: the card's, or CPU."""
    return torch.cuda.get_device_name(device) if torch.device(device).type == "cuda" else "CPU"


def spent_on(state):
    """Seconds by device that a checkpoint cost: of the processor's cores summed up, of a card by the
    clock. (Older checkpoints knew of CPUs alone.)"""
    return dict(state.get("compute") or ({"CPU": state["cpu"]} if state.get("cpu") else {}))


def said_of(compute):
    """The same in words."""
    return " + ".join(f"{seconds / 60:.{0 if seconds > 600 else 1}f} min {name}" for name, seconds in compute.items())
