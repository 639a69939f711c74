#!/bin/sh
for name in a b c; do
  eval "value=\$$name"
  echo "$value"
done
