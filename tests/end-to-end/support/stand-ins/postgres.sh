#!/bin/sh
# What the entry point of the image `postgres` does, with Debian’s PostgreSQL.
set -eu
[ "${1:-}" = postgres ] || exec "$@"
mkdir -p "$PGDATA" /var/run/postgresql
chown -R postgres "$PGDATA" /var/run/postgresql
chmod 0700 "$PGDATA"
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ "$method" != trust ] && [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  user=${POSTGRES_USER:-postgres}
  printf '%s' "${POSTGRES_PASSWORD:-none}" >/tmp/password
  chown postgres /tmp/password
  as_postgres initdb --no-sync --username="$user" --pwfile=/tmp/password --auth-local=trust --auth-host="$method" >/dev/null
  rm /tmp/password
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  database=${POSTGRES_DB:-$user}
  if [ "$database" != postgres ]; then
    echo "CREATE DATABASE \"$database\"" | as_postgres postgres --single -j postgres >/dev/null
  fi
fi
exec setpriv --reuid postgres --regid postgres --init-groups "$@" -c listen_addresses='*' -c fsync=off
