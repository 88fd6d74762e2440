#!/bin/sh
# examinerctl, as Playhouse brings it: what became of this playground's init tasks, asked from inside one of its machines.
tasks=/run/playhouse/tasks

usage() {
  cat >&2 <<'END'
usage: examinerctl task ls [--json]
       examinerctl task get TASK
       examinerctl task wait TASK [--timeout 90s]
END
  exit 2
}

# A line per task: name, machine, kind, status, input.
line_of() {
  [ -r "$tasks" ] && while read -r name machine kind status input; do
    [ "$name" = "$1" ] && return 0
  done <"$tasks"
  return 1
}

unknown() {
  echo "examinerctl: there is no task '$1' here; 'examinerctl task ls' lists them" >&2
  exit 2
}

list() {
  [ -r "$tasks" ] || { echo 'examinerctl: nothing is known of tasks yet' >&2; exit 1; }
  if [ "${1-}" = --json ]; then
    comma='['
    while read -r name machine kind status input; do
      printf '%s{"name":"%s","machine":"%s","kind":"%s","status":"%s","input":"%s"}' \
        "$comma" "$name" "$machine" "$kind" "$status" "$input"
      comma=,
    done <"$tasks"
    echo ']'
  else
    [ $# = 0 ] || usage
    printf '%-32s %-20s %-8s %s\n' NAME MACHINE KIND STATUS
    while read -r name machine kind status input; do
      printf '%-32s %-20s %-8s %s\n' "$name" "$machine" "$kind" "$status"
    done <"$tasks"
  fi
}

get() {
  [ $# = 1 ] || usage
  line_of "$1" || unknown "$1"
  printf 'name: %s\nmachine: %s\nkind: %s\nstatus: %s\ninput: %s\n' "$name" "$machine" "$kind" "$status" "$input"
}

# 90, 90s, 2m or 1h in seconds.
seconds_of() {
  number=${1%[smh]}
  case $number in '' | *[!0-9]*) usage ;; esac
  case $1 in
    *m) echo $((number * 60)) ;;
    *h) echo $((number * 3600)) ;;
    *) echo "$number" ;;
  esac
}

wait_for() {
  task='' left=-1
  while [ $# -gt 0 ]; do
    case $1 in
      --timeout=*) left=$(seconds_of "${1#*=}") || exit 2 ;;
      --timeout | -t)
        [ $# -gt 1 ] || usage
        left=$(seconds_of "$2") || exit 2
        shift
        ;;
      -*) usage ;;
      *)
        [ -z "$task" ] || usage
        task=$1
        ;;
    esac
    shift
  done
  [ -n "$task" ] || usage
  # Counted by sleeping: the clock may be set while we wait.
  while :; do
    if line_of "$task"; then
      case $status in
        completed) echo "$task: completed" && exit 0 ;;
        failed) echo "$task: failed" >&2 && exit 1 ;;
      esac
    elif [ -r "$tasks" ]; then
      unknown "$task"
    fi
    [ "$left" != 0 ] || { echo "examinerctl: '$task' is ${status:-unknown} still" >&2; exit 124; }
    sleep 1
    left=$((left - 1))
  done
}

case ${1-}:${2-} in
  task:ls | task:list | tasks:ls | tasks:list) shift 2 && list "$@" ;;
  task:get | tasks:get) shift 2 && get "$@" ;;
  task:wait | tasks:wait) shift 2 && wait_for "$@" ;;
  task:input | tasks:input)
    echo "examinerctl: inputs come from outside: 'playhouse playground answer'" >&2
    exit 2
    ;;
  *) usage ;;
esac
