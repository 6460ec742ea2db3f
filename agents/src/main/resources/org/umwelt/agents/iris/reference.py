"""Times single updates of the reference implementation of IRIS on the CPU.

Arguments: REFERENCE_DIR (a checkout of eloialonso/iris), THREADS, CONFIG_JSON:

{"actions": 6, "learning_rate": 1e-4, "max_gradient_norm": 10,
 "tokenizer": {"channels": 64, "multipliers": [1, 1, 1, 1, 1], "residual_blocks": 2,
               "attention_resolutions": [8, 16], "latent_channels": 512, "vocabulary": 512,
               "embedding": 512, "perceptual": false, "batch": 256},
 "world_model": {"layers": 10, "heads": 4, "width": 256, "max_blocks": 20, "dropout": 0.1,
                 "weight_decay": 0.01, "batch": 64, "steps": 20},
 "actor_critic": {"batch": 64, "burn_in": 20, "horizon": 20, "gamma": 0.995, "lambda": 0.95,
                  "entropy_weight": 0.001}}

Writes "ready TORCH_VERSION, BLAS NAME"; then each line of stdin, one of tokenizer, world_model, imagined_step and
actor_critic, runs that update once and is answered by {"cpu": seconds of all threads, "wall": seconds};
quit ends. Data are random. The perceptual term takes a VGG16 of random weights, which costs the same;
without it the tokenizer minimises the reconstruction loss of Delta-IRIS (arXiv 2406.19320).
"""
import json
import os
import re
import sys
import time
import types
from unittest.mock import MagicMock

# The reference writes lines of its own to stdout.
results, sys.stdout = sys.stdout, sys.stderr
sys.dont_write_bytecode = True

import torch
import torch.nn.functional as F

reference, threads, config = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
source = os.path.join(reference, "src")
if not os.path.isfile(os.path.join(source, "models", "world_model.py")):
    sys.exit(f"expected a checkout of eloialonso/iris, found no src/models/world_model.py in {reference}")
torch.set_num_threads(threads)
torch.manual_seed(0)
of_tokenizer, of_world, of_actor = config["tokenizer"], config["world_model"], config["actor_critic"]

if of_tokenizer["perceptual"]:
    import torchvision

    layers = torchvision.models.vgg.make_layers(torchvision.models.vgg.cfgs["D"])
    torchvision.models.vgg16 = lambda pretrained: types.SimpleNamespace(features=layers)
# What its modules import and no update touches; the real ones need not be installed.
absent = {
    name: MagicMock()
    for name in ("gym", "cv2", "psutil", "requests", "PIL", "torchvision", "tqdm")
    if name not in sys.modules
}
if "tqdm" in absent:
    absent["tqdm"].tqdm = lambda steps, **_: steps
sys.modules.update(absent)
# A package without its __init__, which would import the emulator.
sys.modules["envs"] = types.ModuleType("envs")
sys.modules["envs"].__path__ = [os.path.join(source, "envs")]
sys.path.insert(0, source)

from envs.world_model_env import WorldModelEnv
from models.actor_critic import ActorCritic
from models.tokenizer import Decoder, Encoder, EncoderDecoderConfig, Tokenizer, lpips
from models.transformer import TransformerConfig
from models.world_model import WorldModel
from utils import configure_optimizer

# torch looks for some of them later, and must not find these.
for name in absent:
    del sys.modules[name]


def with_positive_weights(module):
    """Stands in for the trained weights of the five linear layers: 1/C keeps the distance positive."""
    for linear in (module.lin0, module.lin1, module.lin2, module.lin3, module.lin4):
        torch.nn.init.constant_(linear.model[-1].weight, 1 / linear.model[-1].in_channels)


lpips.LPIPS.load_from_pretrained = with_positive_weights
autoencoder = EncoderDecoderConfig(
    resolution=64,
    in_channels=3,
    z_channels=of_tokenizer["latent_channels"],
    ch=of_tokenizer["channels"],
    ch_mult=of_tokenizer["multipliers"],
    num_res_blocks=of_tokenizer["residual_blocks"],
    attn_resolutions=of_tokenizer["attention_resolutions"],
    out_ch=3,
    dropout=0.0,
)
tokenizer = Tokenizer(
    of_tokenizer["vocabulary"],
    of_tokenizer["embedding"],
    Encoder(autoencoder),
    Decoder(autoencoder),
    with_lpips=of_tokenizer["perceptual"],
)
tokens_per_frame = (64 >> len(of_tokenizer["multipliers"]) - 1) ** 2
world_model = WorldModel(
    of_tokenizer["vocabulary"],
    config["actions"],
    TransformerConfig(
        tokens_per_block=tokens_per_frame + 1,
        max_blocks=of_world["max_blocks"],
        attention="causal",
        num_layers=of_world["layers"],
        num_heads=of_world["heads"],
        embed_dim=of_world["width"],
        embed_pdrop=of_world["dropout"],
        resid_pdrop=of_world["dropout"],
        attn_pdrop=of_world["dropout"],
    ),
)
actor_critic = ActorCritic(config["actions"])
rate = config["learning_rate"]
optimizers = {
    tokenizer: torch.optim.Adam(tokenizer.parameters(), lr=rate),
    world_model: configure_optimizer(world_model, rate, of_world["weight_decay"]),
    actor_critic: torch.optim.Adam(actor_critic.parameters(), lr=rate),
}


def segments(batch, steps):
    """Random segments without padding: frames (B, L, 3, 64, 64) in [0, 1] as from bytes, no ends."""
    return {
        "observations": torch.randint(0, 256, (batch, steps, 3, 64, 64)).float() / 255,
        "actions": torch.randint(0, config["actions"], (batch, steps)),
        "rewards": torch.randint(-1, 2, (batch, steps)).float(),
        "ends": torch.zeros(batch, steps, dtype=torch.long),
        "mask_padding": torch.ones(batch, steps, dtype=torch.bool),
    }


def tokenizer_loss():
    if of_tokenizer["perceptual"]:
        return tokenizer.compute_loss(frames).loss_total
    x = frames["observations"].flatten(0, 1)
    z, codes, decoded = tokenizer(x, should_preprocess=True, should_postprocess=True)
    difference = x - decoded
    square = difference.square()
    worst = square.flatten(1).amax(1).mean()
    reconstruction = 0.1 * difference.abs().mean() + square.mean() + 0.01 * worst
    return reconstruction + F.mse_loss(codes, z.detach()) + F.mse_loss(z, codes.detach())


def update(component, loss):
    """Returns how to prepare and to take an optimiser step of a component, the others in evaluation mode."""

    def step():
        optimizers[component].zero_grad()
        total = loss()
        total.backward()
        total.item()
        torch.nn.utils.clip_grad_norm_(component.parameters(), config["max_gradient_norm"])
        optimizers[component].step()

    def prepare():
        for other in optimizers:
            other.train(other is component)

    return prepare, step


def imagined_step():
    """Returns how to wind the cache back to the middle of the horizon, and to imagine one step from there."""
    batch = of_actor["batch"]
    actions = torch.randint(0, config["actions"], (batch, 1))
    world = WorldModelEnv(tokenizer, world_model, "cpu")
    filled = None

    def prepare():
        nonlocal filled
        tokenizer.eval()
        world_model.eval()
        if filled is None:
            world.reset_from_initial_observations(segments(batch, 1)["observations"][:, 0])
            for _ in range(of_actor["horizon"] // 2):
                world.step(actions)
            filled = world.keys_values_wm.size
        for layer in range(len(world.keys_values_wm)):
            for cache in (world.keys_values_wm[layer]._k_cache, world.keys_values_wm[layer]._v_cache):
                cache._size = filled

    return prepare, lambda: world.step(actions, should_predict_next_obs=True)


frames = segments(of_tokenizer["batch"], 1)
sequences = segments(of_world["batch"], of_world["steps"])
starts = segments(of_actor["batch"], of_actor["burn_in"] + 1)
work = {
    "tokenizer": update(tokenizer, tokenizer_loss),
    "world_model": update(
        world_model, lambda: world_model.compute_loss(sequences, tokenizer=tokenizer).loss_total
    ),
    "imagined_step": imagined_step(),
    "actor_critic": update(
        actor_critic,
        lambda: actor_critic.compute_loss(
            starts,
            tokenizer=tokenizer,
            world_model=world_model,
            imagine_horizon=of_actor["horizon"],
            gamma=of_actor["gamma"],
            lambda_=of_actor["lambda"],
            entropy_weight=of_actor["entropy_weight"],
        ).loss_total,
    ),
}

blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
print(f"ready {torch.__version__}, BLAS {blas[1] if blas else 'unknown'}", file=results, flush=True)
for line in sys.stdin:
    what = line.strip()
    if what == "quit":
        break
    if what not in work:
        sys.exit(f"expected one of {', '.join(work)} and quit, got {what}")
    prepare, step = work[what]
    prepare()
    cpu, wall = time.process_time(), time.perf_counter()
    step()
    cost = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(json.dumps(cost), file=results, flush=True)
