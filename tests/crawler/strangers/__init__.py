"""Portals written by somebody who has not seen how the crawler works, only how real portals behave."""
