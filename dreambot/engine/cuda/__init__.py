"""Dreams on a CUDA device: steps as graphs, and several pictures at once.

A step is hundreds of small kernels: some for each layer and its adjoint, dozens for the gradient's pyramid.
To start one from Python takes 5 to 10 µs, while a fast device needs less than that to run it: it would stand
idle most of the time, and a dream has forty steps. So a step is recorded once as a graph, which the driver
then starts as a whole, with other numbers in the same memory: the picture, how far it is rolled, how long the
step is. That is what all of this package is for; `step.py` has the step, the same arithmetic as `Climb.step`.

Nothing here needs a CUDA device to be understood or tested: without one the steps run as they are written.
"""
