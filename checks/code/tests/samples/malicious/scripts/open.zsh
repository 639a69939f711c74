#!/bin/zsh
chmod -R 777 /usr/local
