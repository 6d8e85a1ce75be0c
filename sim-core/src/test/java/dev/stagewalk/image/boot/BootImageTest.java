package dev.stagewalk.image.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.board.Machine;
import dev.stagewalk.board.Profile;
import dev.stagewalk.mmu.Tlb;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Images as files have them, and files that are none. */
final class BootImageTest {
  private static final int NOP = 0xd503_201f;
  private static final long RAM = 0x4000_0000L;

  private static byte[] program() {
    return new ElfWriter(ElfWriter.EXECUTABLE, RAM + 4)
        .load(RAM, ElfWriter.words(NOP, NOP), 8)
        .load(RAM + 0x1_0000, ElfWriter.longs(7), 0x2000)
        .symbol("start", RAM + 4, 4)
        .symbol("counter", RAM + 0x1_0000, 8)
        .write();
  }

  private static byte[] movable() {
    byte[] relocation = ElfWriter.longs(0x100, 1027, 0x20);
    byte[] dynamic = ElfWriter.longs(7, 0x108, 8, 24, 9, 24, 0, 0);
    return new ElfWriter(ElfWriter.MOVABLE, 0)
        .load(0, ElfWriter.words(NOP, NOP), 8)
        .load(0x100, concat(ElfWriter.longs(0), relocation), 0x1000)
        .segment(2, 0x200, dynamic)
        .symbol("start", 0, 8)
        .write();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void assertRefused(byte[] content, String message) {
    assertThatThrownBy(() -> Boot.of(BootImage.read("x.elf", content), 64L << 20, ""))
        .isInstanceOf(ImageException.class)
        .hasMessage(message);
  }

  private static byte[] changed(byte[] content, Consumer<byte[]> change) {
    byte[] copy = content.clone();
    change.accept(copy);
    return copy;
  }

  @Test
  void aStaticProgramLiesWhereItWasLinkedFor() throws Exception {
    BootImage image = BootImage.read("x.elf", program());

    assertThat(image.entry()).isEqualTo(RAM + 4);
    assertThat(image.pieces())
        .extracting(BootImage.Piece::address)
        .containsExactly(RAM, 0x4001_0000L);
    assertThat(image.pieces().get(1).size()).isEqualTo(0x2000);
    assertThat(image.symbols().name(RAM + 6)).contains("start+0x2");
    assertThat(image.symbols().name(RAM + 8)).isEmpty();
    assertThat(image.symbols().address("counter")).hasValue(0x4001_0000L);
  }

  @Test
  void aSegmentWithoutContentMayHaveItsPlaceBehindTheEndOfTheFile() throws Exception {
    byte[] content =
        new ElfWriter(ElfWriter.EXECUTABLE, RAM)
            .load(RAM, ElfWriter.words(NOP), 4)
            .load(RAM + 0x1_0000, new byte[0], 0x2000)
            .write();
    System.arraycopy(ElfWriter.longs(0xfff0), 0, content, 64 + 56 + 8, 8);
    assertThat(BootImage.read("x.elf", content).pieces().get(1).size()).isEqualTo(0x2000);
  }

  @Test
  void aPositionIndependentProgramIsRelocated() throws Exception {
    BootImage image = BootImage.read("x.elf", movable());

    assertThat(image.entry()).isEqualTo(0x4008_0000L);
    assertThat(Arrays.copyOf(image.pieces().get(1).content(), 8))
        .isEqualTo(ElfWriter.longs(0x4008_0020L));
    assertThat(image.symbols().name(0x4008_0004L)).contains("start+0x4");
  }

  @Test
  void aFlatImageIsEnteredAtItsFirstByte() throws Exception {
    BootImage image = BootImage.read("x.flat", ElfWriter.words(NOP, NOP, NOP));

    assertThat(image.entry()).isEqualTo(0x4008_0000L);
    assertThat(image.end()).isEqualTo(0x4008_000cL);
  }

  @Test
  void anArm64ImageLiesWhereItsHeaderSays() throws Exception {
    byte[] header = new byte[64];
    System.arraycopy(ElfWriter.longs(0x10_0000, 0x20_0000, 2), 0, header, 8, 24);
    System.arraycopy(ElfWriter.words(0x644d_5241), 0, header, 56, 4);

    BootImage image = BootImage.read("Image", header);
    assertThat(image.entry()).isEqualTo(0x4010_0000L);
    assertThat(image.end()).isEqualTo(0x4030_0000L);

    byte[] atZero = changed(header, h -> Arrays.fill(h, 8, 16, (byte) 0));
    assertThat(BootImage.read("Image", atZero).entry()).isEqualTo(0x4020_0000L);
    byte[] bigEndian = changed(header, h -> h[24] = 3);
    assertRefused(
        bigEndian,
        "'x.elf', offset 0x18: its header says that it is big-endian; little-endian is simulated");
  }

  @Test
  void whatIsNoImageIsSaid() {
    assertRefused(new byte[0], "'x.elf' is empty; take an ELF program or a flat image of AArch64");
    assertRefused(
        "_start: mov x0, #1\n".getBytes(StandardCharsets.UTF_8),
        "'x.elf' is text and not an image; give what a compiler or assembler made of it;"
            + " `stagewalk run` takes A64 source");
    assertRefused(
        ElfWriter.words(0x0008_8b1f, 0),
        "'x.elf' is compressed by gzip and not an image; unpack it first");
    assertRefused(
        ElfWriter.words(0xedfe_0dd0, 0),
        "'x.elf' is a device tree and not an image; give it with --dtb");
  }

  @Test
  void anElfFileOfAnotherKindIsRefused() {
    String take = "; take a static ELF64 program of AArch64";
    assertRefused(
        changed(program(), c -> c[4] = 1), "'x.elf', offset 0x4: this is a 32-bit ELF file" + take);
    assertRefused(
        changed(program(), c -> c[5] = 2),
        "'x.elf', offset 0x5: this is a big-endian ELF file; little-endian is simulated");
    assertRefused(
        changed(program(), c -> c[18] = 62),
        "'x.elf', offset 0x12: this is an ELF file of another machine, x86-64, not of AArch64"
            + take);
    assertRefused(
        changed(program(), c -> c[16] = 1),
        "'x.elf', offset 0x10: this is an object file, which no linker has given addresses" + take);
    assertRefused(
        changed(program(), c -> c[16] = 4),
        "'x.elf', offset 0x10: this is a core, the memory of a machine that ran; `stagewalk walk`"
            + " and `tables` read it with --dump");
    assertRefused(
        new ElfWriter(ElfWriter.MOVABLE, 0)
            .segment(3, 0, "/lib/ld.so\0".getBytes(StandardCharsets.UTF_8))
            .load(0, ElfWriter.words(NOP), 4)
            .write(),
        "'x.elf', offset 0x40: it needs a dynamic linker, and there is none on a bare machine"
            + take);
  }

  @Test
  void aCutFileIsRefusedWhereverItIsCut() throws Exception {
    byte[] whole = program();
    for (int length = 4; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> BootImage.read("x.elf", cut))
          .as("cut to %s bytes", length)
          .isInstanceOf(ImageException.class)
          .hasMessageEndingWith("; it was cut: copy it again");
    }
    BootImage.read("x.elf", whole);
  }

  @Test
  void anImageLargerThanMemoryIsRefused() {
    assertRefused(
        new ElfWriter(ElfWriter.EXECUTABLE, RAM)
            .load(RAM, ElfWriter.words(NOP), 62 << 20 | 1)
            .write(),
        "'x.elf' does not fit into memory: it needs 0x4000_0000 to 0x43e0_0000, and there is memory"
            + " for it from 0x4000_0000 to 0x43df_ffff; give it more with --mem");
    assertRefused(
        new ElfWriter(ElfWriter.EXECUTABLE, 0x8000).load(0x8000, ElfWriter.words(NOP), 4).write(),
        "'x.elf' does not fit into memory: it needs 0x0000_8000 to 0x0000_8003, and there is memory"
            + " for it from 0x4000_0000 to 0x43df_ffff; link it for an address in that range");
  }

  @Test
  void damageIsSaidWithItsPlace() {
    assertRefused(
        changed(program(), c -> c[24] = 2),
        "'x.elf', offset 0x18: its entry point 0x4000_0002 is no instruction in a segment; link it"
            + " with an entry point, such as -e _start");
    assertRefused(
        changed(movable(), c -> c[c.length - 3 * 64 - 7 - 48 - 64 + 8] = 0x55),
        "'x.elf', offset 0x110: its relocations are not where its dynamic section says; the file"
            + " was damaged: link it again");
  }

  @Test
  void aDeviceTreeThatIsNoneIsRefused() throws Exception {
    BootImage image = BootImage.read("x.elf", program());
    byte[] tree = DeviceTree.of(Profile.NEOVERSE_N1, 2, 64L << 20, "smp", null);
    Boot.with(image, 64L << 20, "x.dtb", tree);

    for (int length = 0; length < tree.length; length++) {
      byte[] cut = Arrays.copyOf(tree, length);
      assertThatThrownBy(() -> Boot.with(image, 64L << 20, "x.dtb", cut))
          .isInstanceOf(ImageException.class);
    }
    assertThatThrownBy(() -> Boot.with(image, 64L << 20, "x.dtb", program()))
        .hasMessage(
            "'x.dtb', offset 0x0: this is no device tree: its magic number is missing; take what"
                + " dtc or a machine's dumpdtb has written");
    byte[] damaged = changed(tree, t -> t[67] = 7);
    assertThatThrownBy(() -> Boot.with(image, 64L << 20, "x.dtb", damaged))
        .hasMessageContaining("the device tree is damaged here");
  }

  @Test
  void theDeviceTreeHasAllMemoryOneNodeForEachPeAndTheBoardsDevices() {
    byte[] blob = DeviceTree.of(Profile.NEOVERSE_N1, 3, 5L << 30, "", null);
    String words = new String(blob, StandardCharsets.ISO_8859_1);

    assertThat(words)
        .contains("memory@40000000")
        .contains("\0\0\0\0@\0\0\0\0\0\0\u0001@\0\0\0")
        .contains("cpu@0\0", "cpu@1\0", "cpu@2\0")
        .doesNotContain("cpu@3\0")
        .contains("psci\0", "timer\0", "intc@8000000\0", "pl011@9000000\0", "chosen\0")
        .contains("/pl011@9000000\0")
        .doesNotContain("bootargs");
  }

  @Test
  void aRamdiskLiesBelowTheDeviceTreeThatNamesItsFirstByteAndTheByteAfterItsLast()
      throws Exception {
    BootImage image = BootImage.read("x.elf", program());
    byte[] environment = "KEY=value\n".getBytes(StandardCharsets.US_ASCII);
    Boot boot = Boot.withRamdisk(image, 64L << 20, "", environment);
    Machine machine =
        new Machine(
            Profile.NEOVERSE_N1,
            BoardPlan.USUAL,
            boot.memory(),
            4096,
            new Tlb(BoardPlan.USUAL.tlb()),
            (pe, event) -> {});
    boot.load(machine);

    long at = RAM + (62L << 20) - 0x1_0000;
    assertThat(boot.ramdiskAddress()).isEqualTo(at);
    assertThat(machine.ram().read(at, 8)).isEqualTo(0x756c_6176_3d59_454bL);
    byte[] tree = new byte[4096];
    for (int i = 0; i < tree.length; i++) {
      tree[i] = (byte) machine.ram().read(boot.treeAddress() + i, 1);
    }
    String words = new String(tree, StandardCharsets.ISO_8859_1);
    assertThat(words)
        .contains("linux,initrd-start\0linux,initrd-end")
        .contains("\0\0\0\0\u0043\u00df\0\0")
        .contains("\0\0\0\0\u0043\u00df\0\n");
  }

  @Test
  void aRamdiskThatLeavesNoRoomIsRefused() throws Exception {
    BootImage image = BootImage.read("x.elf", program());
    assertThatThrownBy(() -> Boot.withRamdisk(image, 8L << 20, "", new byte[8 << 20]))
        .hasMessage(
            "an initial ramdisk of 8388608 bytes does not fit into memory: give it more with"
                + " --mem");
    assertThatThrownBy(() -> Boot.withRamdisk(image, 8L << 20, "", new byte[6 << 20 | 1]))
        .hasMessageContaining("does not fit");
    byte[] nearly = new byte[(6 << 20) - 0x1_0000];
    assertThatThrownBy(() -> Boot.withRamdisk(image, 8L << 20, "", nearly))
        .hasMessageContaining("'x.elf' does not fit into memory");
  }
}
