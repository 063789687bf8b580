"""The further quantities of this room, loaded after `quantities`."""
from . import county_money

__all__ = ["county_money"]
