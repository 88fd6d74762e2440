/* The agent's life: wait for a host, serve its requests, clean up after it, wait for the next one. */
#ifndef PLAYHOUSE_SERVE_H
#define PLAYHOUSE_SERVE_H
/* The virtio-serial port of that name; forks itself once the port is open. Returns only on an error, as an errno. */
int serve_port(const char *name);
/* For tests: a unix socket at that path, in the foreground. */
int serve_socket(const char *path);
#endif
