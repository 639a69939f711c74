#!/bin/sh
eval "$(echo aWQ= | base64 -d)"
