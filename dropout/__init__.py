"""控辍保学: at-risk children, their cases and quantities."""
