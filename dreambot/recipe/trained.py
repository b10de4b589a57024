"""Which trained weights a model usually has, so that a recipe's text need not spell them out."""

USUAL_WEIGHTS = {
    "inception_v3": "7ff4a85c3a6378f0dfc8433ffd789663b01176bec0a683a435651739c091fa34",
    "vgg16": "2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
    "mobilenet_v2": "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
}
"""Architecture → sha256 of the weights' file, of those that packages carry."""
