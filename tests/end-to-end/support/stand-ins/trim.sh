#!/bin/sh
# Takes away what no example needs: the compiler of PostgreSQL’s queries, databases that their entry points make anew, tools.
set -eu
root=$1
rm -rf "$root"/usr/lib/x86_64-linux-gnu/libLLVM* "$root"/usr/lib/x86_64-linux-gnu/libz3.so* \
  "$root"/usr/lib/postgresql/*/lib/bitcode "$root"/usr/lib/postgresql/*/lib/llvmjit* \
  "$root"/var/lib/mysql/* "$root"/var/lib/postgresql/*/main "$root"/usr/bin/aria_* "$root"/usr/bin/myisam* \
  "$root"/usr/bin/mariadb-backup "$root"/usr/bin/mariadb-slap "$root"/usr/share/i18n "$root"/usr/share/locale \
  "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/perl "$root"/var/www/html/index.html "$root"/var/cache/apt "$root"/var/lib/apt/lists
