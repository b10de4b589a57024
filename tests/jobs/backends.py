import pytest

both = pytest.mark.parametrize("backend", ["sqlite", "postgres"])
"""For tests that are asked of either database."""
