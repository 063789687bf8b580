"""教师: facts of teachers and their quantities."""
