#!/bin/sh
# What the entry point of the image `redis` does, with Debian’s Redis.
set -eu
[ "${1:-}" = redis-server ] || exec "$@"
chown redis /data
exec setpriv --reuid redis --regid redis --init-groups "$@" --protected-mode no
