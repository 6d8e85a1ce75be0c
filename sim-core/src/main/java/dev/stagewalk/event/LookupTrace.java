package dev.stagewalk.event;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of a walk in compact form: an immutable list whose elements are made when somebody
 * looks. A two-stage walk takes 24 lookups and more, and nobody looks at most walks.
 */
public abstract class LookupTrace extends AbstractList<Lookup> implements RandomAccess {
  private volatile @Nullable List<Lookup> lookups;

  /** Makes the elements; an immutable list, the same at every call. */
  protected abstract List<Lookup> make();

  /** Descriptor reads of the whole walk, nested ones included. */
  public abstract int reads();

  /** As {@link #reads()}, with what the TLB held. */
  public abstract int steps();

  /** Where the latest lookup was made: {@link Lookup#descriptorAddress()} of the last one. */
  public abstract long lastDescriptorAddress();

  @Override
  public final Lookup get(int index) {
    return lookups().get(index);
  }

  @Override
  public final int size() {
    return lookups().size();
  }

  private List<Lookup> lookups() {
    List<Lookup> made = lookups;
    if (made == null) {
      made = make();
      lookups = made;
    }
    return made;
  }
}
