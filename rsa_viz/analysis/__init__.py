"""Pure functions from recorded chains to numbers.

They take all chains of a run, planned ones included, in any order, and read no database, no model and no picture.
What is not known stays unknown: a measure without data is None, never nought.
"""
