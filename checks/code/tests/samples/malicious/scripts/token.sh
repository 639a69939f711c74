#!/bin/sh
export TOKEN=ghp_Canary56Canary56Canary56Canary56
