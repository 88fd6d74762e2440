/** What no machine reaches unless the operator says so: private, link-local and special ranges, and metadata services. */
export const closedRanges = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  // Azure’s WireServer, the only metadata service at a public address.
  '168.63.129.16/32',
] as const;
