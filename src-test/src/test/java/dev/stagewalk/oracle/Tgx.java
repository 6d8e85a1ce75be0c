package dev.stagewalk.oracle;

/** A translation granule, as the pseudocode's TGx. */
enum Tgx {
  K4(12),
  K16(14),
  K64(16);

  /** log2 of the granule in bytes. */
  final int granuleBits;

  /** Address bits that one level resolves. */
  final int stride;

  Tgx(int granuleBits) {
    this.granuleBits = granuleBits;
    this.stride = granuleBits - 3;
  }

  /** log2 of the bytes that one descriptor of a level maps. Source: TranslationSize. */
  int translationSize(int level) {
    return granuleBits + (3 - level) * stride;
  }
}
