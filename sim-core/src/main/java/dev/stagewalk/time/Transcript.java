package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.Arrays;

/**
 * Characters printed in a run, each with its moment. Past a million the oldest half is dropped and
 * the text says so.
 */
final class Transcript {
  private static final int LIMIT = 1 << 20;

  private char[] characters = new char[256];
  private long[] instructions = new long[256];
  private long[] micros = new long[256];
  private int length;
  private long dropped;

  void append(long instruction, long micro, char character) {
    if (length == LIMIT) {
      int half = LIMIT / 2;
      System.arraycopy(characters, half, characters, 0, half);
      System.arraycopy(instructions, half, instructions, 0, half);
      System.arraycopy(micros, half, micros, 0, half);
      length = half;
      dropped += half;
    }
    if (length == characters.length) {
      characters = Arrays.copyOf(characters, length * 2);
      instructions = Arrays.copyOf(instructions, length * 2);
      micros = Arrays.copyOf(micros, length * 2);
    }
    characters[length] = character;
    instructions[length] = instruction;
    micros[length] = micro;
    length++;
  }

  void truncateAfter(Moment moment) {
    length = countAt(moment);
  }

  String textAt(Moment moment) {
    int count = countAt(moment);
    if (dropped == 0) {
      return new String(characters, 0, count);
    }
    return count == 0
        ? "[what was printed up to here is no longer kept]\n"
        : "[" + dropped + " earlier characters dropped]\n" + new String(characters, 0, count);
  }

  /** Bytes of host memory it takes. */
  long bytes() {
    return characters.length * 18L;
  }

  private int countAt(Moment moment) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean happened =
          instructions[middle] < moment.instruction()
              || (instructions[middle] == moment.instruction() && micros[middle] <= moment.micro());
      if (happened) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
