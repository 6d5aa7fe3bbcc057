"""Reads Word files with python-docx, tells what is in them, and saves them again.

Arguments: the folder for the saved files, then the files. Prints a JSON list: of each
file its styles (name: level in the outline or null), its paragraphs (name of the style
and text, those in tables too), and the properties that python-docx knows.
"""

import json
import os
import sys

import docx
from docx.oxml.ns import qn
from docx.table import Table


def level(style):
    """The level in the outline that a style gives, from 0."""
    found = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    return None if found is None else int(found.get(qn("w:val")))


def paragraphs(container):
    """The paragraphs in reading order."""
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            seen = []
            for row in block.rows:
                for cell in row.cells:
                    # A merged cell is told once for each of its columns and rows.
                    if cell._tc not in seen:
                        seen.append(cell._tc)
                        yield from paragraphs(cell)
        else:
            yield block


def read(path, folder):
    document = docx.Document(path)
    properties = document.core_properties
    told = {
        "styles": {style.name: level(style) for style in document.styles},
        "paragraphs": [[one.style.name, one.text] for one in paragraphs(document)],
        "title": properties.title,
        "author": properties.author,
        "last_modified_by": properties.last_modified_by,
        "sections": len(document.sections),
    }
    document.save(os.path.join(folder, os.path.basename(path)))
    return told


def main():
    folder, files = sys.argv[1], sys.argv[2:]
    json.dump([read(path, folder) for path in files], sys.stdout)


main()
