"""Pages by which real sites turn visitors away: firewalls that want a script run, captchas, walls around a country.

The words are such as the firewalls 瑞数, 加速乐 and others send; keys and cookies are invented.
"""

from crawler.sample_portal.site import Page, not_found, redirect

_HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8">'

CHALLENGE_412 = Page(
    f'{_HEAD}<meta id="9DhefwqGPrzGxEp9hPaoag" content="r0sXGWmFPz8Hs1" r="m"></head><body>'
    "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=51382;$_ts.cd=\"qEyxrrAlDaGqcGAtrqQ\";</script>"
    '<script src="/4QbVtADbnLVIc/c.FxJzG50F.js" r="m"></script></body></html>'.encode(),
    status=412,
)
CHALLENGE_521 = Page(
    b"<script>document.cookie=('_')+('_')+('j')+('s')+('l_clearance_s=1700000000.1|-1|x%3D;path=/');"
    b"location.href=location.pathname+location.search</script>",
    status=521,
)
CAPTCHA = Page(
    f"{_HEAD}<title>安全验证</title></head><body><h3>您的访问过于频繁</h3><p>请输入验证码后继续访问</p>"
    '<form action="/verify" method="post"><img src="/captcha.jpg"><input name="code"><button>确定</button></form>'
    "</body></html>".encode()
)
GEO_403 = Page(
    f"{_HEAD}<title>403</title></head><body><h1>403 Forbidden</h1><p>该地区禁止访问</p></body></html>".encode(),
    status=403,
)
GEO_200 = Page(
    f"{_HEAD}<title>访问受限</title></head><body><p>抱歉，您的IP（境外）所在地区禁止访问本网站，请使用境内网络访问。</p>"
    "</body></html>".encode()
)
SOFT_404 = Page(
    f"{_HEAD}<title>提示</title></head><body><p>页面不存在</p>"
    "<p>您访问的页面不存在或已被删除，<a href='/'>返回首页</a></p></body></html>".encode()
)
SOFT_404_HOME = redirect("/")
NOT_FOUND = not_found("您访问的页面不存在")
GONE = Page(b"<html><body><h1>410 Gone</h1></body></html>", status=410)


def failing(status: int, *headers: tuple[str, str]) -> Page:
    """A server that cannot now."""
    return Page(f"<html><body><h1>{status}</h1></body></html>".encode(), status=status, headers=headers)
