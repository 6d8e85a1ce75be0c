package dev.stagewalk.isa.asm;

import org.jspecify.annotations.Nullable;

/**
 * What an expression comes to.
 *
 * @param section the section that it is an address in, or null of a constant: a number, or the
 *     distance of two addresses
 */
record Value(long number, @Nullable String section) {

  static Value of(long number) {
    return new Value(number, null);
  }

  boolean isAddress() {
    return section != null;
  }
}
