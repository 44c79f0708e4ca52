"""Models that are no text decoders: what they are, for the answer that refuses them.

The model of speed counts a decoder of text: causal attention, an output layer over a vocabulary, tokens. What reads or writes
pictures, sound or rows of a table has other work, and what only reads text has no next token to learn.
"""

from __future__ import annotations

import re

from planner.errors import InvalidInput, Problem

KINDS = (
    ("a text encoder", r"bert|roberta|electra|deberta|modernbert|bge|e5|gte|embedding|sentence"),
    ("an encoder and decoder", r"t5|flan|bart|pegasus|marian|nllb|m2m100|ul2"),
    ("a vision model", r"resnet|vit|yolo|convnext|efficientnet|swin|unet|sam|dino|dinov2|segformer|detr|maskrcnn|mobilenet|ssd|retinanet"),
    ("a model of text and pictures", r"clip|siglip|blip|llava|internvl|cogvlm|qwenvl|vl|vision|flamingo|paligemma"),
    ("a diffusion model", r"stable-?diffusion|sdxl|sd3|sd|flux|dit|pixart|imagen|opensora|sora|hunyuanvideo|wan|cogvideox|diffusion"),
    ("a speech model", r"whisper|wav2vec|hubert|conformer|wavlm|tacotron|vits|funasr|sensevoice|rnnt|tts|asr|musicgen"),
    ("a recommender", r"dlrm|dcn|dcnv2|din|deepfm|wide-?and-?deep"),
    ("a model of proteins or weather", r"alphafold|alphafold2|alphafold3|esm|esm2|openfold|graphcast|pangu-?weather|fourcastnet"),
    ("a graph network", r"gnn|gat|gcn|rgat"),
)  # fmt: skip
"""(what it is, words of its name)."""


def kind_of(name: str) -> str | None:
    """What a model is whose name says that it is no text decoder; else None."""
    plain = re.sub(r"[\s_/]+", "-", name.casefold())
    return next((kind for kind, words in KINDS if re.search(rf"(?<![a-z])(?:{words})(?![a-z])", plain)), None)


def check_decoder(name: str) -> None:
    """InvalidInput for a model whose name says that it is no text decoder."""
    kind = kind_of(name)
    if kind:
        what = f"{name} is {kind}, and train-time reckons text decoders alone"
        fix = "Measure it, and give a plan its throughput (measured_pflops_per_device)."
        raise InvalidInput(Problem(what, fix))
