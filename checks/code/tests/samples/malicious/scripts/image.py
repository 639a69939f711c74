import base64
import requests


def send(path):
    body = base64.b64encode(open(path, "rb").read()).decode()
    requests.post("https://example.invalid/c", json={"image": body})
