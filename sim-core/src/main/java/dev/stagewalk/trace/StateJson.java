package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.board.Machine;
import dev.stagewalk.cpu.Activity;
import dev.stagewalk.cpu.Interference;
import dev.stagewalk.cpu.PeState;
import dev.stagewalk.cpu.VectorRegisters;
import dev.stagewalk.cpu.Waiting;
import dev.stagewalk.mem.MemoryImage;
import dev.stagewalk.mem.PageAllocator;
import dev.stagewalk.mmu.Tlb;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a machine as members of a JSON object, so that it reads back as the same. The pages
 * of memory are kept elsewhere: the object says where.
 */
final class StateJson {
  private static final int GENERAL = 31;

  private StateJson() {}

  /** Keeps the pages of an image. */
  @FunctionalInterface
  interface PagesOut {
    /** Writes {@code "pages"}. */
    void write(MemoryImage memory, JsonGenerator json) throws IOException;
  }

  /** Finds the pages of an image. */
  @FunctionalInterface
  interface PagesIn {
    MemoryImage read(long base, long size, JsonRecord memory) throws TraceException;
  }

  static void write(Machine.State state, PagesOut pages, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("pes");
    for (PeState pe : state.pes()) {
      pe(pe, json);
    }
    json.writeEndArray();
    json.writeNumberField("turn", state.turn());
    hex("turnEnds", state.turnEnds(), json);
    hex("skippedTicks", state.skippedTicks(), json);
    json.writeObjectFieldStart("memory");
    hex("base", state.memory().base(), json);
    hex("size", state.memory().size(), json);
    pages.write(state.memory(), json);
    json.writeEndObject();
    json.writeFieldName("tlb");
    TlbJson.write(state.tlb().content(), json);
    json.writeFieldName("allocator");
    allocator(state.allocator(), json);
    json.writeArrayFieldStart("devices");
    for (long[] device : state.devices()) {
      words(device, json);
    }
    json.writeEndArray();
    interference(state.interference(), json);
  }

  private static void pe(PeState pe, JsonGenerator json) throws IOException {
    json.writeStartObject();
    hex("pc", pe.pc(), json);
    hex("sp", pe.sp(), json);
    hex("pstate", pe.pstate(), json);
    json.writeNumberField("instructions", pe.instructions());
    json.writeFieldName("x");
    words(Arrays.copyOf(pe.general(), GENERAL), json);
    json.writeObjectFieldStart("system");
    for (Register register : RegisterTable.standard().all()) {
      long value = pe.system()[register.index()];
      if (value != 0 && register.aliasOf().isEmpty()) {
        hex(register.name(), value, json);
      }
    }
    json.writeEndObject();
    if (isAnySet(pe.vectors())) {
      json.writeFieldName("v");
      words(pe.vectors(), json);
    }
    if (pe.exclusiveBytes() != 0) {
      json.writeObjectFieldStart("exclusive");
      hex("address", pe.exclusiveAddress(), json);
      json.writeNumberField("bytes", pe.exclusiveBytes());
      hex("granule", pe.exclusiveGranule(), json);
      json.writeEndObject();
    }
    json.writeBooleanField("irqLine", pe.irqLine());
    json.writeNumberField("raised", pe.raised());
    json.writeObjectFieldStart("waiting");
    json.writeStringField("activity", pe.waiting().activity().name());
    json.writeBooleanField("event", pe.waiting().event());
    hex("timeout", pe.waiting().timeout(), json);
    hex("heard", pe.waiting().heard(), json);
    json.writeEndObject();
    json.writeNumberField("step", pe.step());
    json.writeBooleanField("halted", pe.halted());
    json.writeEndObject();
  }

  private static boolean isAnySet(long[] words) {
    for (long word : words) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }

  /** Runs of the same order that follow one another are counted. */
  private static void allocator(PageAllocator.State state, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("failsNext", state.failsNext());
    json.writeNumberField("pages", state.orders().length);
    json.writeArrayFieldStart("runs");
    byte[] orders = state.orders();
    int at = 0;
    while (at < orders.length) {
      if (orders[at] == 0) {
        at++;
        continue;
      }
      int order = orders[at] - 1;
      int count = 0;
      int next = at;
      while (next < orders.length && orders[next] == order + 1) {
        count++;
        next += 1 << order;
      }
      json.writeStartObject();
      json.writeNumberField("page", at);
      json.writeNumberField("order", order);
      json.writeNumberField("count", count);
      json.writeEndObject();
      at = next;
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void interference(Interference.State state, JsonGenerator json)
      throws IOException {
    Interference.Change change = state.tlbi();
    if (change == null && !state.dsb() && !state.isb() && !state.dsbOfOnePe()) {
      return;
    }
    json.writeObjectFieldStart("interference");
    if (change != null) {
      json.writeStringField("tlbi", change.getClass().getSimpleName());
      switch (change) {
        case Interference.Change.OtherVmid(int vmid) -> json.writeNumberField("vmid", vmid);
        case Interference.Change.OtherShift(int shift) -> json.writeNumberField("shift", shift);
        case Interference.Change.Withhold _,
            Interference.Change.ThisPeOnly _,
            Interference.Change.Stage2Only _ -> {}
      }
    }
    json.writeBooleanField("dsb", state.dsb());
    json.writeBooleanField("isb", state.isb());
    if (state.dsbOfOnePe()) {
      json.writeBooleanField("dsbOfOnePe", true);
    }
    json.writeEndObject();
  }

  private static void words(long[] words, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (long word : words) {
      json.writeString(Hex.plain(word));
    }
    json.writeEndArray();
  }

  private static void hex(String name, long value, JsonGenerator json) throws IOException {
    json.writeStringField(name, Hex.plain(value));
  }

  /**
   * Reads a state.
   *
   * @param start what a reset of the board goes back to; null if nothing has been executed
   * @throws IllegalArgumentException naming what is missing or cannot be
   */
  static Machine.State read(JsonRecord json, PagesIn pages, Machine.@Nullable State start)
      throws TraceException {
    JsonRecord memory = json.object("memory");
    return new Machine.State(
        json.objects("pes").stream().map(StateJson::pe).toList(),
        json.small("turn"),
        json.hex("turnEnds"),
        json.hex("skippedTicks"),
        pages.read(memory.hex("base"), memory.hex("size"), memory),
        Tlb.State.of(TlbJson.read(json.object("tlb"))),
        allocator(json.object("allocator")),
        json.lists("devices").stream().map(StateJson::words).toList(),
        json.has("interference")
            ? interference(json.object("interference"))
            : new Interference.State(null, false, false, false),
        start);
  }

  private static long[] words(List<String> texts) {
    return texts.stream().mapToLong(Hex::parse).toArray();
  }

  private static PeState pe(JsonRecord json) {
    long[] system = new long[RegisterTable.standard().size()];
    JsonRecord values = json.object("system");
    for (String name : values.names()) {
      system[RegisterTable.standard().require(name).index()] = values.hex(name);
    }
    boolean exclusive = json.has("exclusive");
    JsonRecord waiting = json.object("waiting");
    return new PeState(
        // Register 31 is the zero register.
        Arrays.copyOf(exactly(GENERAL, words(json.texts("x")), "x"), GENERAL + 1),
        json.hex("sp"),
        json.hex("pc"),
        json.hex("pstate"),
        json.number("instructions"),
        system,
        exactly(
            2 * VectorRegisters.COUNT,
            json.has("v") ? words(json.texts("v")) : new long[2 * VectorRegisters.COUNT],
            "v"),
        exclusive ? json.object("exclusive").hex("address") : 0,
        exclusive ? json.object("exclusive").small("bytes") : 0,
        exclusive ? json.object("exclusive").hex("granule") : 0,
        json.flag("irqLine"),
        json.small("raised"),
        new Waiting.State(
            waiting.constant("activity", Activity.class),
            waiting.flag("event"),
            waiting.hex("timeout"),
            waiting.hex("heard")),
        json.small("step"),
        json.flag("halted"));
  }

  private static long[] exactly(int count, long[] words, String name) {
    if (words.length != count) {
      throw new IllegalArgumentException(
          "'" + name + "' has " + words.length + " values and not " + count);
    }
    return words;
  }

  private static PageAllocator.State allocator(JsonRecord json) {
    int pages = json.small("pages");
    if (pages < 0 || pages > 1 << 24) {
      throw new IllegalArgumentException("'pages' is out of range: " + pages);
    }
    long[] used = new long[(pages + 63) / 64];
    byte[] orders = new byte[pages];
    for (JsonRecord run : json.objects("runs")) {
      int page = run.small("page");
      int order = run.small("order");
      int count = run.small("count");
      if (order < 0 || order > 24 || page < 0 || page + ((long) count << order) > pages) {
        throw new IllegalArgumentException("the run at page " + page + " is out of range");
      }
      for (int i = 0; i < count; i++) {
        int first = page + (i << order);
        orders[first] = (byte) (order + 1);
        for (int at = first; at < first + (1 << order); at++) {
          used[at >> 6] |= 1L << at;
        }
      }
    }
    return new PageAllocator.State(used, orders, json.flag("failsNext"));
  }

  private static Interference.State interference(JsonRecord json) {
    return new Interference.State(
        json.has("tlbi") ? change(json) : null,
        json.flag("dsb"),
        json.flag("isb"),
        json.has("dsbOfOnePe") && json.flag("dsbOfOnePe"));
  }

  private static Interference.Change change(JsonRecord json) {
    return switch (json.text("tlbi")) {
      case "Withhold" -> new Interference.Change.Withhold();
      case "ThisPeOnly" -> new Interference.Change.ThisPeOnly();
      case "OtherVmid" -> new Interference.Change.OtherVmid(json.small("vmid"));
      case "OtherShift" -> new Interference.Change.OtherShift(json.small("shift"));
      case "Stage2Only" -> new Interference.Change.Stage2Only();
      default ->
          throw new IllegalArgumentException("'tlbi' is '" + json.text("tlbi") + "', no change");
    };
  }
}
