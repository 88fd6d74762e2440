#!/bin/sh
# What the entry point of the image `wordpress` does, with Debian’s WordPress and Apache.
set -eu
[ "${1:-}" = apache2-foreground ] || exec "$@"
cp --recursive --no-clobber --dereference /usr/share/wordpress/. /var/www/html/ 2>/dev/null || true
rm -f /var/www/html/index.html
cat >/var/www/html/wp-config.php <<'END'
<?php
define('DB_NAME', getenv('WORDPRESS_DB_NAME'));
define('DB_USER', getenv('WORDPRESS_DB_USER'));
define('DB_PASSWORD', getenv('WORDPRESS_DB_PASSWORD'));
define('DB_HOST', getenv('WORDPRESS_DB_HOST'));
$table_prefix = 'wp_';
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') $_SERVER['HTTPS'] = 'on';
define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
END
chown -R www-data /var/www/html/wp-content
# Debian’s own settings use names that nobody set.
set +u
# shellcheck disable=SC1091
. /etc/apache2/envvars
mkdir -p /var/run/apache2
exec apache2 -DFOREGROUND
