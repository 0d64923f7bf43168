"""The scheduler: a drawn genealogy and something that answers calls go in, recorded outcomes and events come out.

``scheduler.execute`` is the way in. Knows no model, no store and no task.
"""
