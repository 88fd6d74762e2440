#!/bin/sh
# What the entry point of the image `mariadb` does, with Debian’s MariaDB.
set -eu
[ "${1:-}" = mariadbd ] || exec "$@"
mkdir -p /run/mysqld
chown -R mysql /var/lib/mysql /run/mysqld
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --user=mysql --skip-test-db --auth-root-authentication-method=socket >/dev/null
  {
    echo "CREATE DATABASE IF NOT EXISTS $MARIADB_DATABASE;"
    echo "CREATE USER IF NOT EXISTS '$MARIADB_USER'@'%' IDENTIFIED BY '$MARIADB_PASSWORD';"
    echo "GRANT ALL ON $MARIADB_DATABASE.* TO '$MARIADB_USER'@'%';"
  } >/tmp/first.sql
  set -- "$@" --init-file=/tmp/first.sql
fi
exec "$@" --user=mysql --bind-address=0.0.0.0
