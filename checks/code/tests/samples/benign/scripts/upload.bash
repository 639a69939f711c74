#!/bin/bash
# Uploads the release that was built.
curl --fail -H "Authorization: Bearer $RELEASE_TOKEN" -T dist/release.tar.gz https://releases.example.com/upload
