/** MiB of memory of the machine below: the least that Debian starts in without swapping. */
export const smallRamMiB = 256;

/** Manifest of one machine that costs as little as a real one can. */
export const smallMachine = `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${smallRamMiB}MiB }
`;
