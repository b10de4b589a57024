"""The pages that commands show: components and texts."""
