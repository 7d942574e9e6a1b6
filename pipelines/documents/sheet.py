from pipelines.documents.formats import Unreadable


def read_xls(body):
    raise Unreadable("stub")


def read_xlsx(p, m):
    raise Unreadable("stub")
