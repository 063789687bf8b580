"""办公: pages and work that join rooms."""
