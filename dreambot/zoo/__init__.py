"""The zoo: the networks dreambot dreams with, and where their weights come from.

`catalogue` says what there is, `weights` brings a model's weights to this machine (neither imports
torch), and `network` turns them into something that can be run.
"""
