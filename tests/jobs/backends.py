import pytest

both_databases = pytest.mark.parametrize("backend", ["sqlite", "postgres"])
"""For tests that are asked of either database."""
