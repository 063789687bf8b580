"""The further quantities of this room, by subject; loaded after `quantities`."""

from . import class_sizes, county_numbers, pupil_flows, special_rooms

__all__ = ["class_sizes", "county_numbers", "pupil_flows", "special_rooms"]
