"""经费: facts of school and county money and their quantities."""
