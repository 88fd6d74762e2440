// The repositories that examples/compose names, as small as they can be while their programs do what the examples say: speak to the
// database, the cache, each other.
const script = (...lines: string[]) => ['#!/bin/sh', 'set -eu', ...lines, ''].join('\n');

/** A web server whose page is what the given commands print. */
const server = (port: number, ...lines: string[]) =>
  script('mkdir -p /tmp/www', ...lines, `exec busybox httpd -f -p ${port} -h /tmp/www`);

type Files = Readonly<Record<string, string>>;

export const exampleRepositories: Readonly<Record<string, Files>> = {
  shop: {
    Dockerfile:
      'FROM postgres:16 AS base\nENTRYPOINT []\nWORKDIR /app\nCOPY . .\nFROM base AS test\nFROM base AS final\nARG BUNDLE_WITHOUT\n',
    'bin/dev': server(
      3000,
      'psql --tuples-only --no-align "$DATABASE_URL" --command "SELECT name FROM goods" >/tmp/www/index.html',
      'touch /tmp/www/up',
    ),
    'bin/migrate': script(
      'psql --quiet "$DATABASE_URL" --command "CREATE TABLE goods AS SELECT \'tea\' AS name"',
    ),
    'bin/worker': script('redis-cli -u "$REDIS_URL" set worker "$CONCURRENCY"', 'exec sleep infinity'),
    'bin/test': script(
      'test "$(PGPASSWORD=test psql --tuples-only --no-align --host db --username postgres --command "SELECT 42")" = 42',
    ),
    'bin/lint': script('sh -n bin/test', 'echo no complaints'),
  },
  front: {
    'docker/Dockerfile': 'FROM alpine:3.20\nCOPY bin/front /bin/front\nCMD ["/bin/front"]\n',
    'bin/front': server(5173, 'echo "front of $REGION, api at $API_URL" >/tmp/www/index.html'),
  },
  api: {
    Dockerfile:
      'FROM alpine:3.20\nARG GO_VERSION\nRUN echo "$GO_VERSION" >/version\nWORKDIR /src\nCMD ["bin/api"]\n',
    'bin/api': server(
      8080,
      'mkdir /tmp/www/api',
      'echo "api of $REGION, $LEVEL, $(cat /version)" >/tmp/www/api/index.html',
      'touch /tmp/www/health',
    ),
    'config/defaults.env': 'LEVEL=quiet\n',
  },
  beside: {
    'nginx.conf':
      'events {}\nhttp { server { listen 8080; root /usr/share/nginx/html; location = /banner { alias /etc/banner; } } }\n',
    'pages/index.html': 'as committed\n',
    'prepare.sh': script('date >/pages/prepared.html'),
    'web.env': 'MODE=from the repository\n',
    'etc/banner.txt': 'welcome\n',
    'etc/token.txt': 'hush\n',
  },
  app: {
    'app/docker/Dockerfile':
      'FROM alpine:3.20 AS first\nFROM first AS final\nARG VERSION\nARG MODE\nRUN echo "$VERSION $MODE" >/version\nWORKDIR /srv/app\nCOPY run .\nCOPY npm /usr/bin/npm\nFROM first AS other\nRUN false\n',
    'app/run': server(
      8080,
      'touch /tmp/www/healthz',
      'echo "$OWNER, $GREETING, $LOG_LEVEL, $WORKERS, $PRICE, $HOST, $FROM_FILE, $(cat /version)" >/tmp/www/index.html',
    ),
    'app/npm': script('exec ./run'),
    '.env.sample': 'FROM_FILE=default\nGREETING=never\n',
  },
};
