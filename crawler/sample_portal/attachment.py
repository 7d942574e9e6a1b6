"""Word files that the replicas offer: the package of any, and an application form, which is not a report."""

import io
import zipfile
from functools import cache

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
}
_DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
_FORM = (
    "<w:p><w:r><w:t>政府信息公开申请表</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>申请人姓名：　　　　　联系电话：</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>所需政府信息的名称、文号或者其他特征性描述：</w:t></w:r></w:p>"
)


@cache
def request_form() -> bytes:
    """A small but complete .docx, the same bytes every time."""
    return package(_FORM)


def package(body: str) -> bytes:
    """A complete .docx around the paragraphs and tables of its body."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, xml in {**_PARTS, "word/document.xml": _DOCUMENT.format(body)}.items():
            entry = zipfile.ZipInfo(name, date_time=(2022, 5, 11, 9, 30, 0))
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{xml}')
    return buffer.getvalue()
