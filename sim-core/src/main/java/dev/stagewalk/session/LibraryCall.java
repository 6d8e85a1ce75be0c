package dev.stagewalk.session;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Size;
import dev.stagewalk.hyp.MapFlags;
import dev.stagewalk.hyp.Result;
import dev.stagewalk.hyp.Stage2Mmu;
import java.util.Locale;

/**
 * A function of the hypervisor's library, called for the guest that runs, with all the maintenance
 * it does. What the library answers stands in the event of the call's end; a call that it refuses
 * changes nothing.
 */
public sealed interface LibraryCall extends Edit {

  /** As {@link InjectionGrammar} reads it: {@code split ipa 0x40200000}. */
  String text();

  /** Makes the call. */
  Result perform(Stage2Mmu mmu);

  /**
   * What a call is about.
   *
   * @param ipa first byte
   * @param size bytes; 0 for the granule that begins there
   */
  record Range(long ipa, long size) {
    private String text() {
      return " ipa " + Hex.plain(ipa) + (size == 0 ? "" : " size " + Hex.plain(size));
    }

    private String words() {
      return Hex.address(ipa) + (size == 0 ? "" : " " + Size.words(size));
    }

    private long bytes(Stage2Mmu mmu) {
      return size == 0 ? mmu.granule().bytes() : size;
    }
  }

  /** Permissions of a stage-2 leaf, as {@code s2mmu_protect} gives them. */
  enum Permissions {
    NONE(MapFlags.XN),
    R(MapFlags.READ | MapFlags.XN),
    RW(MapFlags.READ | MapFlags.WRITE | MapFlags.XN),
    RX(MapFlags.READ),
    RWX(MapFlags.READ | MapFlags.WRITE);

    private final long bits;

    Permissions(long bits) {
      this.bits = bits;
    }

    private String typed() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code s2mmu_protect}: other permissions for all that is mapped in a range. */
  record Protect(Range range, Permissions permissions) implements LibraryCall {
    @Override
    public String text() {
      return "protect" + range.text() + " " + permissions.typed();
    }

    @Override
    public String words() {
      return "give " + range.words() + " the permissions " + permissions.typed();
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.protect(range.ipa(), range.bytes(mmu), permissions.bits);
    }
  }

  /** {@code s2mmu_clear_access}: the Access flags of a range, with a TLBI or without. */
  record ClearAccess(Range range, boolean invalidate) implements LibraryCall {
    @Override
    public String text() {
      return "age" + range.text() + (invalidate ? "" : " no-tlbi");
    }

    @Override
    public String words() {
      return "clear the Access flags of " + range.words() + (invalidate ? "" : ", without a TLBI");
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.clearAccess(range.ipa(), range.bytes(mmu), invalidate);
    }
  }

  /** {@code s2mmu_accessed}: which Access flags of a range are set. */
  record Accessed(Range range) implements LibraryCall {
    @Override
    public String text() {
      return "accessed" + range.text();
    }

    @Override
    public String words() {
      return "read the Access flags of " + range.words();
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.accessed(range.ipa(), range.bytes(mmu));
    }
  }

  /** {@code s2mmu_log_start}: from now on the pages written in a range are logged. */
  record StartLog(Range range) implements LibraryCall {
    @Override
    public String text() {
      return "log-start" + range.text();
    }

    @Override
    public String words() {
      return "log the writes to " + range.words();
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.startLog(range.ipa(), range.bytes(mmu));
    }
  }

  /** {@code s2mmu_log_collect}: the pages written since the last time. */
  record CollectLog(Range range) implements LibraryCall {
    @Override
    public String text() {
      return "log-collect" + range.text();
    }

    @Override
    public String words() {
      return "collect the pages written in " + range.words();
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.collectLog(range.ipa(), range.bytes(mmu));
    }
  }

  /** {@code s2mmu_log_stop}. */
  record StopLog() implements LibraryCall {
    @Override
    public String text() {
      return "log-stop";
    }

    @Override
    public String words() {
      return "end the log of writes";
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.stopLog();
    }
  }

  /** {@code s2mmu_split}: the block that translates an IPA becomes the next level's entries. */
  record Split(long ipa) implements LibraryCall {
    @Override
    public String text() {
      return "split ipa " + Hex.plain(ipa);
    }

    @Override
    public String words() {
      return "split the block at " + Hex.address(ipa);
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.split(ipa);
    }
  }

  /** {@code s2mmu_merge}: what is below a table becomes one block. */
  record Merge(long ipa, int level) implements LibraryCall {
    @Override
    public String text() {
      return "merge ipa " + Hex.plain(ipa) + " level " + level;
    }

    @Override
    public String words() {
      return "merge what is at " + Hex.address(ipa) + " into a level " + level + " block";
    }

    @Override
    public Result perform(Stage2Mmu mmu) {
      return mmu.merge(ipa, level);
    }
  }
}
