package dev.stagewalk.time;

import dev.stagewalk.event.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * Characters printed on one line of a run, each with its moment. Past a million the oldest half is
 * dropped and the text says so. Lines that part share what was printed before.
 */
final class Transcript {
  private static final int LIMIT = 1 << 20;
  private static final int CHUNK = 1024;
  private static final long CHUNK_BYTES = CHUNK * 18L;

  /** All full but the last. */
  private final List<Chunk> chunks = new ArrayList<>();

  /** Characters in the last chunk. */
  private int filled = CHUNK;

  private long dropped;

  /** The first so many chunks are kept by the line that this one left, too. */
  private int shared;

  private record Chunk(char[] characters, long[] instructions, long[] micros) {
    Chunk() {
      this(new char[CHUNK], new long[CHUNK], new long[CHUNK]);
    }

    boolean happened(int i, Moment moment) {
      return instructions[i] < moment.instruction()
          || (instructions[i] == moment.instruction() && micros[i] <= moment.micro());
    }

    Chunk copy() {
      return new Chunk(characters.clone(), instructions.clone(), micros.clone());
    }
  }

  void append(long instruction, long micro, char character) {
    if (filled == CHUNK) {
      if (chunks.size() == LIMIT / CHUNK) {
        int half = chunks.size() / 2;
        chunks.subList(0, half).clear();
        dropped += (long) half * CHUNK;
        shared = Math.max(0, shared - half);
      }
      chunks.add(new Chunk());
      filled = 0;
    }
    Chunk last = chunks.getLast();
    last.characters[filled] = character;
    last.instructions[filled] = instruction;
    last.micros[filled] = micro;
    filled++;
  }

  /** What was printed up to a moment, to be gone on from on another line. */
  Transcript fork(Moment moment) {
    int count = countAt(moment);
    Transcript fork = new Transcript();
    fork.dropped = dropped;
    fork.shared = count / CHUNK;
    fork.chunks.addAll(chunks.subList(0, fork.shared));
    if (count % CHUNK > 0) {
      fork.chunks.add(chunks.get(fork.shared).copy());
      fork.filled = count % CHUNK;
    }
    return fork;
  }

  String textAt(Moment moment) {
    int count = countAt(moment);
    StringBuilder text = new StringBuilder(count + 64);
    if (dropped > 0) {
      text.append(
          count == 0
              ? "[what was printed up to here is no longer kept]\n"
              : "[" + dropped + " earlier characters dropped]\n");
    }
    for (int at = 0; at < count; at += CHUNK) {
      text.append(chunks.get(at / CHUNK).characters, 0, Math.min(CHUNK, count - at));
    }
    return text.toString();
  }

  /** Bytes of host memory it takes by itself. */
  long bytes() {
    return (chunks.size() - shared) * CHUNK_BYTES;
  }

  private int countAt(Moment moment) {
    int low = 0;
    int high = chunks.isEmpty() ? 0 : (chunks.size() - 1) * CHUNK + filled;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chunks.get(middle / CHUNK).happened(middle % CHUNK, moment)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
