"""The dream: a source and a recipe become a picture, step by step.

torch, synchronous; knows nothing of Discord or asyncio. Begin reading at `dream.py`: octaves; then
`ascent.py`: one step; `score.py`: what is climbed; `gradients.py`: the way back through the network;
`treatment.py`: how a step looks. The folders hold bends, films, summonings, and what makes it fast.
"""
