"""Tables of a page as workbooks: what every room uses stands in schools.exports; the pages of this room import it from here."""
from schools.exports import Column, Table, download, workbook

__all__ = ["Column", "Table", "download", "workbook"]
