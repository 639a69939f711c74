#!/bin/bash
rm -rf ./dist build/ node_modules/.cache
rm -rf "$PWD/tmp"
rm -rf /tmp/openclaw-demo
