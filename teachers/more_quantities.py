"""The further quantities of this room, by subject; loaded after `quantities`."""
from . import allowances, posts, rotation_figures, subjects, training

__all__ = ["allowances", "posts", "rotation_figures", "subjects", "training"]
