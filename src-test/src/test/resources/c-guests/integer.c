// Integers: sorting, primes, division, wide products, bits, strings, structures by value, recursion.
#include "print.h"

struct pair {
  int32_t key;
  u64 value;
};

static struct pair pairs[500];

static KEEP void sort(struct pair *p, int from, int to) {
  if (from >= to)
    return;
  struct pair middle = p[(from + to) / 2];
  int i = from, j = to;
  while (i <= j) {
    while (p[i].key < middle.key)
      i++;
    while (p[j].key > middle.key)
      j--;
    if (i <= j) {
      struct pair t = p[i];
      p[i++] = p[j];
      p[j--] = t;
    }
  }
  sort(p, from, j);
  sort(p, i, to);
}

static KEEP u64 power(u64 base, u64 exponent, u64 modulus) {
  u64 result = 1;
  for (; exponent; exponent >>= 1) {
    if (exponent & 1)
      result = (unsigned __int128)result * base % 0xffffffffull % modulus;
    base = (unsigned __int128)base * base % 0xffffffffull % modulus;
  }
  return result;
}

// 128-bit division by a small number, which the compiler calls for.
typedef unsigned __int128 u128;
u128 __umodti3(u128 a, u128 b) {
  u128 rest = 0;
  for (int i = 127; i >= 0; i--) {
    rest = rest << 1 | (a >> i & 1);
    if (rest >= b)
      rest -= b;
  }
  return rest;
}

static KEEP u32 crc(const u8 *data, size_t bytes) {
  u32 c = ~0u;
  for (size_t i = 0; i < bytes; i++) {
    c ^= data[i];
    for (int k = 0; k < 8; k++)
      c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
  }
  return ~c;
}

static KEEP u64 ackermann(u64 m, u64 n) {
  return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static KEEP int64_t divisions(void) {
  int64_t sum = 0;
  for (int i = 0; i < 300; i++) {
    int64_t a = (int64_t)chance(), b = (int64_t)chance() >> (chance() & 63);
    int32_t c = (int32_t)a, d = (int32_t)b;
    if (b != 0)
      sum += a / b ^ a % b;
    if (d != 0 && d != -1)
      sum += c / d - c % d + (u32)c / (u32)d;
    sum ^= a / 7 + c / 10 + (u64)a % 1000003;
  }
  return sum;
}

static KEEP u64 bit_tricks(void) {
  u64 sum = 0;
  for (int i = 0; i < 300; i++) {
    u64 v = chance();
    sum += __builtin_clzll(v | 1) * 3 + __builtin_ctzll(v | 1ull << 63);
    sum ^= __builtin_bswap64(v) + __builtin_bswap32((u32)v) + __builtin_bswap16((u16)v);
    sum = sum << 13 | sum >> 51;
    sum += (v >> 7 & 0x1fff) | (u64)(int64_t)(int8_t)v << 20;
    sum -= (u64)((unsigned __int128)v * sum >> 64);
  }
  return sum;
}

static u8 sieve[4000];

static KEEP u32 primes(void) {
  u32 count = 0;
  for (u32 i = 2; i < sizeof sieve; i++) {
    if (!sieve[i]) {
      count++;
      for (u32 k = i * i; k < sizeof sieve; k += i)
        sieve[k] = 1;
    }
  }
  return count;
}

static KEEP u64 chosen(u32 which, u64 v) {
  switch (which % 9) {
    case 0: return v + 1;
    case 1: return v * 5;
    case 2: return v ^ v >> 3;
    case 3: return ~v;
    case 4: return -v;
    case 5: return v & 0xff00ff00ff00ffull;
    case 6: return v | 0x8000000000000001ull;
    case 7: return v > 77 ? v - 77 : v;
    default: return v >> 33;
  }
}

int main(void) {
  for (int i = 0; i < 500; i++)
    pairs[i] = (struct pair){(int32_t)chance(), (u64)i};
  sort(pairs, 0, 499);
  show("sorted", mixed(pairs, sizeof pairs));
  show("power", power(123456789, 0xfedcba987, 1000000007));
  show("crc", crc((const u8 *)"The quick brown fox jumps over the lazy dog", 43));
  show("ackermann", ackermann(2, 9));
  show("divisions", (u64)divisions());
  show("bits", bit_tricks());
  show("primes", primes());
  u64 v = 1;
  for (u32 i = 0; i < 1000; i++)
    v = chosen(i * 7, v) + i;
  show("chosen", v);
  return 0;
}
