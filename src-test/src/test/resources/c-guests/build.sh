#!/bin/sh
# Builds each program for a bare machine, and for Linux to record what it prints there; needs gcc for
# aarch64-linux-gnu and qemu-aarch64.
set -eu
cd "$(dirname "$0")"
linux=$(mktemp)
trap 'rm -f "$linux"' EXIT
for program in integer real vector; do
  flags="-O2 -std=gnu17 -Wall -Wextra -ffreestanding -fno-builtin -fno-pie -no-pie -static -nostdlib
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-math-errno -mno-outline-atomics"
  [ $program = vector ] && flags="$flags -O3"
  aarch64-linux-gnu-gcc $flags start.S $program.c -o "$linux"
  qemu-aarch64 "$linux" > $program.expected
  aarch64-linux-gnu-gcc $flags -s -DBARE -Wl,--build-id=none,-z,max-page-size=4096,-T,image.ld,--no-warn-rwx-segments \
    start.S $program.c -o $program.elf
done
