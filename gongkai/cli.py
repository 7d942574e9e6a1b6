import json,sys
from pathlib import Path
import click
from pipelines import Capture, extract as _extract
from pipelines.contract import as_object
@click.group()
def main(): ...
@main.command()
@click.argument('files',nargs=-1)
def extract(files):
    for f in files:
        for r in _extract(Capture(Path(f).read_bytes(),url=f)):
            print(json.dumps(as_object(r,f),ensure_ascii=False))
