"""佐证材料: attested items, surveys, monitoring, vetoes."""
