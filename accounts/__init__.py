"""用户与审计: users, login, second factor, audit trail, notices."""
