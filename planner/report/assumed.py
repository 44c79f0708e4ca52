"""What training and serving assume, as they word it: the sentences by which it is said in another language."""

from __future__ import annotations

ASSUMED = (
    "production runs reach {share} of benchmark speed (published runs)",
    "goodput {share} after failures and checkpoints",
    "global batch of {sequences} sequences of {tokens} tokens, {steps} steps",
    "so few steps teach little: fewer devices or a smaller --batch-tokens would do",
    "samples packed into full sequences; where they are not, give their mean length by --sample-tokens",
    "an ordinary stack of adapters, activations computed again; --tuned means fused kernels",
    "the vendor publishes no power: {watts} W per device assumed",
    "the vendor publishes no power; the middle of data-centre accelerators is taken",
    "nobody in the catalogue offers {accelerator}: no price; energy and law as in colocation in Hong Kong",
    "price and lead time of the offer are estimates",
    "needs an export licence, which may be refused; the wait counts only if --licence-wait-months is given",
    "no public training measurement of the {stack} stack: kernel efficiency is an estimate",
    "{method} was measured on CUDA alone: its cost on other software is taken as the same",
    "the frozen weights lie in host memory: they do not fit on the devices",
    "the pinned layout needs about {memory} GB per device, more than the device has",
    "calibrated to the user's measurements: {factor} of the published speed of this stack",
    "calibrated to your measurements: {factor} of the published speed of this stack",
    "steady-state throughput measured by the user; it overrides the model",
    "architecture guessed from {params} B parameters of which {active} B active: {layers} layers of width {width}, {some} of {experts} experts",
    "architecture guessed from {params} B parameters: {layers} layers of width {width}",
    "{params} B parameters of which {active} B active: taken for {model}",
    "weights in {weights}, arithmetic in {precision}, cache in {cache}",
    "prompts on devices of their own, in the number that keeps both busy",
    "{share} % of the devices in working order",
    "the busy hour is like every other; --peak-over-mean says otherwise",
    "the hall is there and paid for: power, fit-out and staff are counted, its building is not",
)
