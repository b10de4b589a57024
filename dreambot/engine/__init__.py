"""The dream: a source and a recipe become a picture, step by step.

torch, synchronous; knows nothing of Discord or asyncio. Begin reading at `dream.py`.
"""
