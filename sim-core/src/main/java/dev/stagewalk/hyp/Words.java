package dev.stagewalk.hyp;

import dev.stagewalk.arch.Hex;

/** Numbers in the sentences of the hypervisor. */
final class Words {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Words() {}

  static String address(long address) {
    return Hex.address(address);
  }

  static String number(long value) {
    return Hex.plain(value);
  }

  /** "4 KiB", "2 MiB"; hexadecimal if no unit divides it. */
  static String size(long bytes) {
    if (bytes < 0 || bytes > 0 && bytes % 1024 != 0) {
      return Hex.plain(bytes) + " bytes";
    }
    int unit = 0;
    long amount = bytes;
    while (amount != 0 && amount % 1024 == 0 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return amount + " " + UNITS[unit];
  }

  static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  /** Eight bytes as a little-endian word. */
  static long word(byte[] bytes, int at) {
    long word = 0;
    for (int i = 7; i >= 0; i--) {
      word = word << 8 | bytes[at + i] & 0xff;
    }
    return word;
  }

  static String count(int n, String one, String several) {
    return n + " " + (n == 1 ? one : several);
  }
}
