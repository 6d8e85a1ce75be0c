package dev.stagewalk.mem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhysicalMemoryTest {
  private static final long BASE = 0x4000_0000L;
  private final PhysicalMemory ram = new PhysicalMemory(BASE, 16 << 20);

  @Test
  void whatWasNeverWrittenReadsAsZeroAndTakesNoPage() {
    assertThat(ram.read(BASE + 0x1234, 8)).isZero();
    assertThat(ram.frame(BASE + 0x1234)).isNull();
  }

  @Test
  void writesOfEverySizeAndAlignmentReadBackEvenAcrossPages() {
    for (int size : new int[] {1, 2, 4, 8}) {
      for (long at = BASE + 4090; at < BASE + 4100; at++) {
        long value = 0x1122_3344_5566_7788L >>> (64 - 8 * size);
        ram.write(at, size, value);
        assertThat(ram.read(at, size)).isEqualTo(value);
      }
    }
  }

  @Test
  void aMemoryThatGoesOnFromAnothersImageLeavesThatImageAlone() {
    int pages = 10;
    MemoryImage image = ram.image();
    for (int page = 0; page < pages; page++) {
      ram.write(BASE + 0x1000L * page, 8, page);
      image = ram.image();
    }
    PhysicalMemory other = new PhysicalMemory(BASE, 16 << 20);
    for (int i = 0; i < pages; i++) {
      other.restore(image);
      for (int page = 0; page < pages; page++) {
        other.write(BASE + 0x1000L * page, 8, 99);
      }
    }
    for (int page = 0; page < pages; page++) {
      assertThat(image.read(BASE + 0x1000L * page, 8)).isEqualTo(page);
    }
  }

  @Test
  void anImageKeepsWhatItSawWhileMemoryGoesOn() {
    ram.write(BASE, 8, 1);
    MemoryImage first = ram.image();
    ram.write(BASE, 8, 2);
    MemoryImage second = ram.image();
    ram.write(BASE, 8, 3);

    assertThat(first.read(BASE, 8)).isEqualTo(1);
    assertThat(second.read(BASE, 8)).isEqualTo(2);
    assertThat(ram.read(BASE, 8)).isEqualTo(3);
  }

  @Test
  void anImageRestoredIntoAnotherMemoryIsNotChangedByItsWrites() {
    ram.write(BASE, 8, 1);
    MemoryImage image = ram.image();
    PhysicalMemory other = new PhysicalMemory(BASE, 16 << 20);
    other.restore(image);
    other.write(BASE, 8, 2);

    assertThat(image.read(BASE, 8)).isEqualTo(1);
    assertThat(ram.read(BASE, 8)).isEqualTo(1);
  }

  @Test
  void equalContentsHaveEqualHashesHoweverTheyCameAbout() {
    ram.write(BASE + 0x3000, 8, 7);
    ram.write(BASE + 0x5000, 8, 9);
    ram.write(BASE + 0x5000, 8, 0);
    PhysicalMemory other = new PhysicalMemory(BASE, 16 << 20);
    other.write(BASE + 0x3000, 8, 7);

    assertThat(ram.image().hash()).isEqualTo(other.image().hash());
    other.write(BASE + 0x3008, 1, 1);
    assertThat(ram.image().hash()).isNotEqualTo(other.image().hash());
  }

  @Test
  void goingBackToAnyImageGivesItsContentAndHash() {
    Random random = new Random(42);
    List<MemoryImage> images = new ArrayList<>();
    List<Long> hashes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      for (int n = 0; n < 20; n++) {
        ram.write(BASE + random.nextInt(1 << 24) / 8 * 8L, 8, random.nextLong());
      }
      images.add(ram.image());
      hashes.add(images.getLast().hash());
    }
    for (int n = 0; n < 200; n++) {
      int i = random.nextInt(images.size());
      ram.restore(images.get(i));
      assertThat(ram.image().hash()).isEqualTo(hashes.get(i));
    }
  }

  @Test
  void aWatchedPageTellsOfEveryWriteUntilItIsCopied() {
    List<Integer> told = new ArrayList<>();
    int before = ram.generation();
    ram.watch(BASE, frame -> (offset, size) -> told.add(offset));
    assertThat(ram.generation()).isNotEqualTo(before);
    ram.write(BASE + 16, 8, 1);
    assertThat(told).containsExactly(16);
  }

  @Test
  void imagesNameThePagesThatHoldSomethingElse() {
    ram.write(BASE + 0x1000, 8, 1);
    ram.write(BASE + 0x40_0000, 8, 2);
    MemoryImage before = ram.image();
    ram.write(BASE + 0x1ff8, 8, 3);
    ram.write(BASE + 0x40_0000, 8, 2);
    ram.write(BASE + 0x80_0000, 8, 0);
    MemoryImage after = ram.image();

    assertThat(before.pagesUnlike(after)).containsExactly(BASE + 0x1000);
    assertThat(after.pagesUnlike(before)).containsExactly(BASE + 0x1000);
    assertThat(before.samePage(BASE + 0x40_0000, after, BASE + 0x40_0000)).isTrue();
    assertThat(before.samePage(BASE + 0x1000, after, BASE + 0x1000)).isFalse();
    assertThat(before.samePage(BASE + 0x5000, after, BASE + 0x80_0000)).as("zeros").isTrue();

    PhysicalMemory smaller = new PhysicalMemory(BASE + 0x20_0000, 4 << 20);
    smaller.write(BASE + 0x40_0000, 8, 2);
    smaller.write(BASE + 0x50_0000, 8, 5);
    assertThat(before.pagesUnlike(smaller.image())).containsExactly(BASE + 0x50_0000);
  }
}
