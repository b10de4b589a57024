"""The gallery's web pages: shared dreams, layers, presets, and the operator's dashboard."""
