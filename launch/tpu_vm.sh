#!/usr/bin/env bash
# One run on all workers of a Cloud TPU VM (a slice of a pod, or one host):
#   launch/tpu_vm.sh NAME ZONE --config=configs/ctrgcn_clip.py:babel60 --workdir=WORKDIR ...
# Copies this checkout's last commit to every worker, installs it there and trains. Ctrl-C ends the
# connection and not the run: `pkill -TERM -f motext_jax.train` on any worker saves and ends it.
# WORKDIR and the data must lie on a file system that all workers have mounted at the same place
# (Filestore, gcsfuse). The same command goes on where the run stopped.
# Never run: neither a TPU nor gcloud has been at hand. What has been tried is the same run in
# several processes on CPUs, and to compile the step of both towers at the paper's size for 8 chips
# of v5e (tpu:v5e:2x4, benchmarks/compiled.py), where 64 clips a chip take 7.5 to 8.6 GB.
set -euo pipefail
if [ $# -lt 3 ]; then
  echo "usage: launch/tpu_vm.sh NAME ZONE --config=... --workdir=..." >&2
  exit 2
fi
name=$1 zone=$2
shift 2
cd "$(dirname "$0")/.."

on_all() { gcloud compute tpus tpu-vm ssh "$name" --zone="$zone" --worker=all --command="$1"; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
archive=$folder/motext_jax.tar.gz
git archive --format=tar.gz --output="$archive" HEAD
gcloud compute tpus tpu-vm scp "$archive" "$name:motext_jax.tar.gz" --zone="$zone" --worker=all
on_all 'set -e; mkdir -p motext_jax && tar -xzf motext_jax.tar.gz -C motext_jax; cd motext_jax
  source launch/environment.sh .venv && pip install --quiet --editable ".[tpu]"'

# JAX finds the other workers by itself. Where one of them fails, JAX ends the rest within minutes.
on_all "cd motext_jax && .venv/bin/python -m motext_jax.train $(printf '%q ' "$@")--multiprocess"
