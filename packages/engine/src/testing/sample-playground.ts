import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { noDrive, type PlaygroundRecord } from '../playgrounds/playground-record.ts';

/** Two machines on two networks; the second cannot be reached by SSH, and has three drives of which the root is the second. */
const text = `
kind: playground
playground:
  networks:
    - name: local
      subnet: 172.16.0.0/24
    - name: storage
      subnet: 10.0.0.0/16
      private: true
  machines:
    - name: web
      users:
        - name: laborant
          default: true
          welcome: Hello!
        - name: guest
          welcome: "-"
      drives: [{ source: debian-12, mount: /, size: 20GiB }]
      network:
        interfaces:
          - network: local
            address: 172.16.0.10
          - network: storage
      resources: { cpuCount: 2, ramSize: 1GiB }
      startupFiles:
        - path: /etc/motd
          content: Hi
          mode: "640"
          owner: root:root
    - name: db
      users: [{ name: root }]
      noSSH: true
      drives:
        - { mount: /srv/data, size: 2GiB, filesystem: xfs }
        - { source: debian-12, mount: / }
        - { source: debian-12, mount: /srv, readOnly: true }
      network: { interfaces: [{ network: storage }] }
`;

export const sampleId = '65f0c0ffee65f0c0ffee0042';

/** What the engine knows of a playground with that manifest. */
export function samplePlayground(id = sampleId): PlaygroundRecord {
  const parsed = parseManifest(text, { file: 'sample.yaml' });
  if (parsed.problems) throw new Error(JSON.stringify(parsed.problems));
  const machine = {
    state: 'pending',
    hostKey: null,
    boots: 3,
    process: null,
    machineId: null,
    identity: null,
    memory: null,
    resumes: false,
  } as const;
  const layered = { ...noDrive, layer: '/s/layer.qcow2' };
  return {
    order: {
      id,
      number: 42,
      slug: 'sample',
      manifest: parsed.manifest,
      conditions: {},
      authorizedKeys: ['ssh-ed25519 AAAA me'],
      from: null,
    },
    slot: 1,
    state: 'starting',
    established: false,
    error: null,
    tasks: {},
    inputs: {},
    snapshotId: null,
    startupId: null,
    cut: null,
    machines: [
      { name: 'web', ...machine, drives: [layered] },
      {
        name: 'db',
        ...machine,
        drives: [{ ...noDrive, sizeBytes: 2 * 1024 ** 3 }, layered, { ...layered }],
      },
    ],
  };
}
