import re

MINERS = re.compile("xmrig|coinhive|cryptonight")


def suspicious(name):
    return "xmrig" in name or MINERS.search(name) is not None
