"""Portals in parts: a host belongs to one, and the machines have all something to do."""

from __future__ import annotations

from crawler.portals import Portal
from gongkai.spreading.dividing import MOST, divided


def test_portals_that_share_a_host_are_in_one_part() -> None:
    portals = [
        _portal("a", "http://one.gov.cn/"),
        _portal("b", "http://two.gov.cn/", "https://THREE.gov.cn:8443/xxgk/"),
        _portal("c", "http://four.gov.cn/"),
        _portal("d", "http://three.gov.cn/"),
        _portal("e", "http://five.gov.cn/", "http://one.gov.cn/five/"),
    ]
    assert _ids(divided(portals, 10)) == [["a", "e"], ["b", "d"], ["c"]]
    seen = {"c": ["two.gov.cn"]}
    assert _ids(divided(portals, 10, lambda portal: seen.get(portal.portal_id, ()))) == [["a", "e"], ["b", "c", "d"]]


def test_there_are_two_rounds_of_parts_and_none_is_too_large() -> None:
    portals = [_portal(f"p{number}", f"http://h{number}.gov.cn/") for number in range(1000)]
    few = divided(portals, 50)
    assert len(few) == 100
    assert {len(part) for part in few} == {10}
    assert max(len(part) for part in divided(portals, 1)) == MOST
    assert [portal for part in few for portal in part] == portals
    assert divided([], 3) == []


def _portal(name: str, home: str, column: str = "") -> Portal:
    return Portal(name, name, "", home, column, "")


def _ids(parts: list[list[Portal]]) -> list[list[str]]:
    return [[portal.portal_id for portal in part] for part in parts]
