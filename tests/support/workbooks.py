"""Small XLSX workbooks made by hand, so that no test needs a library that writes them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>TYPES</Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>SHEETS</sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">LINKS</Relationships>',
}


def workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> Path:
    """The path of a new workbook with one sheet of these rows; None leaves a cell out."""
    return workbook_of(path, {sheet: rows})


def workbook_of(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """The path of a new workbook with these sheets, in this order."""
    names, types, links = "", "", ""
    for number, name in enumerate(sheets, start=1):
        part = f"worksheets/sheet{number}.xml"
        names += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        types += f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.worksheet+xml"/>'
        links += f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in _PARTS.items():
            content = content.replace("SHEETS", names).replace("TYPES", types).replace("LINKS", links)
            container.writestr(name, content)
        for number, rows in enumerate(sheets.values(), start=1):
            lines = "".join(
                f'<row r="{row}">{_cells(row, cells)}</row>' for row, cells in enumerate(rows, start=1)
            )
            content = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
            container.writestr(f"xl/worksheets/sheet{number}.xml", content)
    return path


def _letters(column: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    first, last = divmod(column, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)


def _cells(row: int, cells: Sequence[object]) -> str:
    said = []
    for column, cell in enumerate(cells):
        place = f"{_letters(column)}{row}"
        if isinstance(cell, (int, float)):
            said.append(f'<c r="{place}"><v>{cell!r}</v></c>')
        elif cell is not None:
            text = f'<t xml:space="preserve">{escape(str(cell))}</t>'
            said.append(f'<c r="{place}" t="inlineStr"><is>{text}</is></c>')
    return "".join(said)
