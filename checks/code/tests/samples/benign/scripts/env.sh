#!/bin/sh
env | sort
printenv PATH
export NODE_ENV=production
