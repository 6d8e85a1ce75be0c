package dev.stagewalk.session;

import dev.stagewalk.arch.Granule;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.isa.asm.Includes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A guest and the machine and hypervisor it runs under: everything a run is determined by.
 *
 * @param name short and typed on a command line: {@code demand-paging}
 * @param title for people: "Demand paging"
 * @param story one or two sentences a student reads first
 * @param sourceName file name of the guest's source
 * @param source A64 assembly, GNU syntax, assembled when the scenario is loaded
 * @param granule of stage 2
 * @param ipaBits input address size of stage 2, in bits
 * @param defects which defects of the hypervisor library are switched on, as {@code --defects}
 *     takes them: {@code none}, {@code as-posted}, {@code as-reviewed}, or a list
 * @param regions the guest's physical address space
 * @param board PEs, their quantum, the real-time clock
 * @param bare whether the program begins at EL2 itself, with no hypervisor and no guest
 * @param boot the image that runs instead of a source, and its memory
 * @param injections what is done to the machine when its time comes
 * @param folder where the source may include files from; empty for one that stands alone
 * @param framework what the hypervisor does with the guest, and further guests
 */
public record Scenario(
    String name,
    String title,
    String story,
    String sourceName,
    String source,
    Granule granule,
    int ipaBits,
    String defects,
    List<Region> regions,
    BoardPlan board,
    boolean bare,
    Optional<Boot> boot,
    List<PlannedEdit> injections,
    Optional<Path> folder,
    Framework framework) {

  public Scenario {
    regions = List.copyOf(regions);
    injections = List.copyOf(injections);
  }

  /** A scenario whose program is assembled from its source. */
  public Scenario(
      String name,
      String title,
      String story,
      String sourceName,
      String source,
      Granule granule,
      int ipaBits,
      String defects,
      List<Region> regions,
      BoardPlan board,
      boolean bare) {
    this(
        name,
        title,
        story,
        sourceName,
        source,
        granule,
        ipaBits,
        defects,
        regions,
        board,
        bare,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Framework.USUAL);
  }

  /** An image that begins at EL2 itself, on a board with PEs of a kind. */
  public static Scenario ofImage(Boot boot, String profile) {
    String path = boot.image().name();
    String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    return new Scenario(
        path,
        file,
        "An image that begins at EL2: its own tables are found where VTTBR_EL2 and TTBR0_EL2 say.",
        file,
        "",
        Granule.K4,
        48,
        "none",
        List.of(),
        BoardPlan.USUAL.withProfile(profile),
        true,
        Optional.of(boot),
        List.of(),
        Optional.empty(),
        Framework.USUAL);
  }

  /** Under the hypervisor, on a board with one PE. */
  public Scenario(
      String name,
      String title,
      String story,
      String sourceName,
      String source,
      Granule granule,
      int ipaBits,
      String defects,
      List<Region> regions) {
    this(
        name,
        title,
        story,
        sourceName,
        source,
        granule,
        ipaBits,
        defects,
        regions,
        BoardPlan.USUAL,
        false);
  }

  /**
   * Bytes from the start of the code region to the first instruction, as flat images are loaded.
   */
  public static final long LOAD_OFFSET = 0x8_0000;

  /**
   * Address of the first instruction.
   *
   * @throws IllegalArgumentException if no region holds the code
   */
  public long loadAddress() {
    return regions.stream()
            .filter(r -> r.backing() == Backing.CODE)
            .mapToLong(Region::ipa)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("scenario " + name + " has no code region"))
        + LOAD_OFFSET;
  }

  /** The same guest with another geometry of stage 2. */
  public Scenario with(Granule newGranule, int newIpaBits) {
    return but(copy -> {
      copy.granule = newGranule;
      copy.ipaBits = newIpaBits;
    });
  }

  /** The same guest under a library with other defects. */
  public Scenario withDefects(String newDefects) {
    return but(copy -> copy.defects = newDefects);
  }

  /** The same guest on another board. */
  public Scenario with(BoardPlan newBoard) {
    return but(copy -> copy.board = newBoard);
  }

  /** The same guest with other exit handlers, traps, or further guests. */
  public Scenario with(Framework newFramework) {
    return but(copy -> copy.framework = newFramework);
  }

  /** The same program at EL2 itself, or as a guest of the hypervisor. */
  public Scenario bare(boolean newBare) {
    return but(copy -> copy.bare = newBare);
  }

  /** The same scenario, whose source may include files of a folder. */
  public Scenario including(Path from) {
    return but(copy -> copy.folder = Optional.of(from));
  }

  /** Where {@code .include} of the source finds files. */
  public Includes includes() {
    return folder.map(Includes::of).orElseGet(Includes::none);
  }

  /** The same scenario with another source text. */
  public Scenario withSource(String newSource) {
    return but(copy -> copy.source = newSource);
  }

  /** The same scenario with other injections. */
  public Scenario withInjections(List<PlannedEdit> newInjections) {
    return but(copy -> copy.injections = newInjections);
  }

  /** The same scenario with something changed. */
  private Scenario but(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.scenario();
  }

  /** A scenario that is being changed. */
  private static final class Copy {
    private final String name;
    private final String title;
    private final String story;
    private final String sourceName;
    private String source;
    private Granule granule;
    private int ipaBits;
    private String defects;
    private final List<Region> regions;
    private BoardPlan board;
    private boolean bare;
    private final Optional<Boot> boot;
    private List<PlannedEdit> injections;
    private Optional<Path> folder;
    private Framework framework;

    Copy(Scenario from) {
      name = from.name();
      title = from.title();
      story = from.story();
      sourceName = from.sourceName();
      source = from.source();
      granule = from.granule();
      ipaBits = from.ipaBits();
      defects = from.defects();
      regions = from.regions();
      board = from.board();
      bare = from.bare();
      boot = from.boot();
      injections = from.injections();
      folder = from.folder();
      framework = from.framework();
    }

    Scenario scenario() {
      return new Scenario(
          name,
          title,
          story,
          sourceName,
          source,
          granule,
          ipaBits,
          defects,
          regions,
          board,
          bare,
          boot,
          injections,
          folder,
          framework);
    }
  }

  /**
   * A range of the guest's physical address space.
   *
   * @param name what it is for: "code", "heap"
   * @param ipa first byte
   * @param size bytes
   */
  public record Region(String name, Backing backing, long ipa, long size) {}

  /** What stands behind a region of IPAs. */
  public enum Backing {
    /** The program, at the same physical address; read and execute, as posted also write. */
    CODE,
    /** Zeroed pages mapped before the guest starts, read-write. */
    DATA,
    /** Zeroed pages mapped before the guest starts, read-only for the guest. */
    READ_ONLY,
    /** Nothing at first; the hypervisor maps a page when the guest touches it. */
    ON_DEMAND,
    /** One zeroed page behind all of it, read-only, until the guest writes and gets a copy. */
    COPY_ON_WRITE,
    /** Nothing, ever: a console that the hypervisor emulates. */
    EMULATED,
    /** A device at the same physical address. */
    DEVICE
  }
}
