"""Replicas of families of portal software, made from a seed: the same seed, family and number give the same bytes.

A family is a function that makes a host from a `Plan`. To add one, write a module with `build` and enter it here; the
order is that in which a catalogue takes its hosts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crawler.sample_portal.families import (
    aspx_get,
    aspx_postback,
    bozhou,
    ewb,
    fujian,
    gkmlpt,
    hanweb_jpage,
    hanweb_xxgk,
    igs,
    jpaas,
    longxun,
    nfcms,
    plain,
    platform_frames,
    platform_links,
    platform_selects,
    shaanxi,
    szinf,
    trs,
    truecms,
    ucap_list,
    ucap_search,
    vsb,
)
from crawler.sample_portal.families.built import Built
from crawler.sample_portal.invented import Plan


@dataclass(frozen=True, slots=True)
class Family:
    """How a host of a family is made, and the name of its software in the table of portals."""

    build: Callable[[Plan], Built]
    platform: str


FAMILIES: dict[str, Family] = {
    "hanweb_jpage": Family(hanweb_jpage.build, "hanweb"),
    "hanweb_xxgk": Family(hanweb_xxgk.build, "hanweb"),
    "jpaas": Family(jpaas.build, "jpaas"),
    "truecms": Family(truecms.build, "truecms"),
    "trs": Family(trs.build, "trs"),
    "fujian": Family(fujian.build, "fujian"),
    "igs": Family(igs.build, "igs"),
    "gkmlpt": Family(gkmlpt.build, "gkmlpt"),
    "nfcms": Family(nfcms.build, "nfcms"),
    "platform_links": Family(platform_links.build, ""),
    "platform_selects": Family(platform_selects.build, ""),
    "platform_frames": Family(platform_frames.build, ""),
    "plain": Family(plain.build, ""),
    "vsb": Family(vsb.build, "vsb"),
    "ucap_list": Family(ucap_list.build, "ucap"),
    "ucap_search": Family(ucap_search.build, "ucap"),
    "ewb": Family(ewb.build, "ewb"),
    "longxun": Family(longxun.build, "longxun"),
    "bozhou": Family(bozhou.build, "bozhou"),
    "aspx_get": Family(aspx_get.build, "aspx"),
    "aspx_postback": Family(aspx_postback.build, "aspx"),
    "szinf": Family(szinf.build, "szinf"),
    "shaanxi": Family(shaanxi.build, ""),
}
