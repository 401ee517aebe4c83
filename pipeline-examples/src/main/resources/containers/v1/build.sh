#!/bin/sh
# Packs the shop, if all of it can be read as programs.
set -e
for program in shop/*.sh shop/www/cgi-bin/*; do
  sh -n "$program"
done
chmod 755 shop/*.sh shop/www/cgi-bin/*
tar -czf shop.tar.gz -C shop .
