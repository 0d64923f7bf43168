"""The words of the project as types, and the drawn genealogy.

Standard library only. Knows no model, no store, no picture; everything else may import it.
"""
