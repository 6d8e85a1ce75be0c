package dev.stagewalk.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.mmu.ExternalAbort;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class MemoryDumpTest {
  private static final int ET_EXEC = 2;
  private static final int ET_CORE = 4;

  @TempDir private Path folder;

  @Test
  void eachFormatGivesTheSameWords() throws Exception {
    Path raw = write("page.bin", words(0x1000, 1, 2));
    Path lime = write("page.lime", lime(0x4000_0000L, words(0x1000, 1, 2)));
    Path elf = write("page.elf", elf(ET_CORE, 64, segment(0x4000_0000L, words(0x1000, 1, 2))));
    for (String name : List.of(raw + "@0x4000_0000", raw + "@1G", lime + "", elf + "")) {
      try (MemoryDump dump = open(name)) {
        assertThat(dump.read(0x4000_0000L)).as(name).isEqualTo(1);
        assertThat(dump.read(0x4000_0008L)).isEqualTo(2);
        assertThat(dump.read(0x4000_0ff8L)).isZero();
        assertThat(dump.contains(0x4000_0000L, 0x1000)).isTrue();
        assertThat(dump.contains(0x4000_0000L, 0x1001)).isFalse();
        assertThatThrownBy(() -> dump.read(0x4000_1000L)).isSameAs(ExternalAbort.ABORT);
        assertThatThrownBy(() -> dump.read(0x3fff_fff8L)).isSameAs(ExternalAbort.ABORT);
        assertThat(dump.notes()).isEmpty();
        assertThat(dump.formats()).singleElement().asString().contains("4 KiB");
      }
    }
  }

  @Test
  void anAddressThatNoFileHoldsIsSaidToBeNotInTheDump() throws Exception {
    Path low = write("low.bin", words(0x1000, 1));
    Path high = write("high.bin", words(0x1000, 2));
    try (MemoryDump dump = open(low + "@0x1000", high + "@0x8000")) {
      assertThat(dump.missing(0x4000))
          .isEqualTo(
              "PA 0x0000_4000 is not in the dump: the nearest it has is 0x0000_1000 to 0x0000_1fff"
                  + " from "
                  + low
                  + " and 0x0000_8000 to 0x0000_8fff from "
                  + high);
    }
  }

  @Test
  void theFileNamedLastCountsWhereSeveralHoldAnAddress() throws Exception {
    Path under = write("under.bin", words(0x3000, 1));
    Path over = write("over.bin", words(0x1000, 2));
    try (MemoryDump dump = open(under + "@0x1000", over + "@0x2000")) {
      assertThat(dump.read(0x1000)).isEqualTo(1);
      assertThat(dump.read(0x2000)).isEqualTo(2);
      assertThat(dump.read(0x3000)).isZero();
      assertThat(dump.contains(0x1000, 0x3000)).isTrue();
    }
    try (MemoryDump dump = open(over + "@0x2000", under + "@0x1000")) {
      assertThat(dump.read(0x2000)).isZero();
      assertThat(dump.contains(0x1000, 0x3000)).isTrue();
    }
  }

  @Test
  void overlaysInAnyArrangementReadLikeStoresInThatOrder() throws Exception {
    java.util.Random random = new java.util.Random(7);
    for (int round = 0; round < 50; round++) {
      byte[] expected = new byte[0x800];
      boolean[] held = new boolean[0x800];
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        int base = random.nextInt(0xc0) * 8;
        byte[] content = new byte[8 + random.nextInt(0x200)];
        random.nextBytes(content);
        names.add(write("r" + round + "-" + i, content) + "@" + base);
        for (int b = 0; b < content.length; b++) {
          expected[base + b] = content[b];
          held[base + b] = true;
        }
      }
      try (MemoryDump dump = open(names.toArray(String[]::new))) {
        ByteBuffer wanted = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < 0x800; at += 8) {
          boolean whole = true;
          for (int b = 0; b < 8; b++) {
            whole &= held[at + b];
          }
          if (whole) {
            assertThat(dump.read(at)).isEqualTo(wanted.getLong(at));
          } else {
            long missing = at;
            assertThatThrownBy(() -> dump.read(missing)).isSameAs(ExternalAbort.ABORT);
          }
        }
      }
    }
  }

  @Test
  void aFileThatWasCutIsNoticedAndTheRestIsRead() throws Exception {
    byte[] whole =
        elf(ET_CORE, 64, segment(0x1000, words(0x1000, 5)), segment(0x9000, words(0x1000)));
    Path elf = write("cut.elf", java.util.Arrays.copyOf(whole, whole.length - 0x800));
    try (MemoryDump dump = open(elf + "")) {
      assertThat(dump.notes()).singleElement().asString().contains("is cut", "2 KiB", "1 segment");
      assertThat(dump.read(0x1000)).isEqualTo(5);
      assertThatThrownBy(() -> dump.read(0x9800)).isSameAs(ExternalAbort.ABORT);
    }
    byte[] range = lime(0x1000, words(0x1000, 6));
    Path lime = write("cut.lime", java.util.Arrays.copyOf(range, 32 + 0x10));
    try (MemoryDump dump = open(lime + "")) {
      assertThat(dump.notes())
          .singleElement()
          .asString()
          .contains("is cut", "0x0000_1000 to 0x0000_1fff", "16 bytes");
      assertThat(dump.read(0x1000)).isEqualTo(6);
    }
    assertRefused(
        "ends before its 2 program headers", write("h.elf", java.util.Arrays.copyOf(whole, 100)));
    assertRefused("ends inside its ELF header", write("s.elf", java.util.Arrays.copyOf(whole, 20)));
  }

  @Test
  void filesThatAreNoDumpAreRefusedWithWhatWouldBeRight() throws Exception {
    byte[] good = elf(ET_CORE, 64, segment(0x1000, words(0x1000)));
    byte[] small = good.clone();
    small[4] = 1;
    assertRefused(
        "offset 0x4: this is a 32-bit ELF file; take an ELF64 core", write("32.elf", small));
    byte[] foreign = good.clone();
    foreign[18] = 62;
    assertRefused("ELF file of x86-64, not of AArch64", write("x.elf", foreign));
    byte[] big = good.clone();
    big[5] = 2;
    assertRefused("big-endian", write("be.elf", big));
    assertRefused("holds no memory", write("none.elf", elf(ET_CORE, 64)));
    assertRefused(
        "physical address 0, as in the core of a process",
        write("p.elf", elf(ET_CORE, 64, segment(0, words(8)), segment(0, words(8)))));
    assertRefused("say where it lies: FILE@BASE", write("exec.elf", elf(ET_EXEC, 64)));
    assertRefused(
        "neither an ELF core nor a LiME file; if it is raw memory say where", write("z", words(8)));
    assertRefused("vm.0x43582000.bin@0x43582000", write("vm.0x43582000.bin", words(8)));
    assertRefused("compressed by kdump", write("k", "KDUMP   ".getBytes("US-ASCII")));
    assertRefused("is empty", write("empty", new byte[0]));
    assertRefused("is not a file that can be read", folder.resolve("absent"));
    assertRefused("is a folder", folder);
    byte[] lime = lime(0x1000, words(16));
    lime[4] = 2;
    assertRefused("LiME version 2", write("v2.lime", lime));
    lime[4] = 1;
    assertRefused(
        "offset 0x30: there is no LiME header",
        write("bad.lime", ByteBuffer.allocate(96).put(lime).array()));
  }

  @Test
  void aBaseForAFileThatNamesItsOwnAddressesIsExplained() throws Exception {
    Path lime = write("a.lime", lime(0x1000, words(16)));
    Path core = write("a.elf", elf(ET_CORE, 64, segment(0x1000, words(16))));
    Path program = write("a.out", elf(ET_EXEC, 64));
    assertThatThrownBy(() -> open(lime + "@0x8000"))
        .isInstanceOf(DumpException.class)
        .hasMessageContaining("begins with a LiME header")
        .hasMessageContaining("leave @0x8000 away");
    assertThatThrownBy(() -> open(core + "@0x8000")).hasMessageContaining("leave @0x8000 away");
    try (MemoryDump dump = open(program + "@0x8000")) {
      assertThat(dump.notes()).singleElement().asString().contains("read as raw memory, as asked");
      assertThat(dump.read(0x8000) & 0xffff_ffffL).isEqualTo(0x464c_457fL);
    }
    assertThatThrownBy(() -> open(program + "@0xffff_ffff_ffff_fff8"))
        .hasMessageContaining("at most 52 bits");
  }

  @Test
  void aGzipFileIsUnpackedAndOneThatBreaksOffIsRefused() throws Exception {
    byte[] core = elf(ET_CORE, 0x754, segment(0x4800_0000L, words(0x4_0000, 9, 8)));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(core);
    }
    try (MemoryDump dump = open(write("core.gz", packed.toByteArray()) + "")) {
      assertThat(dump.read(0x4800_0008L)).isEqualTo(8);
      assertThat(dump.read(0x4803_fff8L)).isZero();
    }
    byte[] half = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    assertRefused("gzip file that breaks off", write("half.gz", half));
  }

  @Test
  void aZstdFileIsUnpackedAndOneThatBreaksOffIsRefused() throws Exception {
    byte[] core = elf(ET_CORE, 0x754, segment(0x4800_0000L, words(0x4_0000, 9, 8)));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(packed)) {
      out.write(core);
    }
    Path file = write("core.zst", packed.toByteArray());
    assertThat(DumpKind.of(file)).contains(DumpKind.ELF_CORE);
    try (MemoryDump dump = open(file.toString())) {
      assertThat(dump.read(0x4800_0008L)).isEqualTo(8);
      assertThat(dump.read(0x4803_fff8L)).isZero();
    }
    byte[] half = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    assertRefused("zstd file that breaks off", write("half.zst", half));
  }

  @Test
  @DisabledOnOs(
      value = OS.WINDOWS,
      disabledReason = "a file with a hole takes its whole size there")
  void aDumpLargerThanAnyHeapIsReadWhereItStands() throws Exception {
    long size = 48L << 30;
    Path file = folder.resolve("huge.bin");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
      sparse.seek(size - 8);
      sparse.write(0x2a);
    }
    try (MemoryDump dump = open(file + "@0x40000000")) {
      assertThat(dump.read(0x4000_0000L + size - 8)).isEqualTo(0x2a);
      assertThat(dump.read(0x4000_0000L + (size >> 1))).isZero();
    }
  }

  @Test
  void namesTakeBasesInHexadecimalDecimalAndUnits() throws Exception {
    assertThat(DumpName.parse("none@0x40_0000").base()).isEqualTo(OptionalLong.of(0x40_0000));
    assertThat(DumpName.parse("none@4096").base()).isEqualTo(OptionalLong.of(4096));
    assertThat(DumpName.parse("none@64K").base()).isEqualTo(OptionalLong.of(64 << 10));
    assertThat(DumpName.parse("none@3m").base()).isEqualTo(OptionalLong.of(3 << 20));
    assertThat(DumpName.parse("a@b@1G").file()).isEqualTo(Path.of("a@b"));
    Path odd = write("odd@16", words(8));
    assertThat(DumpName.parse(odd.toString()).base()).isEmpty();
    assertThatThrownBy(() -> DumpName.parse("none@here")).hasMessageContaining("FILE@BASE");
    assertThatThrownBy(() -> DumpName.parse("none@4")).hasMessageContaining("multiples of 8");
  }

  private void assertRefused(String reason, Path file) {
    assertThatThrownBy(() -> open(file.toString()).close())
        .isInstanceOf(DumpException.class)
        .hasMessageStartingWith("'" + file + "'")
        .hasMessageContaining(reason);
  }

  private static MemoryDump open(String... names) throws DumpException, IOException {
    return MemoryDump.open(java.util.Arrays.stream(names).map(DumpName::parse).toList());
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] words(int bytes, long... words) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      buffer.putLong(word);
    }
    return buffer.array();
  }

  private static byte[] lime(long base, byte[] memory) {
    return ByteBuffer.allocate(32 + memory.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x4c69_4d45)
        .putInt(1)
        .putLong(base)
        .putLong(base + memory.length - 1)
        .putLong(0)
        .put(memory)
        .array();
  }

  private record Segment(long pa, byte[] memory) {}

  private static Segment segment(long pa, byte[] memory) {
    return new Segment(pa, memory);
  }

  /** Program headers behind the header, and the memory of each segment behind them. */
  private static byte[] elf(int type, int programHeaders, Segment... segments) {
    int offset = programHeaders + 56 * segments.length;
    int size = offset;
    for (Segment segment : segments) {
      size += segment.memory.length;
    }
    ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    elf.putInt(0x464c_457f).put((byte) 2).put((byte) 1).put((byte) 1);
    elf.putShort(16, (short) type).putShort(18, (short) 183);
    elf.putLong(32, programHeaders).putShort(54, (short) 56);
    elf.putShort(56, (short) segments.length);
    for (int i = 0; i < segments.length; i++) {
      int at = programHeaders + 56 * i;
      byte[] memory = segments[i].memory;
      elf.putInt(at, 1).putLong(at + 8, offset).putLong(at + 24, segments[i].pa);
      elf.putLong(at + 32, memory.length).putLong(at + 40, memory.length);
      elf.put(offset, memory);
      offset += memory.length;
    }
    return elf.array();
  }
}
