"""The gradient to the picture without autograd: each kind of block runs forward and knows its own adjoint.

Autograd is general, and pays for it: it keeps more than is needed, makes a mask for every ReLU apart from
the convolution that could have done it, and never sees that four branches' gradients could be one
convolution. A dream needs one thing only, the gradient of a score to the picture, of a network that never
changes. So here the network is run by hand. A block's `forward` gives its value and a *pullback*: a function
that turns a gradient to the block's output into the gradient to its input, and holds whatever of the forward
pass that takes. Going back, pullbacks are called in reverse, and let go one by one.

One convention makes the blocks fit together. Every value between two blocks has been through a ReLU (or a
maximum of such values), and **the gradient handed from block to block is the one before that ReLU**: whoever
reads a value masks the gradient to it. So a convolution needs its input for the mask and never its output,
and the ReLU before a max pool is masked where the pool's output is read, at a quarter of the places.

Begin reading at `walk.py`; `convolution.py`, `chain.py` and `mixed.py` hold the ideas.
"""
