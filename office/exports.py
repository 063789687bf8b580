"""Tables of a page as workbooks: what every room uses stands in schools.exports; the pages of this room import it from here."""
from schools.exports import Column, download, workbook

__all__ = ["Column", "download", "workbook"]
