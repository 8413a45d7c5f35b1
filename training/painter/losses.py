"""What a step of training minimises. Everything runs inside a CUDA graph: no value is read back, and
all randomness is drawn on the device."""

import torch
import torch.nn.functional as F

NEAR = 0.1  # angle between latents whose pictures must differ by about as much everywhere


def augment(x, holes=True):
    """Differentiable augmentation (Zhao et al. 2020, arXiv:2006.10738), [N, 3, S, S] to the same.

    Colour changes stay small: strong ones hide the saturation of the fakes from the
    discriminator and it drifts. Shifts reflect at the edges: zeros there taught dotted frames.
    """
    n, side, device = len(x), x.shape[-1], x.device

    def uniform(low, high):
        return torch.rand(n, 1, 1, 1, device=device) * (high - low) + low

    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(0.85, 1.15) + grey
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * uniform(0.85, 1.15) + mean + uniform(-0.1, 0.1)
    reach = side // 8
    at = torch.arange(side, device=device)
    down, right = torch.randint(0, 2 * reach + 1, (2, n, 1), device=device) + at
    x = F.pad(x, (reach,) * 4, mode="reflect")
    x = x.gather(2, down[:, None, :, None].expand(-1, 3, -1, x.shape[3]))
    x = x.gather(3, right[:, None, None, :].expand(-1, 3, side, -1))
    if not holes:
        return x
    hole = side // 3  # cutout on half of the pictures
    first = torch.randint(-hole // 2, side - hole // 2, (2, n, 1), device=device).clamp_min(0)
    down, right = (at >= first) & (at < first + hole)
    cut = down[:, None, :, None] & right[:, None, None, :]
    keep = ~cut | (torch.rand(n, device=device) < 0.5)[:, None, None, None]
    return x * keep


def hinge(real, fake):
    """Discriminator loss over heads: lists of [N, positions]."""
    return sum(F.relu(1 - r).mean() + F.relu(1 + f).mean() for r, f in zip(real, fake)) / len(real)


def mean_logit(logits):
    return sum(l.mean() for l in logits) / len(logits)


def restraint(real, fake, means):
    """Squared distance of the logits from their opposites' running means [2], which keeps a
    discriminator with few pictures from certainty (Tseng et al. 2021, arXiv:2104.03310)."""
    for side, logits in enumerate((real, fake)):
        means[side].lerp_(mean_logit(logits).detach(), 0.02)
    to_fake, to_real = (torch.cat([l.flatten() for l in part]).sub(mean).square().mean()
                        for part, mean in ((real, means[1].clone()), (fake, means[0].clone())))
    return to_fake + to_real


def jitter(mood):
    """Moods moved a little, so that no picture is known by its exact label."""
    return (mood + 0.08 * torch.randn_like(mood)).clamp(-1, 1)


def unlike(seen, fake_seen, x, fake):
    """How far a picture painted from another's latent is from it: in what the eye sees at sides 4, 8
    and 16, and in colours where they are. What is finer is left to the discriminator."""
    features = sum(weight * (a - b).abs().float().mean() for weight, a, b in zip((1, 1, 0.5), fake_seen, seen))
    colours = sum(F.avg_pool2d(fake.float() - x, x.shape[-1] // side).abs().mean() for side in (8, 32)) / 2
    return features / 2.5, colours


def crowding(z, look, others, their_looks):
    """How unevenly latents [N, D] lie on their sphere among `others` of the same look (Wang and
    Isola 2020, arXiv:2005.10242); least where they are spread as the latents that are drawn."""
    near = (2 * F.normalize(z, dim=1) @ F.normalize(others, dim=1).T - 2) * 2  # -2 |a - b|^2
    near = near.masked_fill(look[:, None] != their_looks, -30.0)
    known = (look[:, None] == their_looks).sum(1).clamp_min(1)
    return (near.exp().sum(1) / known).clamp_min(1e-9).log().mean()


def roughness(paint, z, slope):
    """How unevenly a small turn of the latent changes the picture `paint(z)`: variance of the logarithm of the
    change, over the step and against its mean over some fifty steps, which `slope` [2] keeps (a sum and its
    weight). A walk of even speed is then a film of even speed (path length regularisation of Karras et al. 2020, by
    differences)."""
    z = F.normalize(z, dim=1)
    turn = F.normalize(torch.randn_like(z), dim=1)
    here, there = paint(torch.cat([z, z + NEAR * turn])).chunk(2)
    change = ((here - there).float().square().mean((1, 2, 3)) + 1e-8).log() / 2
    slope.mul_(0.98).add_(0.02 * torch.stack([change.detach().mean(), slope.new_ones(())]))
    return (change - slope[0] / slope[1]).square().mean()
