"""A tiny transformer that learns to aggregate: its problems, its training and the gate that it has to pass.

Torch is needed to train and to pass the gate, and is imported by the functions that use it alone. Nothing of the
app imports this part. What was tried and what came out stands in docs/tiny-model.md.
"""
