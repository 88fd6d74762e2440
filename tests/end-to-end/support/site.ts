// A service that is never to be away, built from a repository, and one that is not built; what rollouts are tried on.

const base = 'FROM box:1\nCMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';

/** Its page is that of the repository. */
export const wellDockerfile = `${base}COPY index.html /www/index.html\n`;

/** Its page is missing, so that it does not get well. */
export const sickDockerfile = `${base}RUN touch /www/other\n`;

/** Labels of a service that a rollout replaces only by one that serves its page; six blanks deep, like those beside them. */
export const neverAway = [
  'playgrounds.production: "true"',
  'playgrounds.zerodowntime: "true"',
  'playgrounds.healthcheck_path: /index.html',
  'playgrounds.healthcheck_interval: 1s',
  'playgrounds.healthcheck_retries: 2',
  'playgrounds.healthcheck_start_period: 2s',
].join('\n      ');

export const siteCompose = (repository: string) => `
services:
  web:
    build: .
    stop_grace_period: 1s
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      ${neverAway}
  worker: { image: 'box:1', command: 'sleep 100000', stop_grace_period: 1s, environment: { LEVEL: info }, volumes: ['data:/data'] }
volumes: { data: {} }
`;
