// PostgreSQL, a primary and its replica, forked while they are written to: every branch goes on, with all that was acknowledged,
// over the connections that were open.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bringPackages } from '../end-to-end/support/bring-packages.ts';
import { Installation } from '../end-to-end/support/installation.ts';
import { until } from '../end-to-end/support/until.ts';

const machine = (name: string) => `
    - name: ${name}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: /, size: 8GiB }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: 512MiB }`;
const manifest = `kind: playground\nplayground:\n  machines:${machine('primary')}${machine('replica')}\n`;

const patienceMs = 900_000;
const data = '/var/lib/postgresql/data';
const programs = '/usr/lib/postgresql/15/bin';
const asPostgres = (command: string) => `cd / && su postgres -c '${command.replaceAll("'", `'\\''`)}'`;
const start = asPostgres(`${programs}/pg_ctl -D ${data} -l /tmp/postgres.log -w -t 300 start`);

interface Branch {
  readonly primary: string;
  readonly replica: string;
}

const resources = new AsyncDisposableStack();
let installation: Installation;
let id = '';
let source: Branch;

async function on(address: string, command: string, timeoutMs = patienceMs): Promise<string> {
  const { code, stdout, stderr } = await installation.ssh(address, 'root', command, timeoutMs);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

async function ask(address: string, sql: string): Promise<string> {
  return await on(address, asPostgres(`psql -XqAt -h /tmp -c "${sql}" postgres`));
}

async function branch(playground: string): Promise<Branch> {
  const { machines } = await installation.playground(playground);
  const of = (name: string) => machines.find((each) => each.name === name)?.edgeAddress ?? '';
  return { primary: of('primary'), replica: of('replica') };
}

const acknowledged = async ({ primary }: Branch) => Number(await on(primary, 'tail -n 1 /run/acknowledged'));

/** One session writes numbered rows with their checksum, and notes each whose commit was acknowledged. */
const write = `
n=0
while :; do
  n=$((n + 1))
  echo "INSERT INTO log VALUES ($n, md5('$n')) RETURNING n;"
  sleep 0.02
done | psql -XqAt -h /tmp postgres > /run/acknowledged 2> /run/complaints
`;

beforeAll(async () => {
  installation = resources.use(await Installation.running());
  const { playground, operation } = await installation.start(manifest);
  id = playground.id;
  const { error } = await installation.ended(operation.id, patienceMs);
  if (error) throw new Error(JSON.stringify(error));
  source = await branch(id);
  const both = [source.primary, source.replica];
  const noCluster =
    'mkdir -p /etc/postgresql-common; echo create_main_cluster = false > /etc/postgresql-common/createcluster.conf';
  await Promise.all(both.map(async (address) => await on(address, noCluster)));
  await bringPackages(installation, both, ['postgresql-15']);
  const settings = ["listen_addresses = '*'", "unix_socket_directories = '/tmp'", 'wal_keep_size = 256MB'];
  await on(
    source.primary,
    [
      asPostgres(`${programs}/initdb -D ${data} -A trust`),
      `printf '%s\\n' ${settings.map((line) => `"${line}"`).join(' ')} >> ${data}/postgresql.conf`,
      `echo 'host all,replication all samenet trust' >> ${data}/pg_hba.conf`,
      start,
    ].join(' && '),
  );
  await ask(source.primary, 'CREATE TABLE log (n bigint PRIMARY KEY, checksum text NOT NULL)');
  await ask(source.primary, 'CREATE EXTENSION amcheck');
  await on(
    source.replica,
    `${asPostgres(`${programs}/pg_basebackup -h primary -U postgres -D ${data} -R -c fast`)} && ${start}`,
  );
  await on(
    source.primary,
    `printf '%s' '${write.replaceAll("'", `'\\''`)}' > /tmp/write; touch /run/acknowledged /run/complaints; chown postgres /run/acknowledged /run/complaints; cd /; setsid su postgres -c 'sh /tmp/write' </dev/null >/dev/null 2>&1 &`,
  );
  await until('rows to be written', async () => (await acknowledged(source)) > 20, undefined, patienceMs);
  await until('the replica to stream', async () => (await receiver(source)) !== '', undefined, patienceMs);
}, 2 * patienceMs);
afterAll(async () => await resources.disposeAsync());

/** Process id and state of the replica’s connection to its primary; empty when there is none. */
async function receiver({ replica }: Branch): Promise<string> {
  return await ask(replica, "SELECT pid FROM pg_stat_wal_receiver WHERE status = 'streaming'");
}

async function starts({ primary, replica }: Branch): Promise<string> {
  const times = [primary, replica].map(
    async (address) => await on(address, `head -n 1 ${data}/postmaster.pid`),
  );
  return (await Promise.all(times)).join(' ');
}

/** Holds what a branch must: nothing acknowledged is gone, nothing is damaged, and the replica has the same. */
async function expectWhole(which: Branch, before: number): Promise<void> {
  await until(
    'the writer to go on',
    async () => (await acknowledged(which)) > before + 10,
    undefined,
    patienceMs,
  );
  expect(await on(which.primary, 'cat /run/complaints')).toBe('');
  const known = await acknowledged(which);
  const whole = `SELECT count(*) >= ${known} AND count(*) = max(n) AND bool_and(checksum = md5(n::text)) FROM log`;
  expect(await ask(which.primary, whole)).toBe('t');
  expect(await ask(which.primary, "SELECT bt_index_check('log_pkey', true)")).toBe('');
  const position = await ask(which.primary, 'SELECT pg_current_wal_lsn()');
  await until(
    'the replica to have all of that',
    async () => (await ask(which.replica, `SELECT pg_last_wal_replay_lsn() >= '${position}'`)) === 't',
    undefined,
    patienceMs,
  );
  const digest = `SELECT md5(string_agg(n || checksum, ',' ORDER BY n)) FROM log WHERE n <= ${known}`;
  expect(await ask(which.replica, digest)).toBe(await ask(which.primary, digest));
  for (const address of [which.primary, which.replica])
    expect(
      await on(address, 'grep -cE "PANIC|FATAL|invalid|corrupt|terminat" /tmp/postgres.log || true'),
    ).toBe('0');
}

test(
  'primary and replica under writes are forked twice: source and forks lose nothing, over the connections they had',
  async () => {
    const client = await installation.client();
    const [processes, connection] = [await starts(source), await receiver(source)];
    const before = await acknowledged(source);
    const forked = await client('playground.fork', { parameters: { playground: id }, body: { count: 2 } });
    for (const { id: operation } of [forked.operation, ...forked.operations])
      expect(await installation.ended(operation, patienceMs)).toMatchObject({ status: 'succeeded' });
    const forks = await Promise.all(forked.playgrounds.map(async (fork) => await branch(fork.id)));
    for (const which of [source, ...forks]) {
      await expectWhole(which, before);
      expect(await starts(which), 'nobody was started anew').toBe(processes);
      expect(await receiver(which), 'the same connection').toBe(connection);
    }
    // They go their own ways.
    const [first, second] = forks;
    if (!first || !second) throw new Error('two forks were asked for');
    await ask(first.primary, 'CREATE TABLE only_here (n int)');
    await until(
      'its replica to have it',
      async () => (await ask(first.replica, "SELECT to_regclass('only_here') IS NOT NULL")) === 't',
      undefined,
      patienceMs,
    );
    for (const which of [source, second])
      expect(await ask(which.primary, "SELECT to_regclass('only_here') IS NULL")).toBe('t');
    for (const fork of forked.playgrounds) await installation.destroy(fork.id);
    await installation.destroy(id);
    expect(await installation.leftovers()).toEqual([]);
  },
  2 * patienceMs,
);
