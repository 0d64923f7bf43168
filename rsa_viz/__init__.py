"""rsa_viz: watch reasoning evolve under Recursive Self-Aggregation (arXiv 2509.26626)."""

__version__ = "0.1.0"
