package dev.stagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.event.TlbiScope;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a TLB holds decides later answers, so that all of it must be in the hash. */
final class TlbHashTest {
  private static final Stage1Tag TAG =
      new Stage1Tag(
          3, false, 0x4000_0000L, 2, Permissions.ALL, false, MemoryType.NORMAL_WB, true, 0);

  private static final TlbEntry ENTRY =
      new TlbEntry(
          7,
          TlbEntry.Kind.COMBINED,
          1,
          Regime.EL1_0,
          5,
          Granule.K4,
          0x8000_0000L,
          12,
          0x4000_0000L,
          3,
          0x4000_07ffL,
          0x4100_0000L,
          true,
          true,
          false,
          false,
          MemoryType.NORMAL_WB,
          false,
          false,
          TAG,
          List.of(0x4100_0000L));

  private static final TlbiScope SCOPE =
      new TlbiScope(
          "rvae1is",
          Domain.INNER_SHAREABLE,
          Regime.EL1_0,
          true,
          false,
          5,
          3,
          true,
          false,
          0x8000_0000L,
          0x2000,
          3,
          Granule.K4,
          false,
          false,
          0x8_0000L);

  private static final PendingWork.Store STORE =
      new PendingWork.Store(0, 0x4100_0000L, 1, 3, PendingWork.Reach.NOBODY);

  private static final PendingWork.Tlbi TLBI = new PendingWork.Tlbi(0, SCOPE, 9, List.of(STORE));

  private static long ofStore(PendingWork.Store store) {
    return ofPending(new PendingWork.State(List.of(store), List.of()));
  }

  private static long ofTlbi(PendingWork.Tlbi tlbi) {
    return ofPending(new PendingWork.State(List.of(), List.of(tlbi)));
  }

  private static long ofPending(PendingWork.State state) {
    PendingWork pending = new PendingWork();
    pending.restore(state);
    return pending.hash();
  }

  /** Changes one component after another; each must change the hash. */
  private static <R extends Record> void eachIsIn(R record, ToLongFunction<R> hash)
      throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    @SuppressWarnings("unchecked")
    Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = components[i].getAccessor().invoke(record);
    }
    long before = hash.applyAsLong(record);
    for (int i = 0; i < values.length; i++) {
      Object old = values[i];
      values[i] = another(Objects.requireNonNull(old));
      assertThat(hash.applyAsLong(constructor.newInstance(values)))
          .as("%s with another %s", record.getClass().getSimpleName(), components[i].getName())
          .isNotEqualTo(before);
      values[i] = old;
    }
  }

  private static @Nullable Object another(Object value) {
    return switch (value) {
      case Long v -> v + 1;
      case Integer v -> v + 1;
      case Boolean v -> !v;
      case String v -> v + "nxs";
      case Permissions _ -> new Permissions(0);
      case List<?> _ -> List.of();
      case Stage1Tag _ -> null;
      case TlbiScope _ -> TlbiScope.vmalls12e1is(5);
      case Enum<?> v -> other(v);
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  private static Object other(Enum<?> value) {
    Object[] all = value.getDeclaringClass().getEnumConstants();
    return all[(value.ordinal() + 1) % all.length];
  }

  @Test
  void allOfAnEntryIsInItsHash() throws ReflectiveOperationException {
    eachIsIn(ENTRY, TlbEntry::hash);
    eachIsIn(TAG, Stage1Tag::hash);
  }

  @Test
  void allThatIsPendingIsInItsHash() throws ReflectiveOperationException {
    eachIsIn(STORE, TlbHashTest::ofStore);
    eachIsIn(TLBI, TlbHashTest::ofTlbi);
    eachIsIn(SCOPE, scope -> ofTlbi(new PendingWork.Tlbi(0, scope, 9, List.of(STORE))));
    eachIsIn(STORE, store -> ofTlbi(new PendingWork.Tlbi(0, SCOPE, 9, List.of(store))));
  }

  @Test
  void theStoresToAPageOfTablesAreInItsHash() {
    TablePages pages = new TablePages();
    pages.read(0x4000_0000L);
    long before = pages.hash();
    TablePages.State saved = pages.save();
    pages.stored(0x4000_0000L);
    assertThat(pages.hash()).isNotEqualTo(before);
    pages.restore(saved);
    assertThat(pages.hash()).isEqualTo(before);
  }
}
