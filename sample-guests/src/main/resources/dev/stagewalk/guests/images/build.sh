#!/bin/sh
# Builds host.elf; needs gcc and binutils for aarch64-linux-gnu.
set -eu
cd "$(dirname "$0")"
aarch64-linux-gnu-gcc -g -O2 -std=gnu17 -Wall -Wextra -ffreestanding -fpie -fno-stack-protector \
  -fno-asynchronous-unwind-tables -mgeneral-regs-only -mstrict-align -mno-outline-atomics -fno-common \
  -fvisibility=hidden -ffile-prefix-map="$PWD"=. -nostdlib -static-pie \
  -Wl,--build-id=none,-z,max-page-size=4096,-z,norelro,--no-dynamic-linker,-T,image.ld \
  host.S host.c -o host.elf
