import requests

requests.get("https://intranet.example.invalid", verify=False)
