package dev.stagewalk.image.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.stagewalk.board.Profile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged images and device trees, by seeded chance: each is read or refused in one line, whatever
 * it holds.
 */
final class LoaderFuzzTest {
  private static final long MEMORY = 64L << 20;

  /** Values that lengths, offsets and counts go wrong with. */
  private static final long[] NASTY = {
    0, 1, 7, 0x7fff, 0xffff, 0x7fff_ffffL, 0xffff_ffffL, Long.MAX_VALUE, -1, Long.MIN_VALUE, -8
  };

  private static byte[] program() throws Exception {
    return Files.readAllBytes(
        Path.of("")
            .toAbsolutePath()
            .resolveSibling("sample-guests")
            .resolve("src/main/resources/dev/stagewalk/guests/images/host.elf"));
  }

  private static byte[] mutated(byte[] content, Random random) {
    byte[] copy = content.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      // Headers lie at both ends, so that half of the changes meet one.
      int window = random.nextBoolean() ? Math.min(4096, copy.length) : copy.length;
      int at = random.nextInt(window);
      at = random.nextInt(3) == 0 ? copy.length - 1 - at : at;
      switch (random.nextInt(3)) {
        case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> copy[at] = (byte) random.nextInt();
        default -> {
          long value = NASTY[random.nextInt(NASTY.length)];
          int from = at & -8;
          int width = random.nextBoolean() ? 8 : 4;
          for (int b = 0; b < width && from + b < copy.length; b++) {
            copy[from + b] = (byte) (value >>> 8 * b);
          }
        }
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(copy, random.nextInt(copy.length)) : copy;
  }

  private interface Reading {
    void read(byte[] content) throws ImageException;
  }

  /** How many of the damaged ones were refused. */
  private static int damage(byte[] whole, int times, long seed, Reading reading) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] content = mutated(whole, random);
      try {
        reading.read(content);
      } catch (ImageException e) {
        assertThat(e.getMessage()).startsWith("'x").doesNotContain("\n");
        refused++;
      } catch (RuntimeException | Error e) {
        fail("mutation " + i + " of seed " + seed, e);
      }
    }
    return refused;
  }

  private static void readAll(byte[] content) throws ImageException {
    BootImage image = BootImage.read("x.elf", content);
    Boot.of(image, MEMORY, "");
    image.lines().at(image.entry());
    image.symbols().name(image.entry());
  }

  @Test
  void aDamagedElfProgramIsReadOrRefused() throws Exception {
    assertThat(damage(program(), 1600, 1, LoaderFuzzTest::readAll)).isBetween(200, 1500);
  }

  @Test
  void aDamagedFlatImageIsReadOrRefused() {
    byte[] header = new byte[256];
    System.arraycopy(ElfWriter.longs(0x10_0000, 0x20_0000, 2), 0, header, 8, 24);
    System.arraycopy(ElfWriter.words(0x644d_5241), 0, header, 56, 4);
    assertThat(damage(header, 20_000, 2, LoaderFuzzTest::readAll)).isBetween(1000, 19_000);
  }

  @Test
  void aDamagedDeviceTreeIsReadOrRefused() throws Exception {
    BootImage image = BootImage.read("x.elf", ElfWriter.words(0xd503_201f));
    byte[] tree = DeviceTree.of(Profile.NEOVERSE_N1, 4, MEMORY, "smp", null);
    assertThat(damage(tree, 20_000, 3, content -> Boot.with(image, MEMORY, "x.dtb", content)))
        .isBetween(1000, 19_000);
  }

  @Test
  void chanceBytesAreReadOrRefused() {
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      byte[] content = new byte[random.nextInt(300)];
      random.nextBytes(content);
      if (content.length > 64 && random.nextBoolean()) {
        System.arraycopy(ElfWriter.words(0x464c_457f, 0x10102), 0, content, 0, 8);
        System.arraycopy(ElfWriter.words(183 << 16 | 2), 0, content, 16, 4);
      }
      try {
        readAll(content);
      } catch (ImageException e) {
        assertThat(e.getMessage()).startsWith("'x.elf'").doesNotContain("\n");
      } catch (RuntimeException | Error e) {
        fail("round " + i, e);
      }
    }
  }
}
