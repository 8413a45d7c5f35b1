"""Pictures in memory and the crops training sees."""

import csv
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

STORED = 320  # shorter side of a picture kept in memory, where it has as much
FORMATS = {".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


def files_of(folder):
    """Picture files of a folder, sorted by name."""
    files = sorted(f for f in Path(folder).iterdir() if f.suffix.lower() in FORMATS)
    if not files:
        raise SystemExit(f"{folder} holds no pictures ({', '.join(sorted(FORMATS))})")
    return files


def squares(files, side):
    """Whole pictures squashed to a square: uint8 [N, 3, side, side]."""
    stack = [np.asarray(Image.open(f).convert("RGB").resize((side, side), Image.BILINEAR)) for f in files]
    return torch.from_numpy(np.stack(stack)).permute(0, 3, 1, 2).contiguous()


def read_moods(path):
    """Mood file written by mood.py: {file name: (valence, arousal)}."""
    with open(path) as file:
        return {row["file"]: (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(file)}


class Pictures:
    """All pictures of a folder as uint8 on a device, with their moods; `batch` cuts random crops."""

    def __init__(self, folder, moods, device="cpu"):
        self.pictures, labels = [], []
        for file in files_of(folder):
            picture = Image.open(file).convert("RGB")
            scale = min(1, STORED / min(picture.size))
            size = [round(s * scale) for s in picture.size]
            picture = np.array(picture.resize(size, Image.LANCZOS))
            self.pictures.append(torch.from_numpy(picture).permute(2, 0, 1).contiguous().to(device))
            labels.append(moods[file.name])
        self.moods = torch.tensor(labels, device=device)

    def __len__(self):
        return len(self.pictures)

    def crop(self, index, side, part):
        """A random square of 80 to 100 % of the shorter side, and of that a random square of
        `part` of its side; half of them mirrored: [3, side, side]."""
        picture = self.pictures[index]
        height, width = picture.shape[1:]
        least = min(height, width)
        span = max(1, int(torch.randint(int(0.8 * least), least + 1, ()) * part))
        top = int(torch.randint(0, height - span + 1, ()))
        left = int(torch.randint(0, width - span + 1, ()))
        cut = picture[None, :, top : top + span, left : left + span].float()
        cut = F.interpolate(cut, size=side, mode="bilinear", antialias=True, align_corners=False)[0]
        return cut.flip(2) if torch.rand(()) < 0.5 else cut

    def whole(self, index, side):
        """The square in the middle of pictures [N], in [-1, 1]: [N, 3, side, side]."""
        parts = []
        for picture in (self.pictures[i] for i in index.tolist()):
            height, width = picture.shape[1:]
            least = min(height, width)
            top, left = (height - least) // 2, (width - least) // 2
            part = picture[None, :, top : top + least, left : left + least].float()
            parts.append(F.interpolate(part, size=side, mode="bilinear", antialias=True, align_corners=False)[0])
        return (torch.stack(parts) / 127.5 - 1).clamp(-1, 1)

    def batch(self, size, side, part=1.0):
        """Crops in [-1, 1] [size, 3, side, side] and the moods of their pictures [size, 2]."""
        index = torch.randint(0, len(self), (size,))
        crops = torch.stack([self.crop(i, side, part) for i in index.tolist()])
        return (crops / 127.5 - 1).clamp(-1, 1), self.moods[index]


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
