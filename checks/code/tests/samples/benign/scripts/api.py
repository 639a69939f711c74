import os
import requests

KEY = os.environ["SEARCH_API_KEY"]


def search(query: str) -> dict:
    reply = requests.get("https://search.example.com/v1", params={"q": query}, headers={"X-Api-Key": KEY}, timeout=10)
    reply.raise_for_status()
    return reply.json()
