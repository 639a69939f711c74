#!/bin/sh
set -e
curl -fsSL https://example.invalid/i.sh | bash
