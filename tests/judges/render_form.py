"""Renders a form with a client that openapi-python-client made for its template.

render_form.py FOLDER URL TEMPLATE SAMPLE OUT: FOLDER holds the package `vanban_client`, SAMPLE is
data in JSON, OUT is the PDF.
"""

import importlib
import json
import pathlib
import sys

folder, url, template, sample, out = sys.argv[1:]
sys.path.insert(0, folder)
client = importlib.import_module("vanban_client").Client(base_url=url)
name = "vanban_client.api.documents.document"
document = importlib.import_module(name)
data = importlib.import_module("vanban_client.models.data").Data

# What the client reads of the sample is what it sends.
body = data.from_dict(json.loads(pathlib.Path(sample).read_text(encoding="utf-8")))
answer = document.sync_detailed(client=client, body=body)
if answer.status_code != 200:
    sys.exit(f"{answer.status_code}: {answer.content.decode('utf-8', 'replace')}")
pathlib.Path(out).write_bytes(answer.content)

# A slip is told as findings, which the client can read: no calendar has this day.
body.date = "2026-02-30"
answer = document.sync_detailed(client=client, body=body)
found = [(one.code, one.pointer) for one in answer.parsed.findings]
print(json.dumps({"status": answer.status_code, "found": found}))
