#!/bin/sh
# Copies the workspace to a second disk.
src="${1:?source}"
dst="${2:?destination}"
rsync -a --delete "$src/" "$dst/"
find "$dst" -name '*.tmp' -mtime +7 -delete
