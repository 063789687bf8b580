"""The further quantities of this room, by subject; loaded after `quantities`."""
from . import rotation, training

__all__ = ["rotation", "training"]
