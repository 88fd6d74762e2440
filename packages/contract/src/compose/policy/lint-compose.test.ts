import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { formatPath } from '../../manifest/manifest-issue.ts';
import { findingToIssue } from './finding.ts';
import { type HostPolicy, hostPolicySchema, policyRuleNames } from './host-policy.ts';
import { lintCompose } from './lint-compose.ts';
import { contextOfText, type LintContext } from './lint-context.ts';
import { policyRules } from './policy-rules.ts';

/** A file on a playroom, rendered, with its checkout in /srv/pg. */
const rendered: LintContext = {
  policy: {},
  project: 'pg-1-lab',
  folder: '/srv/pg',
  roots: ['/srv/pg'],
  rendered: true,
};

const found = (file: string, context: LintContext = rendered) =>
  lintCompose(parse(file), context).map(({ rule, path }) => `${rule} ${formatPath(path)}`);
const web = (lines: string, context?: LintContext) =>
  found(`services: { web: { image: x, ${lines} } }`, context).map((finding) =>
    finding.replace('services.web.', ''),
  );

test.each([
  ['privileged: true', 'privileged privileged'],
  ['privileged: "true"', 'privileged privileged'],
  ['post_start: [{ command: x, privileged: true }]', 'privileged post_start[0].privileged'],
  ['network_mode: host', 'host-namespace network_mode'],
  ['pid: host', 'host-namespace pid'],
  ['ipc: host', 'host-namespace ipc'],
  ['uts: host', 'host-namespace uts'],
  ['userns_mode: host', 'host-namespace userns_mode'],
  ['cgroup: host', 'host-namespace cgroup'],
  ['network_mode: container:pg-2-x-db-1', 'other-containers network_mode'],
  ['pid: "container:abc"', 'other-containers pid'],
  ['ipc: "container:abc"', 'other-containers ipc'],
  ['network_mode: pg-2-x_default', 'external-network network_mode'],
  ['network_mode: bridge', 'external-network network_mode'],
  ['network_mode: default', 'external-network network_mode'],
  ['volumes_from: [container:other]', 'other-containers volumes_from[0]'],
  ['external_links: [other]', 'other-containers external_links'],
  ['volumes: [/var/run/docker.sock:/s]', 'docker-socket volumes[0]'],
  ['volumes: [{ type: bind, source: /run/../run/docker.sock, target: /s }]', 'docker-socket volumes[0]'],
  ['volumes: [/run/containerd/containerd.sock:/s]', 'docker-socket volumes[0]'],
  ['volumes: [/var/run:/s]', 'docker-socket volumes[0]'],
  ['volumes: [/:/host]', 'docker-socket volumes[0]'],
  ['use_api_socket: true', 'docker-socket use_api_socket'],
  ['volumes: [/etc:/host:ro]', 'outside-path volumes[0]'],
  ['volumes: [../other:/x]', 'outside-path volumes[0]'],
  ['volumes: [./a/../../b:/x]', 'outside-path volumes[0]'],
  ['volumes: [~/.ssh:/x]', 'outside-path volumes[0]'],
  ['volumes: [/srv/pg2:/x]', 'outside-path volumes[0]'],
  ['volumes: [{ type: bind, source: /srv/pg/../x, target: /x }]', 'outside-path volumes[0]'],
  ["volumes: [{ type: npipe, source: '\\\\.\\pipe\\x', target: /x }]", 'outside-path volumes[0]'],
  ['volumes: [{ type: volume, source: ../x, target: /x }]', 'outside-path volumes[0]'],
  ['devices: [/dev/sda:/dev/sda]', 'device devices'],
  ['device_cgroup_rules: [a]', 'device device_cgroup_rules'],
  ['gpus: all', 'gpu gpus'],
  [
    'deploy: { resources: { reservations: { devices: [{ capabilities: [gpu] }] } } }',
    'gpu deploy.resources.reservations.devices',
  ],
  ['cap_add: [SYS_ADMIN]', 'host-capability cap_add[0]'],
  ['cap_add: [cap_sys_module]', 'host-capability cap_add[0]'],
  ['cap_add: [ALL]', 'host-capability cap_add[0]'],
  ['cap_add: [CHOWN, NET_ADMIN]', 'capability cap_add[1]'],
  ['security_opt: ["seccomp:unconfined"]', 'security-option security_opt[0]'],
  ['security_opt: [apparmor=unconfined]', 'security-option security_opt[0]'],
  ['sysctls: { net.core.somaxconn: 1 }', 'sysctl sysctls'],
  ['cgroup_parent: /', 'cgroup-parent cgroup_parent'],
  ['runtime: x', 'runtime runtime'],
  ['oom_kill_disable: true', 'out-of-memory oom_kill_disable'],
  ['oom_score_adj: -500', 'out-of-memory oom_score_adj'],
  ['provider: { type: x }', 'provider provider'],
  ['container_name: db', 'container-name container_name'],
  ['ports: ["8080:80"]', 'host-port ports[0]'],
  ['ports: [{ target: 80, published: "8080" }]', 'host-port ports[0]'],
  ['ports: ["[::1]:5000-5010:80-90/udp"]', 'host-port ports[0]'],
  ['env_file: /root/.env', 'outside-file env_file'],
  ['env_file: [a.env, { path: ../x.env }]', 'outside-file env_file[1]'],
  ['label_file: /etc/passwd', 'outside-file label_file'],
  ['extends: { file: ../other.yaml, service: x }', 'outside-file extends.file'],
  ['extends: { file: "github.com/a/b", service: x }', 'outside-file extends.file'],
  ['extends: { file: ./github.com/a/b, service: x }', 'outside-file extends.file'],
  ['extends: { file: "ann@git.example.org:a/b.git", service: x }', 'outside-file extends.file'],
  ['extends: { file: "https://git.example.org/a.git", service: x }', 'outside-file extends.file'],
  ['extends: { file: "oci://example.org/a", service: x }', 'outside-file extends.file'],
  ['credential_spec: { file: /x.json }', 'outside-file credential_spec.file'],
  ['networks: { default: { ipv4_address: 10.0.0.2 } }', 'fixed-subnet networks.default.ipv4_address'],
  ['logging: { driver: syslog }', 'log-driver logging'],
  ['labels: [traefik.enable=true]', 'reserved-label labels[0]'],
  ['labels: { com.docker.compose.project: x }', 'reserved-label labels.com.docker.compose.project'],
  ['labels: { playhouse.playground: x }', 'reserved-label labels.playhouse.playground'],
  ['labels: ["playgrounds.repo_url=file:///srv/a.git"]', 'local-repository labels[0]'],
  ['image: playhouse.internal/x:1', 'own-image image'],
  ['image: a1b2', 'own-image image'],
  ['image: "sha256:abc"', 'own-image image'],
  ['volumes: [{ type: image, source: playhouse.internal/x, target: /x }]', 'own-image volumes[0]'],
  [
    'build: { context: ., additional_contexts: { x: docker-image://playhouse.internal/x } }',
    'own-image build.additional_contexts.x',
  ],
  ['new_socket: true', 'unknown-field new_socket'],
  ['build: ../x', 'outside-path build'],
  ['build: { context: /srv/other }', 'outside-path build.context'],
  ['build: { context: "https://git.example.org/a.git" }', 'remote-context build.context'],
  ['build: { context: a, dockerfile: ../../Dockerfile }', 'outside-file build.dockerfile'],
  ['build: { context: ., dockerfile: /etc/passwd }', 'outside-file build.dockerfile'],
  ['build: { context: ., additional_contexts: { x: /etc } }', 'outside-path build.additional_contexts.x'],
  ['build: { context: ., additional_contexts: [x=../..] }', 'outside-path build.additional_contexts[0]'],
  ['build: { context: ., privileged: true }', 'build-privilege build.privileged'],
  ['build: { context: ., network: host }', 'build-privilege build.network'],
  ['build: { context: ., entitlements: [security.insecure] }', 'build-privilege build.entitlements'],
  ['build: { context: ., ssh: [default] }', 'build-ssh build.ssh'],
  ['build: { context: ., secrets: [x] }', 'build-secret build.secrets'],
  ['build: { context: ., tags: [a] }', 'build-tag build.tags'],
  ['build: { context: ., cache_to: ["type=local,dest=/x"] }', 'outside-path build.cache_to[0]'],
])('a service with %s', (lines, finding) => {
  const image = /^(image|build): /.test(lines) ? '' : 'image: x, ';
  const findings = found(`services: { web: { ${image}${lines} } }`);
  expect(findings.map((text) => text.replace('services.web.', ''))).toEqual([finding]);
});

test.each([
  ['networks: { a: { external: true } }', 'external-network networks.a.external'],
  ['networks: { a: { name: other } }', 'network-name networks.a.name'],
  ['networks: { a: { driver: host } }', 'network-driver networks.a.driver'],
  ['networks: { a: { driver: macvlan } }', 'network-driver networks.a.driver'],
  [
    'networks: { a: { driver_opts: { com.docker.network.bridge.name: docker0 } } }',
    'network-option networks.a.driver_opts.com.docker.network.bridge.name',
  ],
  ['networks: { a: { ipam: { config: [{ subnet: 10.0.0.0/8 }] } } }', 'fixed-subnet networks.a.ipam'],
  ['networks: { a: { ipam: { driver: x } } }', 'network-driver networks.a.ipam.driver'],
  ['volumes: { a: { external: true } }', 'external-volume volumes.a.external'],
  ['volumes: { a: { external: { name: x } } }', 'external-volume volumes.a.external'],
  ['volumes: { a: { name: pg-2-x_a } }', 'volume-name volumes.a.name'],
  ['volumes: { a: { driver: nfs } }', 'volume-driver volumes.a.driver'],
  [
    'volumes: { a: { driver_opts: { type: none, o: bind, device: / } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  [
    'volumes: { a: { driver_opts: { type: none, o: "rbind,ro", device: /etc } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  [
    'volumes: { a: { driver_opts: { type: ext4, device: /dev/sda1 } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  [
    'volumes: { a: { driver_opts: { type: none, o: bind, device: etc } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  [
    'volumes: { a: { driver_opts: { type: tmpfs, o: bind, device: /etc } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  [
    'volumes: { a: { driver_opts: { type: nfs, o: "addr=10.0.0.1", device: ":/x" } } }',
    'volume-driver volumes.a.driver_opts',
  ],
  ['configs: { a: { file: /etc/shadow } }', 'outside-file configs.a.file'],
  ['secrets: { a: { file: ../a } }', 'outside-file secrets.a.file'],
  ['secrets: { a: { external: true } }', 'external-file secrets.a.external'],
  ['include: [../other.yaml]', 'outside-file include[0]'],
  ['include: [{ path: [a.yaml, /b.yaml] }]', 'outside-file include[0].path[1]'],
  ['include: [{ path: a.yaml, env_file: /x }]', 'outside-file include[0].env_file'],
  ['include: ["oci://example.org/x"]', 'outside-file include[0]'],
  ['servics: {}', 'unknown-field servics'],
])('a file with %s', (lines, finding) => {
  expect(found(`{ ${lines} }`)).toEqual([finding]);
});

test('what stays inside of the playground is not spoken of', () => {
  expect(
    found(`
name: pg-1-lab
services:
  web:
    image: x
    init: true
    cap_add: [NET_BIND_SERVICE]
    cap_drop: [ALL]
    security_opt: [no-new-privileges, "no-new-privileges:true"]
    network_mode: service:db
    ipc: shareable
    privileged: false
    ports: [80, "8080"]
    volumes: [data:/data, /anonymous, ./x:/x, /srv/pg/y:/y, { type: tmpfs, target: /t }]
    env_file: [.env, { path: x/y.env, required: false }]
    logging: { driver: json-file }
    build: { context: ./app, dockerfile: docker/Dockerfile, additional_contexts: [base=docker-image://x, y=service:db] }
    x-mine: 1
networks: { default: { name: pg-1-lab_default, ipam: {} } }
volumes:
  data: { name: pg-1-lab_data }
  memory: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=10m" } }
configs: { a: { content: x } }
secrets: { b: { file: ./secret }, c: { environment: TOKEN } }
x-anything: {}
`),
  ).toEqual([]);
});

test('a link in the checkout counts as what it leads to', () => {
  const followLinks = (path: string) => path.replace('/srv/pg/link', '/etc');
  expect(web('volumes: [./link:/x]', { ...rendered, followLinks })).toEqual(['outside-path volumes[0]']);
  expect(web('volumes: [./link/../y:/x]', { ...rendered, followLinks })).toEqual([]);
});

test('what is interpolated later is judged later, but for files that are read before', () => {
  const context = contextOfText({});
  expect(web('privileged: "${P}", volumes: ["${D:-/etc}:/x"], cap_add: ["$C"]', context)).toEqual([]);
  expect(web('env_file: "${E}"', context)).toEqual(['outside-file env_file']);
});

test('the policy decides what is denied, warned of, and let through', () => {
  const file = parse(
    'services: { web: { image: x, privileged: true, container_name: x, sysctls: [a=b] } }',
  ) as unknown;
  const levels = (policy: HostPolicy) =>
    lintCompose(file, { ...rendered, policy }).map(({ rule, level }) => `${rule} ${level}`);
  expect(levels({})).toEqual(['privileged deny', 'sysctl warn', 'container-name warn']);
  expect(levels({ privileged: 'warn', 'container-name': 'deny', sysctl: 'allow' })).toEqual([
    'privileged warn',
    'container-name deny',
  ]);
  expect(hostPolicySchema.parse({ privileged: 'warn' })).toEqual({ privileged: 'warn' });
  expect(hostPolicySchema.safeParse({ privilege: 'warn' }).success).toBe(false);
  expect(hostPolicySchema.safeParse({ privileged: 'off' }).success).toBe(false);
});

test('a finding says whose it is, why, and how to mend it', () => {
  const [finding] = lintCompose(parse('volumes: { data: { external: true } }'), rendered);
  expect(finding && findingToIssue(finding)).toEqual({
    code: 'compose-denied',
    path: ['volumes', 'data', 'external'],
    parameters: {
      owner: 'Volume `data`',
      what: 'external: true',
      why: 'holds the data of somebody else',
      mend: 'Remove `external`; the playground makes its own.',
      rule: 'external-volume',
    },
  });
});

test('a network of Docker’s is mended by leaving its field out', () => {
  const [finding] = lintCompose(parse('services: { web: { image: x, network_mode: bridge } }'), rendered);
  expect(finding?.mend).toMatch(/^Remove `network_mode`/);
});

test('docs/compose.md has every rule with its default', () => {
  const text = readFileSync(new URL('../../../../../docs/compose.md', import.meta.url), 'utf8');
  for (const name of policyRuleNames) expect(text).toContain(`| \`${name}\` | ${policyRules[name].level} |`);
});

test('of a rendered file, only blocks that could open the host are asked for their fields', () => {
  const device = { Path: '/dev/sda', Rate: 5 };
  const file = {
    services: { web: { image: 'x', blkio_config: { device_read_bps: [device] }, build: { opens: 1 } } },
  };
  const context = { policy: {}, project: 'p', folder: '/f', roots: ['/f'], rendered: true };
  expect(lintCompose(file, context).map(({ path }) => path.join('.'))).toEqual(['services.web.build.opens']);
});

test.each([
  ['scale: 20', []],
  ['scale: 21', ['replicas scale']],
  ['deploy: { replicas: 100000 }', ['replicas deploy.replicas']],
  ['deploy: { replicas: "21" }', ['replicas deploy.replicas']],
  ['deploy: { replicas: "${N}" }', []],
])('`%s`: more containers than a service may have are refused', (line, findings) => {
  expect(web(line)).toEqual(findings);
  expect(web(line, contextOfText({}))).toEqual(findings);
});
