#!/usr/bin/env bash
# One run in several processes on this machine:
#   launch/local.sh 2 python -m motext_jax.train --config=... --workdir=... --multiprocess
# GPUs are dealt out in equal parts; without them each process is one CPU device. Ctrl-C and SIGTERM
# are passed on, so that training saves and stops; a second one ends all at once. Where a process
# fails, the others get 5 seconds to end too, and its status is the status of all: 75 after a SIGTERM
# that came before the end, 130 after Ctrl-C.
# Run with CPUs (in CI, with 2 processes); never yet with GPUs.
set -uo pipefail

if ! [[ ${1:-} =~ ^[1-9][0-9]*$ ]] || [ $# -lt 2 ]; then
  echo "usage: launch/local.sh PROCESSES COMMAND... --multiprocess" >&2
  exit 2
fi
processes=$1
shift

gpus=0
if [ "${JAX_PLATFORMS:-}" != cpu ] && command -v nvidia-smi > /dev/null; then
  gpus=$(nvidia-smi --list-gpus | grep -c .)
  [ -z "${CUDA_VISIBLE_DEVICES+set}" ] || gpus=$(tr , '\n' <<< "$CUDA_VISIBLE_DEVICES" | grep -c '^[^-]')
fi
if (( gpus % processes )); then
  echo "error: $processes processes cannot share $gpus GPUs equally" >&2
  exit 2
fi

port=$((20000 + RANDOM % 12000))
while (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
export JAX_COORDINATOR_ADDRESS=127.0.0.1:$port JAX_COORDINATOR_BIND_ADDRESS=127.0.0.1:$port
export JAX_NUM_PROCESSES=$processes
unset JAX_LOCAL_DEVICE_IDS

signals=0 asked=0
pass_on() {
  if (( signals++ )); then set -- KILL; fi
  kill "-$1" $(jobs -p) 2> /dev/null
}
trap 'asked=130; pass_on INT' INT
trap 'asked=75; pass_on TERM' TERM HUP

# Each in a group of its own: else a Ctrl-C would reach them past this script, or not at all.
set -m
pids=()
for ((number = 0; number < processes && !signals; number++)); do
  export JAX_PROCESS_ID=$number
  if (( gpus )); then
    each=$((gpus / processes))
    JAX_LOCAL_DEVICE_IDS=$(seq -s , $((number * each)) $((number * each + each - 1)))
    export JAX_LOCAL_DEVICE_IDS
  fi
  "$@" 2> >(sed -u "s/^/[$number] /" >&2) &
  pids+=($!)
done
# From here on this script alone is the terminal's: else a Ctrl-C would end the sleep below and it.
set +m

# A signal that has come by now ends all, even where nothing was there to be told.
status=$asked
waited=0
while (( ${#pids[@]} )); do
  sleep 0.2
  for number in "${!pids[@]}"; do
    kill -0 "${pids[number]}" 2> /dev/null && continue
    wait "${pids[number]}"
    ended=$?
    unset "pids[number]"
    (( ended )) && echo "launch/local.sh: process $number ended with status $ended" >&2
    (( status )) || status=$ended
  done
  if (( status && waited++ == 25 && ${#pids[@]} )); then kill -KILL "${pids[@]}"; fi
done
exit "$status"
