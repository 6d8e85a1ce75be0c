package dev.stagewalk.hyp;

import dev.stagewalk.cpu.El2;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the host keeps what is its own: the structures of its guests, and the tables of their
 * frames. A check asks it, so that it can tell when a guest reaches them.
 */
public final class HostPages {
  /** Guests and PEs that are followed, more than there can be. */
  private static final int MOST_STRUCTURES = 256;

  private static final int MOST_PES = (GuestStruct.ENDING - GuestStruct.PES) / 8;
  private static final int MOST_REGIONS = (GuestStruct.NUMBER - GuestStruct.FRAMES) / 8;

  private HostPages() {}

  /**
   * First address of each allocation, and what it is in words.
   *
   * @param struct what TPIDR_EL2 holds while a guest runs; 0 for none
   */
  public static Map<Long, String> of(El2 el2, long struct) {
    Map<Long, String> found = new TreeMap<>();
    Set<Long> followed = new HashSet<>();
    long next = struct;
    while (next != 0 && followed.size() < MOST_STRUCTURES && followed.add(next)) {
      GuestStruct guest = new GuestStruct(next).owner(el2);
      found.put(guest.at(), "struct guest of the host");
      for (int pe = 0; pe < MOST_PES; pe++) {
        put(found, guest.get(el2, GuestStruct.PES + 8 * pe), "struct guest of the host");
      }
      for (int region = 0; region < MOST_REGIONS; region++) {
        put(
            found,
            guest.get(el2, GuestStruct.FRAMES + 8 * region),
            "the host's table of the guest's frames");
      }
      next = guest.get(el2, GuestStruct.NEXT);
    }
    return found;
  }

  private static void put(Map<Long, String> found, long at, String what) {
    if (at != 0) {
      found.putIfAbsent(at, what);
    }
  }
}
