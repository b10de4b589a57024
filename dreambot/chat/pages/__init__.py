"""Pages of components that people turn and change: settings, queue, history, privacy, the layers."""
