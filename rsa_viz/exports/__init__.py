"""Recorded runs as files for others: a report to read, tables to compute with, prompts to train on.

Knows no store and no page: what is written is handed in.
"""
