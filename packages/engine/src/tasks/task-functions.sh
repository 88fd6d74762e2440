# Functions that the scripts of tasks may call: those that the task engine of the described system has, by the same names, so
# that a manifest written for it runs unchanged. POSIX shell, read before each script: nothing here may take time or print.
# docker is spoken to as the task's user, the other runtimes need root. An address is that on a container's first network.

_playhouse_as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
_playhouse_first_address() { sed '/^$/d' | head -n 1; }
_playhouse_addresses='{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}'

docker_container_name() { docker container inspect --format '{{.Name}}' "$@"; }
docker_container_pid() { docker container inspect --format '{{.State.Pid}}' "$@"; }
docker_container_ip() { docker container inspect --format "$_playhouse_addresses" "$@" | _playhouse_first_address; }
docker_container_image() { docker container inspect --format '{{.Config.Image}}' "$@"; }
docker_container_image_id() { docker container inspect --format '{{.Image}}' "$@"; }
docker_container_is_running() {
  [ "$(docker container inspect --format '{{.State.Running}}' "$@" 2> /dev/null)" = true ]
}
docker_container_exit_code() { docker container inspect --format '{{.State.ExitCode}}' "$@"; }
docker_container_count_total() { docker ps -aq | wc -l; }
docker_container_count_running() { docker ps -q | wc -l; }
docker_image_id() { docker image inspect --format '{{.Id}}' "$@"; }
docker_image_size_bytes() { docker image inspect --format '{{.Size}}' "$@"; }

podman_container_name() { _playhouse_as_root podman container inspect --format '{{.Name}}' "$@"; }
podman_container_pid() { _playhouse_as_root podman container inspect --format '{{.State.Pid}}' "$@"; }
podman_container_ip() {
  _playhouse_as_root podman container inspect --format "$_playhouse_addresses" "$@" | _playhouse_first_address
}
podman_container_is_running() {
  [ "$(_playhouse_as_root podman container inspect --format '{{.State.Running}}' "$@" 2> /dev/null)" = true ]
}
podman_container_exit_code() { _playhouse_as_root podman container inspect --format '{{.State.ExitCode}}' "$@"; }
podman_container_count_total() { _playhouse_as_root podman ps -aq | wc -l; }
podman_container_count_running() { _playhouse_as_root podman ps -q | wc -l; }

nerdctl_container_name() { _playhouse_as_root nerdctl container inspect --format '{{.Name}}' "$@"; }
nerdctl_container_pid() { _playhouse_as_root nerdctl container inspect --format '{{.State.Pid}}' "$@"; }
nerdctl_container_ip() {
  _playhouse_as_root nerdctl container inspect --format "$_playhouse_addresses" "$@" | _playhouse_first_address
}
nerdctl_container_is_running() {
  [ "$(_playhouse_as_root nerdctl container inspect --format '{{.State.Running}}' "$@" 2> /dev/null)" = true ]
}
nerdctl_container_exit_code() { _playhouse_as_root nerdctl container inspect --format '{{.State.ExitCode}}' "$@"; }
nerdctl_container_count_total() { _playhouse_as_root nerdctl ps -aq | wc -l; }
nerdctl_container_count_running() { _playhouse_as_root nerdctl ps -q | wc -l; }

# ctr prints tables: TASK PID STATUS of all tasks, PID INFO of the processes of one.
ctr_container_pid() { _playhouse_as_root ctr tasks ps "$@" | awk 'NR == 2 { print $1 }'; }
ctr_container_netns() {
  _playhouse_as_root lsns -p "$(ctr_container_pid "$@")" -t net --nowrap --noheadings | awk '{ print $1 }'
}
ctr_container_is_running() {
  _playhouse_as_root ctr tasks list 2> /dev/null |
    awk -v name="$1" '$1 == name && $3 == "RUNNING" { found = 1 } END { exit !found }'
}
ctr_container_count_total() { _playhouse_as_root ctr containers list -q | wc -l; }
ctr_container_count_running() { _playhouse_as_root ctr tasks list | awk '$3 == "RUNNING"' | wc -l; }

# What authors have of their own.
for _playhouse_check in /opt/iximiuz-labs/examiner/checks.d/*; do
  if [ -f "$_playhouse_check" ] && [ -r "$_playhouse_check" ]; then . "$_playhouse_check"; fi
done
unset _playhouse_check
