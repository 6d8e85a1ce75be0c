package dev.stagewalk.hyp;

import dev.stagewalk.arch.Pa;
import dev.stagewalk.cpu.El2;
import java.util.List;
import java.util.Optional;

/**
 * The memory behind a guest's regions. Each region that is not a device or the image has a table of
 * frames in simulated memory, one word a granule, 0 where the guest was given none yet, and behind
 * them one for a frame that granules share. A frame stays the guest's when it is unmapped, and
 * comes back with its content when it is mapped again.
 */
final class GuestMemory {
  private final El2 el2;
  private final Defects defects;
  private final Guest guest;
  private final List<GuestRegion> regions;
  private final long granule;

  GuestMemory(El2 el2, Defects defects, Guest guest) {
    this.el2 = el2;
    this.defects = defects;
    this.guest = guest;
    this.regions = guest.plan().regions();
    this.granule = guest.plan().granule().bytes();
  }

  private boolean remembers() {
    return !defects.has(Defect.DESTROY_LEAKS);
  }

  /** In a word of a table of frames: what begins there is a block, all of it the guest's. */
  private static final long BLOCK = 2;

  /** Maps a region that is there from the start, and makes the table of frames of any other. */
  Result prepare(int index) {
    GuestRegion region = regions.get(index);
    long first = region.ipa() & -granule;
    long bytes = (region.end() + granule - 1 & -granule) - first;
    if (region.kind().identity()) {
      boolean byWindow = region.kind() == GuestRegion.Kind.CODE && defects.has(Defect.CODE_WINDOW);
      return byWindow ? Result.OK : guest.stage2().map(first, first, bytes, region.flags(defects));
    }
    if (remembers() || region.kind().needsFrames()) {
      long table = allocateBytes(8 * (bytes / granule + 1));
      if (table == 0) {
        return Result.refused("out of memory for the frames of " + region.name());
      }
      guest.owner().set(el2, GuestStruct.FRAMES + 8 * index, table);
    }
    return switch (region.kind()) {
      case ON_DEMAND, EMULATED -> Result.OK;
      case COPY_ON_WRITE -> share(index, first, bytes);
      case CODE, DEVICE, DATA, READ_ONLY -> fill(index, first, bytes);
    };
  }

  /** Maps every granule of a region, read-only, to one frame. */
  private Result share(int index, long first, long bytes) {
    GuestRegion region = regions.get(index);
    long frame = freshFrame();
    if (frame == 0) {
      return Result.refused("out of memory for " + region.name());
    }
    if (region.firstWord() != 0) {
      el2.store(frame, 8, region.firstWord());
    }
    el2.store(sharedWord(index), 8, frame);
    for (long ipa = first; ipa < first + bytes; ipa += granule) {
      Result mapped = guest.stage2().map(ipa, frame, granule, MapFlags.readOnlyData(defects));
      if (!mapped.ok()) {
        return mapped;
      }
    }
    return Result.OK;
  }

  /** Where the frame stands that granules of a region share: behind the words of the granules. */
  private long sharedWord(int index) {
    GuestRegion region = regions.get(index);
    long first = region.ipa() & -granule;
    long granules = (region.end() - first + granule - 1) / granule;
    return table(index) + 8 * granules;
  }

  private long table(int index) {
    return guest.owner().get(el2, GuestStruct.FRAMES + 8 * index);
  }

  /** Gives a region all its frames, and maps neighbouring ones in one call. */
  private Result fill(int index, long first, long bytes) {
    GuestRegion region = regions.get(index);
    long runIpa = first;
    long runPa = 0;
    long run = 0;
    for (long ipa = first; ipa < first + bytes; ipa += granule) {
      long frame = frame(index, ipa);
      if (frame == 0) {
        return Result.refused("out of memory for " + region.name());
      }
      if (ipa == first && region.firstWord() != 0) {
        el2.store(frame + region.ipa() - first, 8, region.firstWord());
      }
      if (run > 0 && frame == runPa + run) {
        run += granule;
        continue;
      }
      Result mapped = mapRun(runIpa, runPa, run, region);
      if (!mapped.ok()) {
        return mapped;
      }
      runIpa = ipa;
      runPa = frame;
      run = granule;
    }
    return mapRun(runIpa, runPa, run, region);
  }

  private Result mapRun(long ipa, long pa, long bytes, GuestRegion region) {
    return bytes == 0 ? Result.OK : guest.stage2().map(ipa, pa, bytes, region.flags(defects));
  }

  /** Maps the granule that contains an IPA. */
  Result provide(long ipa) {
    long page = ipa & -granule;
    int index = indexOf(ipa);
    if (index < 0) {
      long frame = freshFrame();
      return frame == 0 ? outOfMemory() : map(page, frame, MapFlags.data(defects));
    }
    GuestRegion region = regions.get(index);
    long flags = region.flags(defects);
    if (region.kind().identity()) {
      return guest.stage2().map(page, page, granule, flags);
    }
    if (region.kind() == GuestRegion.Kind.EMULATED) {
      return Result.refused("nothing is ever mapped in " + region.name() + ": it is emulated");
    }
    if (region.kind() == GuestRegion.Kind.COPY_ON_WRITE && ownFrame(index, page) == 0) {
      return map(page, el2.load(sharedWord(index)), MapFlags.readOnlyData(defects));
    }
    long frame = frame(index, page);
    return frame == 0 ? outOfMemory() : map(page, frame, flags);
  }

  private static Result outOfMemory() {
    return Result.refused("out of memory for a page");
  }

  private Result map(long ipa, long frame, long flags) {
    long size = defects.has(Defect.EXPORTS_NEIGHBOURS) ? frameBytes() : granule;
    return guest.stage2().map(ipa, frame, size, flags);
  }

  private int indexOf(long ipa) {
    for (int i = 0; i < regions.size(); i++) {
      if (regions.get(i).contains(ipa)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Gives a granule that the guest shares with others a copy of its own, and maps it read-write.
   *
   * @param ipa in a region that is copied on write
   */
  Result copyOnWrite(long ipa) {
    int index = indexOf(ipa);
    long page = ipa & -granule;
    if (ownFrame(index, page) == 0) {
      long copy = freshFrame();
      if (copy == 0) {
        return outOfMemory();
      }
      el2.copy(el2.load(sharedWord(index)), copy, granule);
      el2.store(word(index, page), 8, copy);
    }
    return provide(ipa);
  }

  /**
   * Maps the whole level-2 block that contains an IPA, if it lies within its region, nothing of it
   * is there yet and there is memory for it in one piece.
   *
   * @return empty if no block fits
   */
  Optional<Result> provideBlock(long ipa) {
    int index = indexOf(ipa);
    long size = 1L << guest.plan().granule().levelShift(2);
    long start = ipa & -size;
    GuestRegion region = regions.get(index);
    if (start < region.ipa() || start + size > region.end() || table(index) == 0) {
      return Optional.empty();
    }
    for (long at = start; at < start + size; at += granule) {
      if (ownFrame(index, at) != 0) {
        return Optional.empty();
      }
    }
    Pa frame = el2.allocate(order(size));
    if (frame.equals(El2.NULL)) {
      return Optional.empty();
    }
    el2.clear(frame.value(), size);
    el2.store(word(index, start), 8, frame.value() | BLOCK);
    return Optional.of(guest.stage2().map(start, frame.value(), size, region.flags(defects)));
  }

  /** Memory of an emulated device, one granule; 0 if there is none. */
  long deviceMemory(long ipa) {
    int index = indexOf(ipa);
    return frame(index, regions.get(index).ipa() & -granule);
  }

  /** The word of a granule in the table of its region's frames. */
  private long word(int index, long ipa) {
    long first = regions.get(index).ipa() & -granule;
    return table(index) + 8 * ((ipa - first) / granule);
  }

  /** The frame that is a granule's own; 0 if it has none. */
  private long ownFrame(int index, long ipa) {
    long frame = el2.load(word(index, ipa)) & ~BLOCK;
    if (frame != 0) {
      return frame;
    }
    long block = 1L << guest.plan().granule().levelShift(2);
    long start = ipa & -block;
    if (regions.get(index).kind() != GuestRegion.Kind.ON_DEMAND
        || start < regions.get(index).ipa()) {
      return 0;
    }
    long first = el2.load(word(index, start));
    return (first & BLOCK) == 0 ? 0 : (first & ~BLOCK) + ipa - start;
  }

  /** The frame behind a granule of a region, allocated if there is none yet; 0 without memory. */
  private long frame(int index, long ipa) {
    if (table(index) == 0) {
      return freshFrame();
    }
    long frame = ownFrame(index, ipa);
    if (frame == 0) {
      frame = freshFrame();
      if (frame != 0) {
        el2.store(word(index, ipa), 8, frame);
      }
    }
    return frame;
  }

  /** What a frame owns: a granule, or as posted one host page whatever the granule is. */
  private long frameBytes() {
    return defects.has(Defect.EXPORTS_NEIGHBOURS) ? el2.hostPageSize() : granule;
  }

  private long freshFrame() {
    long bytes = frameBytes();
    Pa frame = el2.allocate(order(bytes));
    if (!frame.equals(El2.NULL) && !defects.has(Defect.FAR_NOT_HPFAR)) {
      el2.clear(frame.value(), bytes);
    }
    return frame.value();
  }

  private long allocateBytes(long bytes) {
    Pa pa = el2.allocate(order(bytes));
    if (!pa.equals(El2.NULL)) {
      el2.clear(pa.value(), bytes + 7 & -8);
    }
    return pa.value();
  }

  private int order(long bytes) {
    long pages = (bytes + el2.hostPageSize() - 1) / el2.hostPageSize();
    return pages <= 1 ? 0 : 64 - Long.numberOfLeadingZeros(pages - 1);
  }

  /** Frees every frame and the tables that name them. */
  void freeAll() {
    for (int i = 0; i < regions.size(); i++) {
      long table = table(i);
      if (table == 0) {
        continue;
      }
      GuestRegion region = regions.get(i);
      long first = region.ipa() & -granule;
      long frames = (region.end() - first + granule - 1) / granule;
      for (long n = 0; n <= frames; n++) {
        long frame = el2.load(table + 8 * n) & ~BLOCK;
        if (frame != 0) {
          el2.free(new Pa(frame));
        }
      }
      el2.free(new Pa(table));
    }
  }
}
