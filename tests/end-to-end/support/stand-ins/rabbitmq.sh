#!/bin/sh
# What the entry point of the image `rabbitmq` with its management plugin does, with Debian’s RabbitMQ.
set -eu
[ "${1:-}" = rabbitmq-server ] || exec "$@"
echo '[rabbitmq_management].' >/etc/rabbitmq/enabled_plugins
chown -R rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
exec setpriv --reuid rabbitmq --regid rabbitmq --init-groups env HOME=/var/lib/rabbitmq RABBITMQ_LOGS=- /usr/lib/rabbitmq/bin/rabbitmq-server
