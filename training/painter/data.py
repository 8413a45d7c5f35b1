"""Pictures in memory and the crops training sees."""

import csv
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

RESOLUTION = 128  # side of what the generator paints
STORED = 192  # shorter side of a picture kept in memory


def files_of(data, look):
    """Sorted picture files of a look (a folder below `data`)."""
    return sorted((Path(data) / look).glob("*.webp"))


def squares(files, side=RESOLUTION):
    """Whole pictures squashed to a square: uint8 [N, 3, side, side]."""
    stack = [np.asarray(Image.open(f).convert("RGB").resize((side, side), Image.BOX)) for f in files]
    return torch.from_numpy(np.stack(stack)).permute(0, 3, 1, 2).contiguous()


def read_moods(path):
    """Mood file written by mood.py: {file name: (valence, arousal)}."""
    with open(path) as file:
        return {row["file"]: (float(row["valence"]), float(row["arousal"])) for row in csv.DictReader(file)}


class Pictures:
    """All pictures of a look as uint8, with their moods; `batch` cuts random crops."""

    def __init__(self, data, look, moods, side=RESOLUTION):
        self.side = side
        self.pictures, labels = [], []
        for file in files_of(data, look):
            picture = Image.open(file).convert("RGB")
            scale = STORED / min(picture.size)
            size = [max(STORED, round(s * scale)) for s in picture.size]
            picture = np.array(picture.resize(size, Image.LANCZOS))
            self.pictures.append(torch.from_numpy(picture).permute(2, 0, 1).contiguous())
            labels.append(moods[file.name])
        self.moods = torch.tensor(labels)

    def __len__(self):
        return len(self.pictures)

    def crop(self, index):
        """A random square of 80 to 100 % of the shorter side, half of them mirrored: [3, S, S]."""
        picture = self.pictures[index]
        height, width = picture.shape[1:]
        side = int(torch.randint(int(0.8 * STORED), STORED + 1, ()))
        top = int(torch.randint(0, height - side + 1, ()))
        left = int(torch.randint(0, width - side + 1, ()))
        part = picture[None, :, top : top + side, left : left + side].float()
        part = F.interpolate(part, size=self.side, mode="bilinear", antialias=True, align_corners=False)[0]
        return part.flip(2) if torch.rand(()) < 0.5 else part

    def batch(self, size):
        """Crops in [-1, 1] [size, 3, S, S] and their moods [size, 2]."""
        index = torch.randint(0, len(self), (size,))
        crops = torch.stack([self.crop(i) for i in index.tolist()])
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
