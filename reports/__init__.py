"""报表: declared reports: official papers as PDF, Excel, Word."""
