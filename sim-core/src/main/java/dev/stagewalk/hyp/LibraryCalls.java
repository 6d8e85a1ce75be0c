package dev.stagewalk.hyp;

import java.util.List;

/**
 * Calls by which a guest that is a test asks its host to do something to its stage 2, while it
 * looks on. HVC #0x5200 and up; x0 is an IPA, x1 a size in bytes unless it says otherwise. In x0 it
 * gets 0, or −1 if the library refused. Where pages are listed, x1 is their number and bit n of x2
 * says whether granule n of the range is among them, n below 64.
 *
 * <ul>
 *   <li>0x5200 query: x0 becomes the PA, x1 the size of the leaf, x2 its descriptor
 *   <li>0x5201 permissions: x2 is 1 for read, 2 for write, 4 for execute, added up
 *   <li>0x5202 clear Access flags, and list those that were set: x2 is 1 with a TLBI, 0 without
 *   <li>0x5203 list those whose Access flag is set
 *   <li>0x5204 log writes
 *   <li>0x5205 list the pages written, which are clean afterwards
 *   <li>0x5206 end the log
 *   <li>0x5207 split the block
 *   <li>0x5208 merge into a block of level x1
 *   <li>0x5209 hardware updates of descriptors: x0 is VTCR_EL2.HA, x1 is HD
 *   <li>0x520a map to the PA in x2; x3 is the leaf's attribute bits, or 0 for those of data
 *   <li>0x520b unmap
 *   <li>0x520c unmap from the guest that has the next turn, whose tables are not in force now
 * </ul>
 */
public final class LibraryCalls implements ExitHandler {
  private static final int FIRST = 0x5200;
  private static final int LAST = 0x520c;
  private static final int BITS = 64;

  @Override
  public String name() {
    return "library";
  }

  @Override
  public HandlerAnswer handle(GuestExit exit) {
    int call = (int) exit.esr() & 0xffff;
    if (exit.exceptionClass() != Syndrome.HVC64 || call < FIRST || call > LAST) {
      return HandlerAnswer.NOT_MINE;
    }
    Result result = perform(exit, call);
    answer(exit, call, result);
    return new HandlerAnswer.Resume(
        name(), "HVC #0x" + Integer.toHexString(call) + ": " + result.words());
  }

  private static Result perform(GuestExit exit, int call) {
    Stage2Mmu mmu = exit.stage2();
    long ipa = exit.x(0);
    long size = exit.x(1);
    boolean flag = (exit.x(2) & 1) != 0;
    return switch (call) {
      case 0x5200 -> mmu.translate(ipa);
      case 0x5201 -> mmu.protect(ipa, size, permissions(exit.x(2)));
      case 0x5202 -> mmu.clearAccess(ipa, size, flag);
      case 0x5203 -> mmu.accessed(ipa, size);
      case 0x5204 -> mmu.startLog(ipa, size);
      case 0x5205 -> mmu.collectLog(ipa, size);
      case 0x5206 -> mmu.stopLog();
      case 0x5207 -> mmu.split(ipa);
      case 0x5208 -> mmu.merge(ipa, (int) Math.clamp(size, -1, 4));
      case 0x520a -> mmu.map(ipa, exit.x(2), size, flags(exit));
      case 0x520b -> mmu.unmap(ipa, size);
      case 0x520c -> unmapFromNext(exit, ipa, size);
      default -> hardwareUpdates(exit, (ipa & 1) != 0, (size & 1) != 0);
    };
  }

  private static Result unmapFromNext(GuestExit exit, long ipa, long size) {
    long next = exit.guest().owner().get(exit.el2(), GuestStruct.NEXT);
    return next == 0
        ? Result.refused("there is no other guest")
        : Guest.stage2(exit.el2(), exit.defects(), next).unmap(ipa, size);
  }

  private static Result hardwareUpdates(GuestExit exit, boolean accessFlag, boolean dirtyState) {
    Result done = exit.stage2().hardwareUpdates(accessFlag, dirtyState);
    if (done.ok() && !exit.defects().has(Defect.VTCR_NOT_IN_GUEST)) {
      // Each PE of the guest loads it when it is entered or resumed.
      for (int pe = 0; pe < exit.guest().plan().pes(); pe++) {
        new GuestStruct(exit.guest().pe(pe))
            .set(exit.el2(), GuestStruct.VTCR, exit.stage2().vtcr());
      }
    }
    return done;
  }

  private static long flags(GuestExit exit) {
    return exit.x(3) == 0 ? MapFlags.data(exit.defects()) : exit.x(3);
  }

  private static long permissions(long wanted) {
    return ((wanted & 1) != 0 ? MapFlags.READ : 0)
        | ((wanted & 2) != 0 ? MapFlags.WRITE : 0)
        | ((wanted & 4) != 0 ? 0 : MapFlags.XN);
  }

  /** As posted the function that maps returns nothing, so nobody can tell that it failed. */
  private static boolean isUntold(GuestExit exit, int call) {
    return call == 0x520a && exit.defects().has(Defect.CONFLICT_STOP);
  }

  private static void answer(GuestExit exit, int call, Result result) {
    long ipa = exit.x(0);
    switch (result) {
      case Result.Ok _ -> exit.setX(0, 0);
      case Result.Changed(int leaves) -> {
        exit.setX(0, 0);
        exit.setX(1, leaves);
      }
      case Result.Refused _ -> exit.setX(0, isUntold(exit, call) ? 0 : -1);
      case Result.Leads(Mapping mapping) -> {
        exit.setX(0, mapping.pa());
        exit.setX(1, mapping.size());
        exit.setX(2, mapping.leaf());
      }
      case Result.Found(List<Mapping> found) -> {
        exit.setX(0, 0);
        exit.setX(1, found.size());
        exit.setX(2, bits(found, ipa, exit.stage2().granule().bytes()));
      }
    }
  }

  private static long bits(List<Mapping> found, long from, long granule) {
    long bits = 0;
    for (Mapping mapping : found) {
      for (int n = 0; n < BITS; n++) {
        long page = from + n * granule;
        if (page >= mapping.ipa() && page < mapping.ipa() + mapping.size()) {
          bits |= 1L << n;
        }
      }
    }
    return bits;
  }
}
