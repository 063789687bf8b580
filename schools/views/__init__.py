"""Pages of the registers: schools, calendar, people, local rules."""
