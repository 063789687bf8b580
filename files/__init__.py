"""文件: stored files, encrypted, one serving path."""
