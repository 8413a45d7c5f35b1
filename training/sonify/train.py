"""The training: nearest to music's spectra, as far as they are told, and not to be told from them elsewhere.

    OMP_NUM_THREADS=1 python train.py PREPARED OUT --minutes 20

Half of the clips are told of by the picture that is paired with them, half by their own presence.
"""

import argparse
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from network import Critic, Unet, tell
from spectra import MIDDLE, SPREAD

BATCH = 8
ALONE = 0.25  # share of the training without the critic
MATCH, CRITIC = 4.0, 0.15  # weights of features, and of the critic's word, beside the distance
KEEP = 0.995  # a step, of the mean of the weights


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("prepared")
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=20)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    data = torch.load(args.prepared)
    net, critic, mean = Unet(), Critic(), Unet()
    mean.load_state_dict(net.state_dict())
    painter = torch.optim.Adam(net.parameters(), 1e-3, (0.5, 0.99))
    judge = torch.optim.Adam(critic.parameters(), 4e-4, (0.5, 0.99))
    began, step, saved, told_of = time.time(), 0, 0.0, torch.zeros(4)
    while (done := (time.time() - began) / 60 / args.minutes) < 1:
        for group in painter.param_groups:
            group["lr"] = 1e-3 * min(1, step / 50 + 0.02) * (1 if done < 0.5 else 2 - 1.9 * done if done < 1 else 0.1)
        pick = torch.randint(len(data["spectrum"]), (BATCH,))
        real = (data["spectrum"][pick].float().transpose(1, 2)[:, None] - MIDDLE) / SPREAD
        level = data["presence"][pick].float()
        seen = data["seen"][pick].float().repeat_interleave(2, 1)
        level = torch.where(torch.rand(BATCH, 1, 1) < 0.5, seen, level)
        mood = data["mood"][pick].float()
        told = tell(level, data["classes"][pick].float(), data["onset"][pick].float(), mood)
        fake = net(told)
        loss = distance = F.l1_loss(fake, real)
        adverse, judged = torch.zeros(()), torch.zeros(())
        if done > ALONE:
            word, features = critic(told, fake.detach())
            truth, real_features = critic(told, real)
            judged = (F.relu(1 - truth) + F.relu(1 + word)).mean()
            judge.zero_grad()
            judged.backward()
            judge.step()
            word, features = critic(told, fake)
            with torch.no_grad():
                _, real_features = critic(told, real)
            near = sum(F.l1_loss(a, b) for a, b in zip(features, real_features))
            adverse = -word.mean()
            loss = distance + MATCH * 0.1 * near + CRITIC * adverse
        painter.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        painter.step()
        with torch.no_grad():
            for kept, new in zip(mean.parameters(), net.parameters()):
                kept.lerp_(new, 1 - min(KEEP, step / (step + 10)))
        step += 1
        told_of = told_of.lerp(torch.tensor([distance.item(), judged.item(), adverse.item(), 0]), 0.05)
        if step % 50 == 0:
            print(step, f"{done:.3f}", told_of.tolist(), flush=True)
        if done - saved > 0.08:
            saved = done
            torch.save({"net": mean.state_dict(), "steps": step, "scale": data["scale"], "light": data["light"]}, args.out / "checkpoint.pt")
    torch.save({"net": mean.state_dict(), "steps": step, "scale": data["scale"], "light": data["light"]}, args.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
